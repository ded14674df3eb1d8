/** Collections of chunks in Weaviate: vectors with its HNSW, words with its BM25. */
import { Effect, Predicate } from "effect"
import type { Collection, WeaviateClient, WeaviateNonGenericObject } from "weaviate-client"
import type * as Library from "weaviate-client"
import type { ChunkStore, StoreSearch } from "../../../apis/vector-io/ChunkStore.ts"
import type { StoreClient } from "../../../apis/vector-io/StoreClient.ts"
import { orderedFields } from "../../../kernel/vectors/FilterTags.ts"
import type { StoredChunk, StoredHit } from "../../../kernel/vectors/StoredChunk.ts"
import { keptOf } from "../../../kernel/vectors/StoredChunk.ts"
import { bounded } from "../../../kernel/vectors/WordWeights.ts"
import type { Filters } from "./WeaviateFilter.ts"
import { filterOf, placesOf } from "./WeaviateFilter.ts"

export type Packages = Pick<typeof Library, "Filters" | "default">

export interface Connected {
  readonly client: WeaviateClient
  readonly packages: Packages
}

/** It gives and removes no more at once. */
const mostObjects = 10_000

/** Its names begin with a capital letter, and two that differ in the case of letters alone are one to it. */
const classOf = (name: string) => `Strata_${name.replaceAll(/[A-Z]/g, (letter) => `__${letter.toLowerCase()}`)}`

const described = /^Strata: (\d+) dimensions$/

const keyword = { dataType: "text", tokenization: "field", indexFilterable: true, indexSearchable: false } as const
const kept = { ...keyword, indexFilterable: false }
const number = { dataType: "number", indexFilterable: true, indexRangeFilters: true } as const

const schema = [
  { name: "chunk", ...kept },
  { name: "source", ...kept },
  { name: "source_key", ...keyword },
  { name: "place", dataType: "int" as const, indexFilterable: true, indexRangeFilters: true },
  {
    name: "body",
    dataType: "text" as const,
    tokenization: "word" as const,
    indexFilterable: false,
    indexSearchable: true
  },
  { name: "attributes", ...kept },
  { name: "metadata", ...kept },
  { name: "tags", ...keyword, dataType: "text[]" as const }
]

const statusOf = (cause: unknown) => Predicate.hasProperty(cause, "code") ? cause.code : undefined

const objectOf = (stored: StoredChunk) => {
  const { id, numbers, texts, vector } = stored
  return { id, properties: { ...keptOf(stored), ...numbers, ...texts }, vectors: [...vector] }
}

const hitOf = (withVectors: boolean, scoreOf: (object: WeaviateNonGenericObject) => number) =>
(
  object: WeaviateNonGenericObject
): StoredHit => {
  const vector: unknown = object.vectors?.["default"]
  return {
    row: object.properties,
    score: scoreOf(object),
    ...withVectors && Array.isArray(vector) ? { vector: vector as Array<number> } : {}
  }
}

