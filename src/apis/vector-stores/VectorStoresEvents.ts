/** What becomes of vector stores and their files: of the chunks they say how many there are, and not what they say. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { ChunkingStrategy } from "../../kernel/text/ChunkingStrategy.ts"
import { FileAttributes, FileStatus, LastError } from "./VectorStoreFilesModels.ts"
import { ExpiresAfter } from "./VectorStoresModels.ts"

const owner = Schema.NullOr(Principal).annotate({ description: "Whose it is. Null: nobody known." })
const vector_store_id = Schema.String.annotate({ description: "The store." })
const seconds = (description: string) => Schema.Int.annotate({ description: `${description}, seconds since 1970.` })

const StoreFields = Schema.Struct({
  id: vector_store_id,
  name: Schema.String,
  description: Schema.optionalKey(Schema.String),
  created_at: seconds("When it was made"),
  metadata: Metadata,
  expires_after: Schema.NullOr(ExpiresAfter),
  last_active_at: seconds("When it was last used"),
  provider_id: Schema.String.annotate({ description: "Who keeps its vectors." }),
  collection: Schema.optionalKey(Schema.String).annotate({
    description: "What the provider calls it, where a client chose the id: another may choose the same. Absent: its id."
  }),
  embedding_model: Schema.String.annotate({ description: "What makes vectors of its texts." }),
  embedding_dimension: Schema.NullOr(Schema.Int).annotate({
    description: "How many numbers its model is asked for. Null: as it has them."
  })
})

export const Expired = Event.define("vector_store:expired", {
  durability: "state",
  description: "Nobody has used the store for as long as it said: it can be searched no more. Its files stay listed.",
  payload: Schema.Struct({
    chunks_removed: Schema.Boolean.annotate({ description: "False: they are being removed; true: they are gone." })
  })
})

export const KeptStore = Schema.Struct({
  ...StoreFields.fields,
  /** How far it is with that; absent: it has not expired, or nobody has looked yet. */
  expired: Schema.optionalKey(Expired.payload)
})
export type KeptStore = typeof KeptStore.Type

export const Created = Event.define("vector_store:created", {
  durability: "state",
  description: "A vector store was made; its chunks stand with its provider.",
  payload: Schema.Struct({ ...StoreFields.fields, owner })
})

export const Updated = Event.define("vector_store:updated", {
  durability: "state",
  description: "Its name, its metadata or its expiry is another one: what is named.",
  payload: Schema.Struct({
    name: Schema.optionalKey(Schema.String),
    metadata: Schema.optionalKey(Metadata),
    expires_after: Schema.optionalKey(Schema.NullOr(ExpiresAfter)),
    last_active_at: seconds("When that was")
  })
})

export const Used = Event.define("vector_store:used", {
  durability: "state",
  description: "A store that expires was searched: said once an hour at most.",
  payload: Schema.Struct({ last_active_at: seconds("When that was") })
})

export const Deleted = Event.define("vector_store:deleted", {
  durability: "state",
  description: "The store was deleted, its chunks first.",
  payload: Schema.Struct({ vector_store_id })
})

/** Of the tables that count files by their stores and batches. */
const about = {
  vector_store_id,
  batch_id: Schema.NullOr(Schema.String).annotate({ description: "The batch it came with; null: none." })
}

export const FileAttached = Event.define("vector_store_file:attached", {
  durability: "state",
  description: "A file is to be read into a vector store.",
  payload: Schema.Struct({
    ...about,
    file_id: Schema.String,
    filename: Schema.String,
    attributes: FileAttributes,
    chunking_strategy: ChunkingStrategy,
    created_at: seconds("When it was attached")
  })
})

export const FileUpdated = Event.define("vector_store_file:updated", {
  durability: "state",
  description: "The attributes of its chunks are others.",
  payload: Schema.Struct({ attributes: FileAttributes })
})

export const FileEnded = Event.define("vector_store_file:ended", {
  durability: "state",
  description: "A file can be searched now, or it never will.",
  payload: Schema.Struct({
    ...about,
    status: FileStatus,
    usage_bytes: Schema.Int.annotate({ description: "Its texts and vectors." }),
    chunk_count: Schema.Int,
    last_error: Schema.NullOr(LastError)
  })
})

export const FileDetached = Event.define("vector_store_file:detached", {
  durability: "state",
  description: "A file was taken out of its store, its chunks first.",
  payload: Schema.Struct({
    ...about,
    status: FileStatus.annotate({ description: "How far it was." }),
    usage_bytes: Schema.Int.annotate({ description: "What it had." }),
    reason: Schema.Literals(["requested", "file_deleted", "store_deleted", "replaced"])
  })
})

export const BatchCreated = Event.define("vector_store_file_batch:created", {
  durability: "state",
  description: "Files are attached together.",
  payload: Schema.Struct({
    batch_id: Schema.String,
    vector_store_id,
    file_ids: Schema.Array(Schema.String),
    created_at: seconds("When that was")
  })
})

export const BatchCancelled = Event.define("vector_store_file_batch:cancelled", {
  durability: "state",
  description: "What of its files is not read yet is not read any more.",
  payload: Schema.Struct({ batch_id: Schema.String })
})
