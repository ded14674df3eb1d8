/** A `ChunkStore` as a `VectorIndex`: names, lengths of vectors, filters and order, the same for all of them. */
import { Effect } from "effect"
import { addAll } from "../../events/types/AddAll.ts"
import * as EmbeddingVector from "../../kernel/embeddings/EmbeddingVector.ts"
import * as FilterTags from "../../kernel/vectors/FilterTags.ts"
import { ranked } from "../../kernel/vectors/Fusion.ts"
import type { StoredHit } from "../../kernel/vectors/StoredChunk.ts"
import { scoredOf, sourceKeyOf, storedOf } from "../../kernel/vectors/StoredChunk.ts"
import type { EmbeddedChunk, ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import type { ChunkStore, StoreSearch } from "./ChunkStore.ts"
import type { SearchOptions } from "./VectorIndex.ts"
import { VectorIndex } from "./VectorIndex.ts"

const validName = /^\w{1,120}$/

/** Chunks that are sent at once: few megabytes, whatever the model. */
const batch = 100

/** Chunks of a source that are changed at once. */
const changedAtOnce = 256

const nothing: ReadonlyArray<ScoredChunk> = []

export const make = (store: ChunkStore, provider: string): VectorIndex["Service"] => {
  const failed = (reason: VectorIndexFailed["reason"], detail: string) =>
    new VectorIndexFailed({ provider, reason, detail })

  const dimensionsOf = (name: string) =>
    validName.test(name)
      ? store.dimensions(name)
      : Effect.fail(failed("rejected", `${JSON.stringify(name)} is no name of a collection`))

  /** Of a collection that is not there: what it would be of an empty one. */
  const within = <A>(name: string, none: A, run: (dimensions: number) => Effect.Effect<A, VectorIndexFailed>) =>
    Effect.flatMap(
      dimensionsOf(name),
      (dimensions): Effect.Effect<A, VectorIndexFailed> =>
        dimensions === undefined ? Effect.succeed(none) : run(dimensions)
    )

  const check = (kept: number, dimensions: number) =>
    kept === dimensions ? Effect.void : Effect.fail(
      failed(
        "rejected",
        `its vectors have ${kept} numbers, and ${dimensions} came: use the model that it was made with`
      )
    )

  const chunksOf = (hits: ReadonlyArray<StoredHit>) =>
    Effect.mapError(
      Effect.forEach(hits, scoredOf),
      ({ message }) => failed("failed", `what it keeps is none of Strata's chunks: ${message}`)
    )

  const storeSearch = (
    { filter, limit, withVectors }: SearchOptions
  ): Effect.Effect<StoreSearch, VectorIndexFailed> => {
    const condition = filter === undefined ? undefined : FilterTags.simplified(FilterTags.conditionOf(filter))
    return condition !== undefined && !store.ordersTexts && FilterTags.ordersTexts(condition)
      ? Effect.fail(failed("unsupported", "its filters order numbers alone: compare texts with eq, ne, in or nin"))
      : Effect.succeed({ condition, limit, withVectors })
  }

  const put = (name: string, chunks: Iterable<EmbeddedChunk>) => {
    // Of two with the same id the last one counts.
    const all = [...new Map([...chunks].map((chunk) => [chunk.id, chunk])).values()]
    const batches = Array.from(
      { length: Math.ceil(all.length / batch) },
      (_, at) => all.slice(at * batch, (at + 1) * batch)
    )
    return Effect.forEach(batches, (each) => store.put(name, each.map(storedOf)), { discard: true })
  }

  /** Products give rows in no order: they are asked for the places one after the other, ever more where none are. */
  const listed = (name: string, source: string, { from, limit, withVectors }: {
    readonly from: number
    readonly limit: number
    readonly withVectors: boolean
  }) =>
    Effect.gen(function*() {
      const key = sourceKeyOf(source)
      const total = yield* store.count(name, { source: key, from })
      const chunks: Array<ScoredChunk> = []
      let next = from
      let width = limit
      while (chunks.length < Math.min(limit, total)) {
        const places = { source: key, from: next, ...Number.isSafeInteger(next + width) ? { to: next + width } : {} }
        const hits = yield* chunksOf(yield* store.list(name, places, withVectors))
        addAll(chunks, hits.map((chunk) => ({ ...chunk, score: 0 })))
        if (!("to" in places)) break
        next = places.to
        if (hits.length < width / 2) width *= 4
      }
      return chunks.toSorted((a, b) => a.index - b.index || (a.id < b.id ? -1 : 1))
    })

  const embedded = (chunk: ScoredChunk): EmbeddedChunk => ({
    ...chunk,
    vector: EmbeddingVector.fromBase64(chunk.vector ?? "") ?? new Float32Array()
  })

  const setAttributes = (name: string, source: string, attributes: ScoredChunk["attributes"]) =>
    Effect.gen(function*() {
      let from = 0
      for (;;) {
        // All that share the last place come together.
        const chunks = yield* listed(name, source, { from, limit: changedAtOnce, withVectors: true })
        const last = chunks.at(-1)
        if (last === undefined) return
        yield* put(name, chunks.map((chunk) => ({ ...embedded(chunk), attributes })))
        from = last.index + 1
      }
    })

  const searched = (
    options: SearchOptions,
    search: (search: StoreSearch) => Effect.Effect<ReadonlyArray<StoredHit>, VectorIndexFailed>
  ) =>
    Effect.flatMap(storeSearch(options), search).pipe(
      Effect.flatMap(chunksOf),
      Effect.map((chunks) => ranked(chunks).slice(0, options.limit))
    )

  return VectorIndex.of({
    health: Effect.mapError(store.ping, ({ message }) => ({ message })),
    create: ({ dimensions, name }) =>
      Effect.gen(function*() {
        if ((yield* dimensionsOf(name)) === undefined) {
          // Another server may have made it meanwhile.
          yield* store.create(name, dimensions).pipe(
            Effect.catch((error) =>
              Effect.flatMap(store.dimensions(name), (kept) => kept === undefined ? Effect.fail(error) : Effect.void)
            )
          )
        }
        yield* check((yield* store.dimensions(name)) ?? dimensions, dimensions)
      }),
    drop: (name) => within(name, undefined, () => store.drop(name)),
    upsert: (name, chunks) =>
      within(name, undefined, (dimensions) =>
        Effect.andThen(
          Effect.forEach(chunks, ({ vector }) => check(dimensions, vector.length), { discard: true }),
          put(name, chunks)
        )),
    removeSource: (name, source) => within(name, undefined, () => store.remove(name, sourceKeyOf(source))),
    setAttributes: (name, source, attributes) => within(name, undefined, () => setAttributes(name, source, attributes)),
    list: (name, source, options) =>
      within(name, nothing, () => Effect.map(listed(name, source, options), (all) => all.slice(0, options.limit))),
    count: (name, source) =>
      within(
        name,
        0,
        () => store.count(name, ...source === undefined ? [] : [{ source: sourceKeyOf(source), from: 0 }])
      ),
    searchByVector: (name, vector, options) =>
      within(name, nothing, (dimensions) =>
        Effect.andThen(
          check(dimensions, vector.length),
          searched(options, (search) => store.near(name, vector, search))
        )),
    ...store.words === undefined ? {} : {
      searchByWords: (name, words, options) =>
        within(name, nothing, () => searched(options, (search) => store.words!(name, words, search)))
    }
  })
}