export const make = ({ ask }: StoreClient<Connected>): ChunkStore => {
  const within = <A>(name: string, question: (collection: Collection, filters: Filters) => Promise<A>) =>
    ask(({ client, packages }) => {
      const collection = client.collections.use(classOf(name))
      const { and, not, or } = packages.Filters
      return question(collection, { and, not, or, by: (property) => collection.filter.byProperty(property) })
    })

  const configuration = (name: string) =>
    ask(({ client }) =>
      client.collections.use(classOf(name)).config.get().catch((cause: unknown) => {
        if (statusOf(cause) === 404) return undefined
        throw cause
      })
    )

  const fieldsOf = (name: string) =>
    Effect.map(
      configuration(name),
      (config) => new Set((config?.properties ?? []).map((property) => property.name))
    )

  const add = (name: string, field: string, options: typeof number | typeof keyword) =>
    ask(({ client }) =>
      client.collections.use(classOf(name)).config.addProperty({ name: field, ...options }).catch((cause: unknown) => {
        // Another server has added it meanwhile.
        if (statusOf(cause) !== 422 || !String(cause).includes("already in use")) throw cause
      })
    )

  /** It refuses questions about fields that no chunk has ever had. */
  const fieldsAsked = (name: string, { condition }: StoreSearch) =>
    condition === undefined || orderedFields(condition).length === 0
      ? Effect.succeed<ReadonlySet<string>>(new Set())
      : fieldsOf(name)

  const filtered = ({ condition }: StoreSearch, fields: ReadonlySet<string>, filters: Filters) =>
    condition === undefined ? {} : { filters: filterOf(condition, fields, filters) }

  return {
    ordersTexts: true,
    ping: Effect.asVoid(ask(({ client }) => client.getMeta())),
    dimensions: (name) =>
      Effect.map(configuration(name), (config) => {
        const dimensions = described.exec(config?.description ?? "")?.[1]
        return dimensions === undefined ? undefined : Number(dimensions)
      }),
    create: (name, dimensions) =>
      Effect.asVoid(ask(({ client, packages: { default: { configure } } }) =>
        client.collections.create({
          name: classOf(name),
          description: `Strata: ${dimensions} dimensions`,
          vectorizers: configure.vectors.selfProvided({
            vectorIndexConfig: configure.vectorIndex.hnsw({ distanceMetric: "cosine" })
          }),
          invertedIndex: configure.invertedIndex({ stopwordsPreset: "none" }),
          properties: schema
        })
      )),
    drop: (name) => ask(({ client }) => client.collections.delete(classOf(name))),
    put: (name, chunks) =>
      Effect.gen(function*() {
        const fields = yield* fieldsOf(name)
        const numbers = new Set(chunks.flatMap((chunk) => Object.keys(chunk.numbers)))
        const texts = new Set(chunks.flatMap((chunk) => Object.keys(chunk.texts)))
        for (const field of numbers) if (!fields.has(field)) yield* add(name, field, number)
        for (const field of texts) if (!fields.has(field)) yield* add(name, field, keyword)
        yield* within(name, (collection) =>
          collection.data.insertMany(chunks.map(objectOf)).then(({ errors }) => {
            const [first] = Object.values(errors)
            if (first !== undefined) throw new TypeError(first.message)
          }))
      }),
    remove: (name, source) =>
      within(name, (collection, { by }) => collection.data.deleteMany(by("source_key").equal(source))).pipe(
        Effect.repeat({ until: ({ matches, successful }) => matches < mostObjects || successful === 0 }),
        Effect.asVoid
      ),
    list: (name, places, withVectors) =>
      within(name, (collection, filters) =>
        collection.query.fetchObjects({
          filters: placesOf(places, filters),
          limit: mostObjects,
          includeVector: withVectors
        })).pipe(Effect.map(({ objects }) => objects.map(hitOf(withVectors, () => 0)))),
    count: (name, places) =>
      within(
        name,
        (collection, filters) =>
          collection.aggregate.overAll(places === undefined ? {} : { filters: placesOf(places, filters) })
      ).pipe(
        Effect.map(({ totalCount }) => totalCount)
      ),
    near: (name, vector, search) =>
      Effect.flatMap(
        fieldsAsked(name, search),
        (fields) =>
          within(name, (collection, filters) =>
            collection.query.nearVector([...vector], {
              ...filtered(search, fields, filters),
              limit: search.limit,
              returnMetadata: ["distance"],
              includeVector: search.withVectors
            }))
      ).pipe(
        Effect.map(({ objects }) =>
          objects.map(hitOf(search.withVectors, ({ metadata }) => 1 - (metadata?.distance ?? 1)))
        )
      ),
    words: (name, words, search) =>
      Effect.flatMap(
        fieldsAsked(name, search),
        (fields) =>
          within(name, (collection, filters) =>
            collection.query.bm25(words.join(" "), {
              ...filtered(search, fields, filters),
              queryProperties: ["body"],
              limit: search.limit,
              returnMetadata: ["score"],
              includeVector: search.withVectors
            }))
      ).pipe(
        Effect.map(({ objects }) =>
          objects.map(hitOf(search.withVectors, ({ metadata }) => bounded(metadata?.score ?? 0)))
        )
      )
  }
}
