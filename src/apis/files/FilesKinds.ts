/** Files and uploads as documents: each the fold of its stream. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as FilesEvents from "./FilesEvents.ts"
import { File, Upload } from "./FilesModels.ts"

export const KeptFile = Schema.Struct({
  file: File,
  provider_id: Schema.String,
  sha256: Schema.String,
  content_type: Schema.String,
  reference: Schema.optionalKey(Schema.String)
})
export type KeptFile = typeof KeptFile.Type

const decodeFile = Schema.decodeUnknownSync(KeptFile)

export const FileKind = DocumentKind.make<KeptFile>({
  type: "file",
  prefix: "file-",
  table: "files",
  description: "The files that are kept.",
  value: KeptFile,
  created: FilesEvents.Created,
  events: [FilesEvents.Deleted],
  evolve: (_, event) => event.type === FilesEvents.Created.type ? decodeFile(payloadOf(event)) : undefined,
  index: {
    purpose: ({ file }) => file.purpose,
    expires: ({ file }) => file.expires_at
  }
})

const UploadPart = Schema.Struct({
  part_id: Schema.String,
  bytes: Schema.Int,
  created_at: Schema.Int,
  reference: Schema.optionalKey(Schema.String)
})

export type Part = typeof UploadPart.Type

export const KeptUpload = Schema.Struct({
  upload: Upload,
  provider_id: Schema.String,
  mime_type: Schema.String,
  expires_after_seconds: Schema.NullOr(Schema.Int),
  /** How many have come. */
  part_count: Schema.Int
})
export type KeptUpload = typeof KeptUpload.Type

const decodeUpload = Schema.decodeUnknownSync(Schema.Struct(FilesEvents.UploadBegun.payload.fields))
const decodePart = Schema.decodeUnknownSync(UploadPart)
const decodeEnd = Schema.decodeUnknownSync(FilesEvents.UploadEnded.payload)

export const UploadKind = DocumentKind.make<KeptUpload>({
  type: "upload",
  prefix: "upload_",
  table: "uploads",
  description: "Files that come in parts.",
  version: 2,
  value: KeptUpload,
  created: FilesEvents.UploadBegun,
  events: [FilesEvents.PartAdded, FilesEvents.UploadEnded],
  evolve: (kept, event) => {
    if (event.type === FilesEvents.UploadBegun.type) {
      const { expires_after_seconds, mime_type, provider_id, upload } = decodeUpload(payloadOf(event))
      return { upload, provider_id, mime_type, expires_after_seconds, part_count: 0 }
    }
    if (kept === undefined) return undefined
    if (event.type === FilesEvents.PartAdded.type) {
      return { ...kept, part_count: kept.part_count + 1 }
    }
    if (event.type !== FilesEvents.UploadEnded.type) return kept
    return { ...kept, upload: { ...kept.upload, ...decodeEnd(payloadOf(event)) } }
  },
  index: { pending_until: ({ upload }) => upload.status === "pending" ? upload.expires_at : null }
})

/** Each is a row of its own: that of its upload is written again with every one. */
export const UploadParts = DocumentParts.make<KeptUpload, Part>(UploadKind, {
  type: "upload_part",
  table: "upload_parts",
  description: "The parts of files that come in parts.",
  value: UploadPart,
  added: [FilesEvents.PartAdded],
  events: [],
  partOf: (event) => event.type === FilesEvents.PartAdded.type ? decodePart(payloadOf(event)).part_id : undefined,
  evolve: (kept, event) => event.type === FilesEvents.PartAdded.type ? decodePart(payloadOf(event)) : kept
})
