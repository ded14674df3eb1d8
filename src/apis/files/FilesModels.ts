/** Files and uploads as OpenAI's dialect shows them. */
import { Effect, Schema } from "effect"
import { count, listOf } from "../../kernel/http/Pagination.ts"

const purposes = [
  "assistants",
  "assistants_output",
  "batch",
  "batch_output",
  "fine-tune",
  "fine-tune-results",
  "vision",
  "user_data",
  "evals"
] as const

export const FilePurpose = Schema.Literals(purposes).annotate({
  description:
    "What it is for. assistants: to be searched and read by models; batch: requests of a batch; user_data: " +
    "anything; vision: images; fine-tune, evals: sets of data.",
  examples: ["assistants"]
})
export type FilePurpose = typeof FilePurpose.Type

export const FileId = Schema.String.annotate({ description: "The file's.", examples: ["file-0f1e2d"] })

const seconds = (description: string) =>
  Schema.Int.annotate({ description: `${description}, seconds since 1970.`, examples: [1764000000] })

export const File = Schema.Struct({
  id: FileId,
  object: Schema.Literal("file").annotate({ description: "What it is.", examples: ["file"] }),
  bytes: Schema.Int.annotate({ description: "How long it is.", examples: [1024] }),
  created_at: seconds("When it was stored"),
  expires_at: Schema.NullOr(Schema.Int).annotate({
    description: "When it is deleted, seconds since 1970. Null: when somebody deletes it.",
    examples: [1766592000]
  }),
  filename: Schema.String.annotate({ description: "As the client calls it.", examples: ["notes.pdf"] }),
  purpose: FilePurpose,
  status: Schema.Literals(["processed"]).annotate({
    description: "It is there, all of it. Kept for clients that ask; OpenAI deprecates it.",
    examples: ["processed"]
  })
}).annotate({ identifier: "File", description: "A file that is kept here." })
export type File = typeof File.Type

export const FileList = listOf(File).annotate({ identifier: "FileList" })

export const DeletedFile = Schema.Struct({
  id: FileId,
  object: Schema.Literal("file"),
  deleted: Schema.Literal(true).annotate({ description: "It is gone.", examples: [true] })
}).annotate({ identifier: "DeletedFile" })

export const FilesQuery = Schema.Struct({
  purpose: Schema.optionalKey(FilePurpose),
  after: Schema.optionalKey(Schema.String).annotate({
    description: "`last_id` of the page before.",
    examples: ["file-0f1e2d"]
  }),
  order: Schema.Literals(["asc", "desc"]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("desc" as const))).annotate(
    {
      description: "By the time they were stored: desc, the newest first, or asc. Default desc."
    }
  ),
  limit: count({ default: 1000, maximum: 10_000, description: "Files on a page." })
})
export type FilesQuery = typeof FilesQuery.Type

const shortest = 3600
const longest = 2_592_000

export const ExpiresAfter = Schema.Struct({
  anchor: Schema.Literal("created_at").annotate({
    description: "From when on the time counts.",
    examples: ["created_at"]
  }),
  seconds: Schema.Int.check(Schema.isBetween({ minimum: shortest, maximum: longest })).annotate({
    description: "How long it is kept: an hour to 30 days.",
    examples: [86_400]
  })
}).annotate({ identifier: "FileExpiresAfter", description: "When a file is deleted of itself." })
export type ExpiresAfter = typeof ExpiresAfter.Type

/** What the parts of a form say besides the file. */
export const UploadFields = Schema.Struct({
  purpose: FilePurpose,
  expires_after: Schema.optionalKey(ExpiresAfter)
})
export type UploadFields = typeof UploadFields.Type

/** For the document: a form is read as it comes. */
export const FileForm = Schema.Struct({
  ...UploadFields.fields,
  file: Schema.Uint8Array.annotate({ description: "The file, with its name." })
}).annotate({ identifier: "FileForm", description: "A form with the file and what it is for." })

export const PartForm = Schema.Struct({
  data: Schema.Uint8Array.annotate({ description: "The bytes of this part: 64 MiB at most." })
}).annotate({ identifier: "UploadPartForm", description: "A form with a part of a file." })

export const UploadPart = Schema.Struct({
  id: Schema.String.annotate({ description: "The part's.", examples: ["part_0f1e2d"] }),
  object: Schema.Literal("upload.part"),
  created_at: seconds("When it was stored"),
  upload_id: Schema.String.annotate({ description: "The upload it is a part of.", examples: ["upload_0f1e2d"] })
}).annotate({ identifier: "UploadPart" })
export type UploadPart = typeof UploadPart.Type

export const UploadStatus = Schema.Literals(["pending", "completed", "cancelled", "expired"]).annotate({
  description: "pending: it takes parts; completed: it is a file now; cancelled, expired: it never becomes one."
})

export const Upload = Schema.Struct({
  id: Schema.String.annotate({ description: "The upload's.", examples: ["upload_0f1e2d"] }),
  object: Schema.Literal("upload"),
  bytes: Schema.Int.annotate({ description: "How long the file is to be.", examples: [2_147_483_648] }),
  created_at: seconds("When it began"),
  expires_at: seconds("When it ends of itself: an hour after it began"),
  filename: Schema.String.annotate({ description: "As the client calls the file.", examples: ["notes.pdf"] }),
  purpose: FilePurpose,
  status: UploadStatus,
  file: Schema.NullOr(File).annotate({ description: "The file, once the upload is completed." })
}).annotate({ identifier: "Upload", description: "A file that comes in parts." })
export type Upload = typeof Upload.Type

export const CreateUpload = Schema.Struct({
  filename: Schema.NonEmptyString.annotate({ description: "As the client calls the file.", examples: ["notes.pdf"] }),
  purpose: FilePurpose,
  bytes: Schema.Int.check(Schema.isGreaterThan(0)).annotate({
    description: "How long all parts are together.",
    examples: [2_147_483_648]
  }),
  mime_type: Schema.NonEmptyString.annotate({ description: "What it holds.", examples: ["application/pdf"] }),
  expires_after: Schema.optionalKey(ExpiresAfter)
}).annotate({ identifier: "CreateUpload" })
export type CreateUpload = typeof CreateUpload.Type

export const maxParts = 10_000

export const CompleteUpload = Schema.Struct({
  part_ids: Schema.NonEmptyArray(Schema.String).check(
    Schema.isMaxLength(maxParts, { expected: `at most ${maxParts} parts` })
  ).annotate({
    description: `The parts in the order in which they make the file: at most ${maxParts}.`,
    examples: [["part_1", "part_2"]]
  }),
  md5: Schema.optionalKey(Schema.String).annotate({
    description: "Of the whole file, in hexadecimal: where it differs, nothing is stored.",
    examples: ["9e107d9d372bb6826bd81d3542a419d6"]
  })
}).annotate({ identifier: "CompleteUpload" })
export type CompleteUpload = typeof CompleteUpload.Type

export const FileParams = { file_id: FileId }
export const UploadParams = { upload_id: Upload.fields.id }
