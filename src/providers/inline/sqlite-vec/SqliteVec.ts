/** `inline::sqlite-vec`: vectors and words in one SQLite file of this machine. */
import { Layer, Schema } from "effect"
import * as SqliteVectorIndex from "../../../apis/vector-io/SqliteVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

const ofLlamaStack = Schema.optionalKey(
  Schema.JsonObject.annotate({ description: "Taken as Llama Stack has it, and without effect: see db_path." }).pipe(
    FieldPrompt.annotate({ prompt: "Where Llama Stack keeps it (without effect)" })
  )
)

export const Config = Schema.Struct({
  db_path: SqliteVectorIndex.dbPath,
  kvstore: ofLlamaStack,
  persistence: ofLlamaStack
})
export type Config = typeof Config.Type

const options = {
  api: VectorIoApi,
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  layer: (config: Config, { provider_id }: { readonly provider_id: string }) =>
    Layer.effect(VectorIndex, SqliteVectorIndex.make(config, provider_id))
} as const

export const SqliteVec = Provider.make({
  ...options,
  type: "inline::sqlite-vec",
  displayName: "Vectors in a file (sqlite-vec)",
  description:
    "Keeps vectors and words in a SQLite file of this machine, and searches all of them: exact, and filtered.",
  status: { status: "proven", against: "sqlite-vec and FTS5 in Node's SQLite, in the tests" }
})

/** Llama Stack's name for vectors in the process: the same index, under the name that configurations have. */
export const Faiss = Provider.make({
  ...options,
  type: "inline::faiss",
  displayName: "Vectors in a file (as faiss)",
  description: "Takes configurations of Llama Stack: it is inline::sqlite-vec, and reads no index of faiss.",
  deprecated: { warning: "inline::faiss is inline::sqlite-vec here: name that, and send the files again" },
  status: { status: "proven", against: "sqlite-vec and FTS5 in Node's SQLite, in the tests" }
})
