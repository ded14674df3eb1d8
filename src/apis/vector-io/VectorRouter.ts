/** Asks the provider of a collection, within a recorded call. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as Calls from "../../kernel/calls/Calls.ts"
import * as EmbeddingVector from "../../kernel/embeddings/EmbeddingVector.ts"
import type { Instance } from "../../kernel/provider/Instance.ts"
import { fuse } from "../../kernel/vectors/Fusion.ts"
import type { ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import { wordsOf } from "../../kernel/vectors/Words.ts"
import type { Operation } from "./VectorCalls.ts"
import * as VectorCalls from "./VectorCalls.ts"
import type { VectorIndex } from "./VectorIndex.ts"
import type { Place, VectorIo, VectorIoFailure, VectorSearch } from "./VectorIo.ts"
import { NoVectorIndex } from "./VectorIoErrors.ts"

type Index = VectorIndex["Service"]

const nothing: ReadonlyArray<ScoredChunk> = []

/** Of each of the two of a hybrid search more are asked for than are wanted: what is last in both may be first together. */
const asked = (limit: number) => Math.min(200, limit * 3)

const searched = (provider: string, index: Index, collection: string, search: VectorSearch) =>
  Effect.gen(function*() {
    const { filter, fusion, limit, mode, query, vector, withVectors = false } = search
    const byVector = (most: number) =>
      vector === undefined
        ? Effect.succeed(nothing)
        : index.searchByVector(collection, vector, { limit: most, filter, withVectors })
    if (mode === "vector") return yield* byVector(limit)
    if (index.searchByWords === undefined) {
      const detail = `it searches by vectors alone, and the mode is ${mode}: leave search_mode out`
      return yield* new VectorIndexFailed({ provider, reason: "unsupported", detail })
    }
    const words = wordsOf(query)
    const byWords = (most: number) =>
      words.length === 0
        ? Effect.succeed(nothing)
        : index.searchByWords!(collection, words, { limit: most, filter, withVectors })
    if (mode === "keyword") return yield* byWords(limit)
    const most = asked(limit)
    return fuse(yield* byVector(most), yield* byWords(most), fusion).slice(0, limit)
  })

const inputOf = (
  { filter, fusion, limit, mode, query, vector, withVectors = false }: VectorSearch
): Schema.JsonObject => ({
  mode,
  query,
  limit,
  filter: filter as Schema.Json | undefined ?? null,
  ...mode === "hybrid" ? { fusion } : {},
  ...vector === undefined ? {} : { vector: EmbeddingVector.toBase64(vector) },
  ...withVectors ? { with_vectors: true } : {}
})

export const make = (instances: ReadonlyArray<Instance<Index>>): VectorIo["Service"] => {
  const configured = instances.map(({ id }) => id)

  const run = (
    { collection, provider }: Place,
    operation: Operation,
    input: Schema.JsonObject,
    ask: (index: Index) => Effect.Effect<Partial<VectorCalls.VectorAnswer>, VectorIndexFailed>
  ): Effect.Effect<VectorCalls.VectorAnswer, VectorIoFailure> => {
    const instance = instances.find(({ id }) => id === provider)
    if (instance === undefined) return Effect.fail(new NoVectorIndex({ provider, configured }))
    const { checkRequested, service } = instance
    // That an instance does not run is recorded as the call's failure, so that it replays.
    const answer = service.pipe(
      Effect.mapError(({ reason: detail }) => new VectorIndexFailed({ provider, reason: "unreachable", detail })),
      Effect.flatMap(ask),
      Effect.map(({ chunks = nothing, count = chunks.length }) => ({ chunks, count })),
      Effect.tapError(({ reason }) =>
        reason === "unreachable" || reason === "timeout" ? checkRequested.open : Effect.void
      )
    )
    return Calls.runValue(VectorCalls.of({ provider, collection, operation, input }), answer)
  }

  const done = (effect: Effect.Effect<void, VectorIndexFailed>) => Effect.as(effect, {})

  return {
    provider: (named) =>
      Effect.suspend(() => {
        const id = named === undefined ? configured[0] : configured.find((each) => each === named)
        return id === undefined
          ? Effect.fail(new NoVectorIndex({ provider: named ?? null, configured }))
          : Effect.succeed(id)
      }),
    upsert: (place, chunks) => {
      const [first] = chunks
      if (first === undefined) return Effect.void
      const { collection: name } = place
      const input = { count: chunks.length, dimensions: first.vector.length, ids: chunks.map(({ id }) => id) }
      return Effect.asVoid(run(place, "upsert", input, (index) =>
        done(Effect.andThen(
          index.create({ name, dimensions: first.vector.length }),
          index.upsert(name, chunks)
        ))))
    },
    removeSource: (place, source) =>
      Effect.asVoid(run(place, "remove", { source }, (index) => done(index.removeSource(place.collection, source)))),
    setAttributes: (place, source, attributes) =>
      Effect.asVoid(
        run(place, "update", { source, attributes }, (index) =>
          done(index.setAttributes(place.collection, source, attributes)))
      ),
    drop: (place) => Effect.asVoid(run(place, "drop", {}, (index) => done(index.drop(place.collection)))),
    list: (place, source, options) =>
      Effect.map(
        run(place, "list", { source, from: options.from, limit: options.limit }, (index) =>
          Effect.map(index.list(place.collection, source, options), (chunks) => ({ chunks }))),
        ({ chunks }) =>
          chunks
      ),
    count: (place, source) =>
      Effect.map(
        run(place, "count", { source: source ?? null }, (index) =>
          Effect.map(index.count(place.collection, source), (count) => ({ count }))),
        ({ count }) =>
          count
      ),
    search: (place, search) =>
      Effect.map(
        run(place, "search", inputOf(search), (index) =>
          Effect.map(searched(place.provider, index, place.collection, search), (chunks) => ({ chunks }))),
        ({ chunks }) =>
          chunks
      )
  }
}
