/** An index in one SQLite file of this machine, for providers that have one. */
import { Effect, Schema } from "effect"
import { mkdirSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { CurrentDataFolder } from "../../kernel/provider/DataFolder.ts"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import type { Question } from "../../kernel/vectors/sqlite/VectorMessages.ts"
import * as VectorThread from "../../kernel/vectors/sqlite/VectorThread.ts"
import { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import { VectorIndex } from "./VectorIndex.ts"

/** The field of a configuration. */
export const dbPath = Schema.optionalKey(
  Schema.NonEmptyString.annotate({
    description: "The file of the vectors, relative to where Strata is started; made when it is missing. Default: " +
      "vectors.db in the data folder."
  }).pipe(FieldPrompt.annotate({ prompt: "File of the vectors (empty: in the data folder)" }))
)

const folderMode = 0o700

/** `start`: the thread that has the file. */
export const make = Effect.fnUntraced(function*(
  { db_path }: { readonly db_path?: string | undefined },
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
