/** Collections of chunks in Chroma. */
import type { ChromaClient, Collection, Metadata, Where, WhereDocument } from "chromadb"
import { Effect, Predicate } from "effect"
import type { ChunkStore } from "../../../apis/vector-io/ChunkStore.ts"
import type { StoreClient } from "../../../apis/vector-io/StoreClient.ts"
import type { StoredChunk, StoredHit } from "../../../kernel/vectors/StoredChunk.ts"
import { shareOf } from "../../../kernel/vectors/WordWeights.ts"
import { whereOf, wherePlaces } from "./ChromaFilter.ts"

/** Chunks that have one of the words and are ranked; Chroma itself gives them in no order. */
export const mostWithWords = 1000

const metadataOf = (
  { attributes, chunk, metadata, numbers, place, source, source_key, tags }: StoredChunk
): Metadata => ({ chunk, source, source_key, place, attributes, metadata, tags: [...tags], ...numbers })

const missing = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "name") && cause.name === "ChromaNotFoundError"

const hitOf = (
  metadata: Metadata | null | undefined,
  body: string | null | undefined,
  score: number,
  vector?: ReadonlyArray<number> | null
): StoredHit => ({ row: { ...metadata, body: body ?? "" }, score, ...vector ? { vector } : {} })

export const make = ({ ask }: StoreClient<ChromaClient>): ChunkStore => {
  const collectionOf = (client: ChromaClient, name: string): Promise<Collection | undefined> =>
    client.getCollection({ name }).catch((cause: unknown) => {
      if (missing(cause)) return undefined
      throw cause
    })

  const within = <A>(name: string, question: (collection: Collection) => Promise<A>) =>
    ask((client) => client.getCollection({ name }).then(question))

  const rows = (
    name: string,
    { limit, where, whereDocument, withVectors }: {
      readonly where?: Where | undefined
      readonly whereDocument?: WhereDocument
      readonly limit?: number
      readonly withVectors: boolean
    }
  ) =>
    within(name, (collection) =>
      collection.get({
        ...where === undefined ? {} : { where },
        ...whereDocument === undefined ? {} : { whereDocument },
        ...limit === undefined ? {} : { limit },
        include: ["metadatas", "documents", ...withVectors ? ["embeddings" as const] : []]
      })).pipe(Effect.map(({ documents, embeddings, ids, metadatas }) =>
        ids.map((_, at) => hitOf(metadatas[at], documents[at], 0, withVectors ? embeddings[at] : null))
      ))

  return {
    ordersTexts: false,
    ping: Effect.asVoid(ask((client) => client.listCollections({ limit: 1 }))),
    dimensions: (name) =>
      ask((client) => collectionOf(client, name)).pipe(
        Effect.map((collection) => {
          const kept = collection?.metadata?.["strata_dimensions"]
          return Predicate.isNumber(kept) ? kept : undefined
        })
      ),
    create: (name, dimensions) =>
      Effect.asVoid(ask((client) =>
        client.createCollection({
          name,
          configuration: { hnsw: { space: "cosine" } },
          metadata: { strata_dimensions: dimensions },
          embeddingFunction: null
        })
      )),
    drop: (name) => ask((client) => client.deleteCollection({ name })),
    put: (name, chunks) =>
      within(name, (collection) =>
        collection.upsert({
          ids: chunks.map(({ id }) => id),
          embeddings: chunks.map(({ vector }) => [...vector]),
          metadatas: chunks.map(metadataOf),
          documents: chunks.map(({ body }) => body)
        })),
    remove: (name, source) =>
      Effect.asVoid(within(name, (collection) => collection.delete({ where: { source_key: source } }))),
    list: (name, places, withVectors) => rows(name, { where: wherePlaces(places), withVectors }),
    count: (name, places) =>
      within(name, (collection) =>
        places === undefined
          ? collection.count()
          : collection.get({ where: wherePlaces(places), include: [] }).then(({ ids }) => ids.length)),
    near: (name, vector, { condition, limit, withVectors }) =>
      within(name, (collection) =>
        collection.query({
          queryEmbeddings: [[...vector]],
          nResults: limit,
          ...condition === undefined ? {} : { where: whereOf(condition) },
          include: ["metadatas", "documents", "distances", ...withVectors ? ["embeddings" as const] : []]
        })).pipe(Effect.map(({ distances, documents, embeddings, ids, metadatas }) =>
          (ids[0] ?? []).map((_, at) =>
            hitOf(
              metadatas[0]?.[at],
              documents[0]?.[at],
              1 - (distances[0]?.[at] ?? 1),
              withVectors ? embeddings[0]?.[at] : null
            )
          )
        )),
    words: (name, words, { condition, limit, withVectors }) => {
      // Words are letters and digits: nothing of them is an operator of the pattern.
      const having = words.map((word) => ({ $regex: `(?i)\\b${word}\\b` }))
      return rows(name, {
        where: condition === undefined ? undefined : whereOf(condition),
        whereDocument: having.length === 1 ? having[0]! : { $or: having },
        limit: mostWithWords,
        withVectors
      }).pipe(Effect.map((all) =>
        all.map((each): StoredHit => ({
          ...each,
          score: shareOf(Predicate.hasProperty(each.row, "body") ? String(each.row.body) : "", words)
        })).filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score).slice(0, limit)
      ))
    }
  }
}
