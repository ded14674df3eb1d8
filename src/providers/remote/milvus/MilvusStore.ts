/** Collections of chunks in Milvus: vectors with its index, words with its BM25. */
import type { ConsistencyLevelEnum, DataType, FunctionType, MilvusClient } from "@zilliz/milvus2-sdk-node"
import { Effect, Predicate, Schema } from "effect"
import type { ChunkStore } from "../../../apis/vector-io/ChunkStore.ts"
import type { StoreClient } from "../../../apis/vector-io/StoreClient.ts"
import type { StoredChunk, StoredHit } from "../../../kernel/vectors/StoredChunk.ts"
import { keptOf } from "../../../kernel/vectors/StoredChunk.ts"
import { bounded } from "../../../kernel/vectors/WordWeights.ts"
import { expressionOf, ordered, placesOf } from "./MilvusFilter.ts"

export interface Packages {
  readonly ConsistencyLevelEnum: typeof ConsistencyLevelEnum
  readonly DataType: typeof DataType
  readonly FunctionType: typeof FunctionType
}

export interface Connected {
  readonly client: MilvusClient
  readonly packages: Packages
}

/** It gives no more at once. */
const mostRows = 16_384

/** Bytes of a text, and tags of a chunk. */
const longestText = 65_535
const mostTags = 4096

const strong = "Strong"

const missingCode = 100

const columns = ["chunk", "source", "place", "body", "attributes", "metadata"]

/** What it answers in place of a failed promise. */
export class MilvusError extends Schema.TaggedError<MilvusError>()("MilvusError", {
  message: Schema.String,
  code: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.String]))
}) {}

interface Status {
  readonly code?: number
  readonly error_code?: string | number
  readonly reason?: string
}

const isStatus = (value: unknown): value is Status => Predicate.hasProperty(value, "error_code")

const statusOf = (answer: unknown): Status =>
  Predicate.hasProperty(answer, "status") && isStatus(answer.status) ? answer.status : isStatus(answer) ? answer : {}

const succeeded = ({ code = 0, error_code = "Success" }: Status): boolean =>
  code === 0 && (error_code === "Success" || error_code === 0)

const checked = <A>(answer: A): A => {
  const status = statusOf(answer)
  if (succeeded(status)) return answer
  throw new MilvusError({
    message: status.reason ?? "no reason",
    ...status.code === undefined ? {} : { code: status.code }
  })
}

const rowOf = (stored: StoredChunk) => {
  const { id, numbers, texts, vector } = stored
  return {
    id,
    ...keptOf(stored),
    orders: { ...numbers, ...Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, ordered(text)])) },
    embedding: [...vector]
  }
}

const hitOf = (row: Readonly<Record<string, unknown>>, score: number, withVectors: boolean): StoredHit => ({
  // Its whole numbers come as text.
  row: { ...row, place: Number(row["place"]) },
  score,
  ...withVectors ? { vector: row["embedding"] as Array<number> } : {}
})

const columnsOf = (withVectors: boolean) => withVectors ? [...columns, "embedding"] : columns

export const make = ({ ask }: StoreClient<Connected>): ChunkStore => {
  const query = (
    collection_name: string,
    filter: string,
    options: { readonly output_fields: Array<string>; readonly limit?: number }
  ) =>
    ask(({ client, packages: { ConsistencyLevelEnum: { Strong: consistency_level } } }) =>
      client.query({ collection_name, filter, consistency_level, ...options }).then(checked)
    )

  const search = (
    collection_name: string,
    asked: {
      readonly anns_field: string
      readonly metric_type: string
      readonly data: Array<string> | Array<Array<number>>
    },
    { condition, limit, withVectors }: Parameters<ChunkStore["near"]>[2],
    scoreOf: (score: number) => number
  ) =>
    ask(({ client, packages: { ConsistencyLevelEnum: { Strong: consistency_level } } }) =>
      client.search({
        collection_name,
        ...asked,
        limit,
        output_fields: columnsOf(withVectors),
        consistency_level,
        ...condition === undefined ? {} : { filter: expressionOf(condition) }
      }).then(checked)
    ).pipe(
      Effect.map(({ results }) => results.flat().map((row) => hitOf(row, scoreOf(row.score), withVectors)))
    )

  return {
    ordersTexts: true,
    ping: Effect.asVoid(ask(({ client }) => client.listCollections().then(checked))),
    dimensions: (collection_name) =>
      ask(({ client }) =>
        client.describeCollection({ collection_name }).then((answer) => {
          if (statusOf(answer).code === missingCode) return undefined
          const field = checked(answer).schema.fields.find(({ name }) => name === "embedding")
          return field?.dim === undefined ? undefined : Number(field.dim)
        })
      ),
    create: (collection_name, dimensions) =>
      Effect.asVoid(ask(({ client, packages: { DataType, FunctionType } }) => {
        const text = (name: string, max_length = longestText) => ({ name, data_type: DataType.VarChar, max_length })
        return client.createCollection({
          collection_name,
          consistency_level: strong,
          fields: [
            { ...text("id", 64), is_primary_key: true },
            text("chunk"),
            text("source"),
            text("source_key", 64),
            { name: "place", data_type: DataType.Int64 },
            { ...text("body"), enable_analyzer: true },
            text("attributes"),
            text("metadata"),
            {
              name: "tags",
              data_type: DataType.Array,
              element_type: DataType.VarChar,
              max_capacity: mostTags,
              max_length: 64
            },
            { name: "orders", data_type: DataType.JSON },
            { name: "words", data_type: DataType.SparseFloatVector },
            { name: "embedding", data_type: DataType.FloatVector, dim: dimensions }
          ],
          functions: [{
            name: "words_of_body",
            type: FunctionType.BM25,
            input_field_names: ["body"],
            output_field_names: ["words"],
            params: {}
          }],
          index_params: [
            { field_name: "embedding", index_type: "AUTOINDEX", metric_type: "COSINE" },
            { field_name: "words", index_type: "SPARSE_INVERTED_INDEX", metric_type: "BM25" }
          ]
        }).then(checked).then(() => client.loadCollectionSync({ collection_name })).then(checked)
      })),
    drop: (collection_name) =>
      Effect.asVoid(ask(({ client }) => client.dropCollection({ collection_name }).then(checked))),
    put: (collection_name, chunks) =>
      Effect.asVoid(ask(({ client }) => client.upsert({ collection_name, data: chunks.map(rowOf) }).then(checked))),
    remove: (collection_name, source) =>
      Effect.asVoid(
        ask(({ client }) => client.delete({ collection_name, filter: `source_key == "${source}"` }).then(checked))
      ),
    list: (name, places, withVectors) =>
      query(name, placesOf(places), { output_fields: columnsOf(withVectors), limit: mostRows }).pipe(
        Effect.map(({ data }) => data.map((row) => hitOf(row, 0, withVectors)))
      ),
    count: (name, places) =>
      query(name, places === undefined ? "" : placesOf(places), { output_fields: ["count(*)"] }).pipe(
        Effect.map(({ data }) => Number(data[0]?.["count(*)"] ?? 0))
      ),
    near: (name, vector, options) =>
      search(name, { anns_field: "embedding", metric_type: "COSINE", data: [[...vector]] }, options, (score) => score),
    words: (name, words, options) =>
      search(
        name,
        { anns_field: "words", metric_type: "BM25", data: [words.join(" ")] },
        options,
        // Milvus Lite gives it as a distance: below 0.
        (score) => bounded(Math.abs(score))
      ).pipe(Effect.map((all) => all.filter(({ score }) => score > 0)))
  }
}
