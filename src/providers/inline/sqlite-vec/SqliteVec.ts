/** `inline::sqlite-vec`: vectors and words in one SQLite file of this machine. */
import { Effect, Layer, Schema } from "effect"
import { mkdirSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import { CurrentDataFolder } from "../../../kernel/provider/DataFolder.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import { VectorIndexFailed } from "../../../kernel/vectors/VectorIndexFailed.ts"
import type { Question } from "./VectorMessages.ts"
import * as VectorThread from "./VectorThread.ts"

const ofLlamaStack = Schema.optionalKey(
  Schema.JsonObject.annotate({ description: "Taken as Llama Stack has it, and without effect: see db_path." }).pipe(
    FieldPrompt.annotate({ prompt: "Where Llama Stack keeps it (without effect)" })
  )
)

export const Config = Schema.Struct({
  db_path: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "The file of the vectors, relative to where Strata is started; made when it is missing. Default: " +
        "vectors.db in the data folder."
    }).pipe(FieldPrompt.annotate({ prompt: "File of the vectors (empty: in the data folder)" }))
  ),
  kvstore: ofLlamaStack,
  persistence: ofLlamaStack
})
export type Config = typeof Config.Type

const folderMode = 0o700

/** `start`: the thread that has the file. */
export const make = Effect.fnUntraced(function*(
  { db_path }: Pick<Config, "db_path">,
  provider: string,
  start?: VectorThread.Options["start"]
) {
  const file = resolve(db_path ?? join(yield* CurrentDataFolder, "vectors.db"))
  const thread = yield* VectorThread.make({ provider, file, ...start === undefined ? {} : { start } })
  const folder = yield* Effect.cached(Effect.try({
    try: () => void mkdirSync(dirname(file), { recursive: true, mode: folderMode }),
    catch: (cause) => new VectorIndexFailed({ provider, reason: "failed", detail: String(cause) })
  }))
  const ask = (question: Question) => Effect.andThen(folder, thread.ask(question))
  const chunks = (question: Question) => Effect.map(ask(question), (answer) => answer.chunks)
  return VectorIndex.of({
    create: (collection) => Effect.asVoid(ask({ method: "create", collection })),
    drop: (name) => Effect.asVoid(ask({ method: "drop", name })),
    upsert: (name, chunks) => Effect.asVoid(ask({ method: "upsert", name, chunks })),
    removeSource: (name, source) => Effect.asVoid(ask({ method: "removeSource", name, source })),
    setAttributes: (name, source, attributes) =>
      Effect.asVoid(ask({ method: "setAttributes", name, source, attributes })),
    list: (name, source, options) => chunks({ method: "list", name, source, ...options }),
    count: (name, source) => Effect.map(ask({ method: "count", name, source }), ({ count }) => count),
    searchByVector: (name, vector, options) => chunks({ method: "searchByVector", name, vector, ...options }),
    searchByWords: (name, words, options) => chunks({ method: "searchByWords", name, words, ...options }),
    // Nothing is loaded before somebody asks.
    health: folder
  })
})

const options = {
  api: VectorIoApi,
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  layer: (config: Config, { provider_id }: { readonly provider_id: string }) =>
    Layer.effect(VectorIndex, make(config, provider_id))
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
