/** Collections of chunks in PostgreSQL: a table each, with pgvector's column and one of words. */
import { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { ListOptions, SearchOptions } from "../../../apis/vector-io/VectorIndex.ts"
import type { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import * as EmbeddingVector from "../../../kernel/embeddings/EmbeddingVector.ts"
import type { EmbeddedChunk, ScoredChunk } from "../../../kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../../kernel/vectors/VectorIndexFailed.ts"
import { conditionOf, PgParameters, storable } from "./PgFilter.ts"

/** pgvector indexes no longer vectors; they are compared with each. */
const longestIndexed = 2000

const validName = /^\w{1,120}$/

interface Row {
  readonly chunk: string
  readonly source: string
  readonly place: number
  readonly body: string
  readonly attributes: ScoredChunk["attributes"]
  readonly metadata: string
  readonly score: number
  readonly vector?: string
}

const columns = "chunk, source, place, body, attributes, metadata::text AS metadata"

const vectorText = (vector: Float32Array): string => JSON.stringify([...vector])

const scoredOf = ({ attributes, body, chunk, metadata, place, score, source, vector }: Row): ScoredChunk => ({
  id: chunk,
  source,
  index: place,
  text: body,
  attributes,
  metadata: JSON.parse(metadata) as ScoredChunk["metadata"],
  score: Number(score),
  ...vector === undefined ? {} : { vector: EmbeddingVector.toBase64(JSON.parse(vector) as Array<number>) }
})

const rowOf = ({ attributes, id, index, metadata, source, text, vector }: EmbeddedChunk) => ({
  chunk: id,
  source,
  place: index,
  body: text,
  attributes,
  metadata,
  embedding: vectorText(vector)
})

/** In JSON text a character of none is written as an escape. */
const jsonOf = (value: unknown): string => JSON.stringify(value).replaceAll("\\u0000", "\\ufffd")

export interface Options {
  readonly provider: string
  /** Approximate search, with an index over each collection. */
  readonly hnsw: boolean
  readonly reasonOf: (error: SqlError.SqlError) => Pick<VectorIndexFailed, "reason" | "detail">
}

export const make = (sql: SqlClient.SqlClient, { hnsw, provider, reasonOf }: Options): VectorIndex["Service"] => {
  const failed = (reason: VectorIndexFailed["reason"], detail: string) =>
    new VectorIndexFailed({ provider, reason, detail })

  const done = <A, E extends VectorIndexFailed>(effect: Effect.Effect<A, E | SqlError.SqlError>) =>
    Effect.mapError(effect, (error): VectorIndexFailed => {
      if (error._tag === "VectorIndexFailed") return error
      const { detail, reason } = reasonOf(error)
      return failed(reason, detail)
    })

  const query = <A extends object>(text: string, parameters: ReadonlyArray<string | number> = []) =>
    sql.unsafe<A>(text, parameters)

  /** How long its vectors are; undefined: there is none. */
  const dimensionsOf = Effect.fnUntraced(function*(name: string) {
    if (!validName.test(name)) return yield* failed("rejected", `${JSON.stringify(name)} is no name of a collection`)
    const [row] = yield* query<{ readonly dimensions: number }>(
      "SELECT dimensions FROM strata_collections WHERE name = $1",
      [name]
    )
    return row?.dimensions
  })

  /** Of a collection that is not there: what it would be of an empty one. */
  const within = <A, E>(name: string, none: A, run: (dimensions: number) => Effect.Effect<A, E>) =>
    Effect.flatMap(
      dimensionsOf(name),
      (dimensions): Effect.Effect<A, E> => dimensions === undefined ? Effect.succeed(none) : run(dimensions)
    )

  const check = (kept: number, dimensions: number) =>
    kept === dimensions ? Effect.void : Effect.fail(
      failed(
        "rejected",
        `its vectors have ${kept} numbers, and ${dimensions} came: use the model that it was made with`
      )
    )

  const chunks = (text: string, parameters: ReadonlyArray<string | number>) =>
    Effect.map(query<Row>(text, parameters), (rows) => rows.map(scoredOf))

  const vectorColumn = (withVectors: boolean) => withVectors ? ", embedding::text AS vector" : ""

  const among = (filter: SearchOptions["filter"], parameters: PgParameters) =>
    filter === undefined ? "true" : conditionOf(filter, parameters)

  /** With a filter an index gives too few, unless it goes on searching. */
  const approximately = <A, E>(dimensions: number, effect: Effect.Effect<A, E>) =>
    hnsw && dimensions <= longestIndexed
      ? sql.withTransaction(Effect.andThen(query("SET LOCAL hnsw.iterative_scan = strict_order"), effect))
      : effect

  const makeTable = (name: string, dimensions: number) =>
    Effect.gen(function*() {
      yield* query(
        `CREATE TABLE IF NOT EXISTS "${name}" (chunk text PRIMARY KEY, source text NOT NULL, place integer NOT NULL, ` +
          `body text NOT NULL, attributes jsonb NOT NULL, metadata json NOT NULL, embedding vector(${dimensions}) NOT NULL, ` +
          "words tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED)"
      )
      yield* query(`CREATE INDEX IF NOT EXISTS "${name}_source" ON "${name}" (source, place)`)
      yield* query(`CREATE INDEX IF NOT EXISTS "${name}_words" ON "${name}" USING gin (words)`)
      yield* query(`CREATE INDEX IF NOT EXISTS "${name}_attributes" ON "${name}" USING gin (attributes)`)
      if (hnsw && dimensions <= longestIndexed) {
        yield* query(
          `CREATE INDEX IF NOT EXISTS "${name}_near" ON "${name}" USING hnsw (embedding vector_cosine_ops)`
        )
      }
      yield* query("INSERT INTO strata_collections (name, dimensions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", [
        name,
        dimensions
      ])
    })

  return {
    health: Effect.mapError(done(query("SELECT 1")), ({ message }) => ({ message })),
    create: ({ dimensions, name }) =>
      done(Effect.gen(function*() {
        const kept = yield* dimensionsOf(name)
        if (kept === undefined) yield* sql.withTransaction(makeTable(name, dimensions))
        yield* check((yield* dimensionsOf(name)) ?? dimensions, dimensions)
      })),
    drop: (name) =>
      done(within(name, undefined, () =>
        Effect.asVoid(sql.withTransaction(Effect.andThen(
          query(`DROP TABLE IF EXISTS "${name}"`),
          query("DELETE FROM strata_collections WHERE name = $1", [name])
        ))))),
    upsert: (name, all) =>
      done(within(name, undefined, (dimensions) =>
        Effect.gen(function*() {
          for (const { vector } of all) yield* check(dimensions, vector.length)
          yield* query(
            `INSERT INTO "${name}" (chunk, source, place, body, attributes, metadata, embedding) ` +
              "SELECT chunk, source, place, body, attributes, metadata, embedding::vector FROM " +
              "json_to_recordset($1::text::json) AS r (chunk text, source text, place integer, body text, " +
              "attributes jsonb, metadata json, embedding text) ON CONFLICT (chunk) DO UPDATE SET " +
              "source = excluded.source, place = excluded.place, body = excluded.body, " +
              "attributes = excluded.attributes, metadata = excluded.metadata, embedding = excluded.embedding",
            // Of two with the same id in one statement PostgreSQL takes neither: the last one counts.
            [jsonOf([...new Map(all.map((chunk) => [chunk.id, chunk])).values()].map(rowOf))]
          )
        }))),
    removeSource: (name, source) =>
      done(
        within(
          name,
          undefined,
          () => Effect.asVoid(query(`DELETE FROM "${name}" WHERE source = $1`, [storable(source)]))
        )
      ),
    setAttributes: (name, source, attributes) =>
      done(
        within(name, undefined, () =>
          Effect.asVoid(query(`UPDATE "${name}" SET attributes = $2::text::jsonb WHERE source = $1`, [
            storable(source),
            jsonOf(attributes)
          ])))
      ),
    list: (name, source, { from, limit, withVectors }: ListOptions) =>
      done(within(name, [], () =>
        chunks(
          `SELECT ${columns}, 0 AS score${vectorColumn(withVectors)} FROM "${name}" ` +
            "WHERE source = $1 AND place >= $2 ORDER BY place LIMIT $3",
          [storable(source), from, limit]
        ))),
    count: (name, source) =>
      done(within(name, 0, () =>
        Effect.map(
          query<{ readonly count: number | string }>(
            `SELECT count(*)::integer AS count FROM "${name}"${source === undefined ? "" : " WHERE source = $1"}`,
            source === undefined ? [] : [storable(source)]
          ),
          ([row]) => Number(row?.count ?? 0)
        ))),
    searchByVector: (name, vector, { filter, limit, withVectors }) =>
      done(within(name, [], (dimensions) =>
        Effect.gen(function*() {
          yield* check(dimensions, vector.length)
          const parameters = new PgParameters([vectorText(vector), limit])
          const where = among(filter, parameters)
          // Of a vector of zeros there is no cosine.
          return yield* approximately(
            dimensions,
            chunks(
              `SELECT ${columns}, greatest(0, least(1, coalesce(1 - nullif(distance, 'NaN'), 0))) AS score${
                withVectors ? ", vector" : ""
              } FROM (SELECT *, embedding <=> $1::text::vector AS distance${
                vectorColumn(withVectors)
              } FROM "${name}" ` +
                `WHERE ${where} ORDER BY embedding <=> $1::text::vector LIMIT $2) AS near ORDER BY score DESC, chunk`,
              parameters.values
            )
          )
        }))),
    searchByWords: (name, words, { filter, limit, withVectors }) =>
      done(within(name, [], () => {
        const parameters = new PgParameters([words.map((word) => `'${word.replaceAll("'", "")}'`).join(" | "), limit])
        const where = among(filter, parameters)
        const asked = "to_tsquery('simple', $1::text)"
        return chunks(
          `SELECT ${columns}, ts_rank(words, ${asked}, 33) AS score${vectorColumn(withVectors)} FROM "${name}" ` +
            `WHERE words @@ ${asked} AND ${where} ORDER BY score DESC, chunk LIMIT $2`,
          parameters.values
        )
      }))
  }
}
