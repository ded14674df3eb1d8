/** Files and uploads as documents: each the fold of its stream. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
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

const Part = Schema.Struct({
  part_id: Schema.String,
  bytes: Schema.Int,
  created_at: Schema.Int,
  reference: Schema.optionalKey(Schema.String)
})

export const KeptUpload = Schema.Struct({
  upload: Upload,
  provider_id: Schema.String,
  mime_type: Schema.String,
  expires_after_seconds: Schema.NullOr(Schema.Int),
  parts: Schema.Array(Part)
})
export type KeptUpload = typeof KeptUpload.Type

const decodeUpload = Schema.decodeUnknownSync(Schema.Struct(FilesEvents.UploadBegun.payload.fields))
const decodePart = Schema.decodeUnknownSync(Part)
const decodeEnd = Schema.decodeUnknownSync(FilesEvents.UploadEnded.payload)

export const UploadKind = DocumentKind.make<KeptUpload>({
  type: "upload",
  prefix: "upload_",
  table: "uploads",
  description: "Files that come in parts.",
  value: KeptUpload,
  created: FilesEvents.UploadBegun,
  events: [FilesEvents.PartAdded, FilesEvents.UploadEnded],
  evolve: (kept, event) => {
    if (event.type === FilesEvents.UploadBegun.type) {
      const { expires_after_seconds, mime_type, provider_id, upload } = decodeUpload(payloadOf(event))
      return { upload, provider_id, mime_type, expires_after_seconds, parts: [] }
    }
    if (kept === undefined) return undefined
    if (event.type === FilesEvents.PartAdded.type) {
      return { ...kept, parts: [...kept.parts, decodePart(payloadOf(event))] }
    }
    if (event.type !== FilesEvents.UploadEnded.type) return kept
    return { ...kept, upload: { ...kept.upload, ...decodeEnd(payloadOf(event)) }, parts: [] }
  },
  index: { pending_until: ({ upload }) => upload.status === "pending" ? upload.expires_at : null }
})
