/** What becomes of files and uploads: of the content they say how long it is, and its digest. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { File, Upload } from "./FilesModels.ts"

const owner = Schema.NullOr(Principal).annotate({ description: "Who stored it. Null: nobody known." })

export const Created = Event.define("file:created", {
  durability: "state",
  description: "A file was stored; its content stands with its provider, under the file's id.",
  payload: Schema.Struct({
    file: File,
    provider_id: Schema.String.annotate({ description: "Who keeps the content." }),
    sha256: Schema.String.annotate({ description: "Of the content, in hexadecimal." }),
    content_type: Schema.String.annotate({ description: "As the client says, or application/octet-stream." }),
    reference: Schema.optionalKey(Schema.String).annotate({
      description: "What its provider calls it, where that makes names of its own."
    }),
    owner
  })
})

export const Deleted = Event.define("file:deleted", {
  durability: "state",
  description: "A file was deleted, its content first.",
  payload: Schema.Struct({
    file_id: Schema.String,
    reason: Schema.Literals(["requested", "expired"])
  })
})

export const Given = Event.define("file:given", {
  durability: "state",
  description: "A request to a model names a file: what it holds stands in its place.",
  payload: Schema.Struct({
    file_id: Schema.String.annotate({ description: "The file's." }),
    filename: Schema.String.annotate({
      description: "Its name; empty where it was not read.",
      examples: ["notes.txt"]
    }),
    media_type: Schema.String.annotate({ description: "What it is.", examples: ["text/plain"] }),
    bytes: Schema.Int.annotate({ description: "How long it is." }),
    data: Schema.NullOr(Schema.String).annotate({ description: "What it holds, in base64. Null: it was not read." }),
    reason: Schema.NullOr(Schema.Literals(["not_found", "too_large", "not_served", "unreadable"])).annotate({
      description: "Why it was not read. Null: it was."
    })
  })
})

export const UploadBegun = Event.define("upload:created", {
  durability: "state",
  description: "A file is to come in parts.",
  payload: Schema.Struct({
    upload: Upload,
    provider_id: Schema.String,
    mime_type: Schema.String,
    expires_after_seconds: Schema.NullOr(Schema.Int).annotate({
      description: "How long the file is kept. Null: for good."
    }),
    owner
  })
})

export const PartAdded = Event.define("upload:part_added", {
  durability: "state",
  description: "A part of the file was stored.",
  payload: Schema.Struct({
    part_id: Schema.String,
    bytes: Schema.Int,
    created_at: Schema.Int,
    reference: Schema.optionalKey(Schema.String).annotate({ description: "What its provider calls the part." })
  })
})

export const UploadEnded = Event.define("upload:ended", {
  durability: "state",
  description: "An upload is a file now, or never becomes one: its parts are gone.",
  payload: Schema.Struct({
    status: Schema.Literals(["completed", "cancelled", "expired"]),
    file: Schema.NullOr(File)
  })
})
