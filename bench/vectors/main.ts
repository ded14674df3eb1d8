/**
 * Vector search beside the library called bare, in one run: `node bench/vectors/main.ts [chunks] [dimensions]`.
 * `inline::sqlite-vec` answers from its thread, with texts, attributes and a score; bare, sqlite-vec gives row ids.
 */
// @effect-diagnostics *:off
import { Context, Effect, Layer } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { DatabaseSync } from "node:sqlite"
import { setInterval } from "node:timers"
import { load } from "sqlite-vec"
import { VectorIndex } from "../../src/apis/vector-io/VectorIndex.ts"
import { CurrentDataFolder } from "../../src/kernel/provider/DataFolder.ts"
import type { EmbeddedChunk } from "../../src/kernel/vectors/VectorChunk.ts"
import { SqliteVec } from "../../src/providers/inline/sqlite-vec/SqliteVec.ts"
import { Usearch } from "../../src/providers/inline/usearch/Usearch.ts"

const [chunks = 100_000, dimensions = 512] = process.argv.slice(2).map(Number)
const batch = 500
const queries = 40
const limit = 10

/** The same numbers in each run. */
const random = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296
  return seed / 4_294_967_296 - 0.5
}

const next = random(1)

/** As texts about so many subjects have them: near one of some directions. */
const subjects = Array.from({ length: 200 }, () => Float32Array.from({ length: dimensions }, next))
const spread = 0.6
const vectorOf = () => subjects[Math.floor((next() + 0.5) * subjects.length)]!.map((value) => value + spread * next())

const chunkOf = (at: number): EmbeddedChunk => ({
  id: `file-${Math.floor(at / 100)}-${at % 100}`,
  source: `file-${Math.floor(at / 100)}`,
  index: at % 100,
  text: `Chunk ${at} is about ${at % 977} and ${at % 89}. `.repeat(8),
  attributes: { year: at % 20, odd: at % 2 === 1 },
  metadata: { filename: "a.txt" },
  vector: vectorOf()
})

const median = (times: ReadonlyArray<number>) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6)

const timed = async (run: () => Promise<unknown> | unknown) => {
  const times: Array<number> = []
  for (let at = 0; at < queries; at++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  return median(times)
}

const bareOf = (folder: string) => {
  const database = new DatabaseSync(join(folder, "bare.db"), { allowExtension: true })
  load(database)
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
  database.exec(`CREATE VIRTUAL TABLE v USING vec0 (embedding float[${dimensions}] distance_metric=cosine)`)
  const insert = database.prepare("INSERT INTO v (rowid, embedding) VALUES (?, ?)")
  const search = database.prepare("SELECT rowid, distance FROM v WHERE embedding MATCH ? AND k = ?")
  const bytes = (vector: Float32Array) => new Uint8Array(vector.buffer)
  return {
    insert: (vectors: ReadonlyArray<Float32Array>, from: number) => {
      database.exec("BEGIN")
      for (const [at, vector] of vectors.entries()) insert.run(BigInt(from + at + 1), bytes(vector))
      database.exec("COMMIT")
    },
    search: (vector: Float32Array) => search.all(bytes(vector), limit),
    close: () => database.close()
  }
}

/** The thread of the database keeps no process alive. */
const alive = setInterval(() => {}, 1000)

const folder = mkdtempSync(join(tmpdir(), "strata-vectors-"))

const program = Effect.gen(function*() {
  const context = yield* Layer.build(SqliteVec.layer({}, { provider_id: "vectors" } as never))
  const index = Context.get(context, VectorIndex)
  const before = megabytes()
  const bare = bareOf(folder)
  let own = 0
  let bareInsert = 0
  yield* index.create({ name: "vs_bench", dimensions })
  for (let at = 0; at < chunks; at += batch) {
    const some = Array.from({ length: Math.min(batch, chunks - at) }, (_, each) => chunkOf(at + each))
    let start = performance.now()
    bare.insert(some.map(({ vector }) => vector), at)
    bareInsert += performance.now() - start
    start = performance.now()
    yield* index.upsert("vs_bench", some)
    own += performance.now() - start
  }
  const options = { limit, withVectors: false }
  const ask = (run: () => Promise<unknown> | unknown) => Effect.promise(() => timed(run))
  const bareSearch = yield* ask(() => bare.search(vectorOf()))
  const year = { type: "eq", key: "year", value: 3 } as const
  const search = yield* ask(() =>
    Effect.runPromise(index.searchByVector("vs_bench", vectorOf(), { ...options, filter: undefined }))
  )
  const filtered = yield* ask(() =>
    Effect.runPromise(index.searchByVector("vs_bench", vectorOf(), { ...options, filter: year }))
  )
  const words = yield* ask(() =>
    Effect.runPromise(index.searchByWords!("vs_bench", ["976", "88"], { ...options, filter: undefined }))
  )
  bare.close()

  const questions = Array.from({ length: queries }, vectorOf)
  const exact = yield* Effect.forEach(
    questions,
    (question) => index.searchByVector("vs_bench", question, { ...options, filter: undefined })
  )
  const approximate = Context.get(
    yield* Layer.build(Usearch.layer({}, { provider_id: "vectors" } as never)),
    VectorIndex
  )
  const begun = performance.now()
  yield* approximate.searchByVector("vs_bench", vectorOf(), { ...options, filter: undefined })
  const built = performance.now() - begun
  const near = yield* ask(() =>
    Effect.runPromise(approximate.searchByVector("vs_bench", vectorOf(), { ...options, filter: undefined }))
  )
  const nearFiltered = yield* ask(() =>
    Effect.runPromise(approximate.searchByVector("vs_bench", vectorOf(), { ...options, filter: year }))
  )
  let hits = 0
  for (const [at, question] of questions.entries()) {
    const found = yield* approximate.searchByVector("vs_bench", question, { ...options, filter: undefined })
    const ids = new Set(found.map(({ id }) => id))
    hits += exact[at]!.filter(({ id }) => ids.has(id)).length
  }
  const line = (name: string, value: number, beside: number) =>
    process.stdout.write(`${name.padEnd(28)} ${value.toFixed(1).padStart(9)} ms   x${(value / beside).toFixed(2)}\n`)
  process.stdout.write(`${chunks} chunks of ${dimensions}: memory ${before} -> ${megabytes()} MB\n`)
  line("bare: insert all", bareInsert, bareInsert)
  line("inline::sqlite-vec: upsert", own, bareInsert)
  line("bare: p50 of a search", bareSearch, bareSearch)
  line("p50 of a search", search, bareSearch)
  line("p50 with a filter (1 of 20)", filtered, bareSearch)
  line("p50 by words", words, bareSearch)
  line("inline::usearch: made of rows", built, bareInsert)
  line("p50 of a search", near, bareSearch)
  line("p50 with a filter (1 of 20)", nearFiltered, bareSearch)
  process.stdout.write(`recall@${limit} beside the exact search: ${(hits / (queries * limit)).toFixed(3)}\n`)
})

await Effect.runPromise(
  Effect.scoped(program).pipe(Effect.provideService(CurrentDataFolder, folder)) as Effect.Effect<void, never>
).finally(() => {
  clearInterval(alive)
  rmSync(folder, { recursive: true, force: true })
})
