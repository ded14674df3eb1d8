/** Collections of chunks in one SQLite file: their vectors with sqlite-vec, their words with FTS5. */
import { Schema } from "effect"
import { DatabaseSync } from "node:sqlite"
import type { SQLInputValue, StatementSync } from "node:sqlite"
import { load } from "sqlite-vec"
import * as EmbeddingVector from "../../embeddings/EmbeddingVector.ts"
import type { AttributeFilter } from "../AttributeFilter.ts"
import type { EmbeddedChunk, ScoredChunk } from "../VectorChunk.ts"
import { conditionOf } from "./FilterSql.ts"
import type { Neighbours } from "./Neighbours.ts"
import type { Answer, Question } from "./VectorMessages.ts"

/** What is asked can't be done, and would not be the next time. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", { message: Schema.String }) {}

/** Another program that writes the file is waited for so long, milliseconds. */
const busyTimeout = 5000

/** Rows that may be gone are made up for by so many more; where a filter is, by so many times as many. */
const spare = 20
const filteredFactor = 10

type Nearest = Omit<Extract<Question, { readonly method: "searchByVector" }>, "method">

/** sqlite-vec keeps no longer vectors, */
const mostDimensions = 8192

/** and gives no more of them. */
const mostNeighbours = 4096

const validName = /^\w{1,120}$/

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = ${busyTimeout};
  CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, dimensions INTEGER NOT NULL) STRICT;
`

interface Row {
  readonly chunk: string
  readonly source: string
  readonly place: number
  readonly text: string
  readonly attributes: string
  readonly metadata: string
  readonly score: number
  readonly vector?: Uint8Array
}

const scoredOf = ({ attributes, chunk, metadata, place, score, source, text, vector }: Row): ScoredChunk => ({
  id: chunk,
  source,
  index: place,
  text,
  attributes: JSON.parse(attributes) as ScoredChunk["attributes"],
  metadata: JSON.parse(metadata) as ScoredChunk["metadata"],
  score,
  ...vector === undefined ? {} : { vector: Buffer.from(vector).toString("base64") }
})

const bytesOf = (vector: Float32Array): Uint8Array => Buffer.from(EmbeddingVector.toBase64(vector), "base64")

const vectorOf = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer)

const columns = "c.chunk, c.source, c.place, c.text, c.attributes, c.metadata"

export class VectorDatabase {
  readonly #database: DatabaseSync
  /** By the name of their collection. */
  readonly #dimensions = new Map<string, number>()
  readonly #prepared = new Map<string, StatementSync>()

  readonly #neighbours: Neighbours | undefined

  /** `neighbours`: for approximate search; absent: all vectors are compared. */
  constructor(file: string, neighbours?: Neighbours) {
    this.#neighbours = neighbours
    this.#database = new DatabaseSync(file, { allowExtension: true })
    load(this.#database)
    this.#database.enableLoadExtension(false)
    this.#database.exec(schema)
  }

  answer(question: Question): Answer {
    switch (question.method) {
      case "create":
        return this.#count(this.#create(question.collection.name, question.collection.dimensions))
      case "drop":
        return this.#count(this.#drop(question.name))
      case "check":
        return this.#count(this.#all("SELECT 1").length)
      default:
        return this.#has(question.name) ? this.#inCollection(question) : { chunks: [], count: 0 }
    }
  }

  #inCollection(question: Exclude<Question, { readonly method: "create" | "drop" | "check" }>): Answer {
    const { name } = question
    switch (question.method) {
      case "upsert":
        return this.#count(this.#upsertAll(name, question.chunks))
      case "removeSource":
        return this.#count(this.#within(() => this.#remove(name, "source = ?", [question.source])))
      case "setAttributes": {
        const { attributes, source } = question
        this.#run(`UPDATE "${name}" SET attributes = ? WHERE source = ?`, [JSON.stringify(attributes), source])
        return this.#count(0)
      }
      case "count": {
        const { source } = question
        const where = source === undefined ? "" : "WHERE source = ?"
        const parameters = source === undefined ? [] : [source]
        const [row] = this.#all<{ readonly count: number }>(
          `SELECT count(*) AS count FROM "${name}" ${where}`,
          parameters
        )
        return this.#count(row!.count)
      }
      case "list":
        return this.#scored(
          `SELECT ${columns}, 0.0 AS score${this.#vectorColumn(name, question.withVectors)} FROM "${name}" AS c ` +
            "WHERE c.source = ? AND c.place >= ? ORDER BY c.place LIMIT ?",
          [question.source, question.from, question.limit]
        )
      case "searchByVector":
        return this.#nearest(question)
      case "searchByWords":
        return this.#withWords(question)
    }
  }

  close(): void {
    this.#neighbours?.close()
    this.#database.close()
  }

  #count(count: number): Answer {
    return { chunks: [], count }
  }

  #statement(sql: string): StatementSync {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql)
    // Filters are of many forms: few statements are worth keeping.
    if (this.#prepared.size > 200) this.#prepared.clear()
    this.#prepared.set(sql, statement)
    return statement
  }

  #all<A>(sql: string, parameters: ReadonlyArray<SQLInputValue> = []): ReadonlyArray<A> {
    return this.#statement(sql).all(...parameters) as unknown as ReadonlyArray<A>
  }

  #run(sql: string, parameters: ReadonlyArray<SQLInputValue> = []): void {
    this.#statement(sql).run(...parameters)
  }

  #scored(sql: string, parameters: ReadonlyArray<SQLInputValue>): Answer {
    const chunks = this.#all<Row>(sql, parameters).map(scoredOf)
    return { chunks, count: chunks.length }
  }

  #within<A>(change: () => A): A {
    this.#database.exec("BEGIN IMMEDIATE")
    try {
      const result = change()
      this.#database.exec("COMMIT")
      return result
    } catch (error) {
      this.#database.exec("ROLLBACK")
      throw error
    }
  }

  #has(name: string): boolean {
    if (!validName.test(name)) throw new Refused({ message: `${JSON.stringify(name)} is no name of a collection` })
    // Another server may have made or dropped it.
    const [row] = this.#all<{ readonly dimensions: number }>("SELECT dimensions FROM collections WHERE name = ?", [
      name
    ])
    if (row === undefined) this.#dimensions.delete(name)
    else this.#dimensions.set(name, row.dimensions)
    return row !== undefined
  }

  #check(name: string, dimensions: number): void {
    const kept = this.#dimensions.get(name)!
    if (kept !== dimensions) {
      throw new Refused({
        message: `its vectors have ${kept} numbers, and ${dimensions} came: use the model that it was made with`
      })
    }
  }

  #create(name: string, dimensions: number): number {
    if (this.#has(name)) this.#check(name, dimensions)
    else if (dimensions > mostDimensions) {
      const message = `vectors of ${dimensions} numbers came, and it keeps those of ${mostDimensions} at most`
      throw new Refused({ message })
    } else {
      this.#within(() => {
        this.#database.exec(`
          CREATE TABLE "${name}" (
            id INTEGER PRIMARY KEY AUTOINCREMENT, chunk TEXT NOT NULL UNIQUE, source TEXT NOT NULL, place INTEGER NOT NULL,
            text TEXT NOT NULL, attributes TEXT NOT NULL, metadata TEXT NOT NULL
          ) STRICT;
          CREATE INDEX "${name}_source" ON "${name}" (source, place);
          CREATE VIRTUAL TABLE "${name}_vectors" USING vec0 (embedding float[${dimensions}] distance_metric=cosine);
          CREATE VIRTUAL TABLE "${name}_words" USING fts5 (
            text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
          );
        `)
        this.#run("INSERT INTO collections (name, dimensions) VALUES (?, ?)", [name, dimensions])
      })
      this.#has(name)
    }
    return 0
  }

  #drop(name: string): number {
    if (!this.#has(name)) return 0
    this.#prepared.clear()
    this.#within(() => {
      for (const table of ["", "_vectors", "_words"]) this.#database.exec(`DROP TABLE "${name}${table}"`)
      this.#run("DELETE FROM collections WHERE name = ?", [name])
    })
    this.#neighbours?.drop(name)
    return 0
  }

  #remove(name: string, where: string, parameters: ReadonlyArray<SQLInputValue>): number {
    // One by one: a virtual table that is given a list of them reads all that it has.
    for (const { id } of this.#all<{ readonly id: number }>(`SELECT id FROM "${name}" WHERE ${where}`, parameters)) {
      this.#run(`DELETE FROM "${name}_vectors" WHERE rowid = ?`, [BigInt(id)])
      this.#run(`DELETE FROM "${name}_words" WHERE rowid = ?`, [BigInt(id)])
    }
    this.#run(`DELETE FROM "${name}" WHERE ${where}`, parameters)
    return 0
  }

  #upsert(name: string, chunks: ReadonlyArray<EmbeddedChunk>): number {
    for (const { attributes, id, index, metadata, source, text, vector } of chunks) {
      this.#check(name, vector.length)
      this.#remove(name, "chunk = ?", [id])
      const { lastInsertRowid } = this.#statement(
        `INSERT INTO "${name}" (chunk, source, place, text, attributes, metadata) VALUES (?, ?, ?, ?, ?, ?)`
      ).run(id, source, index, text, JSON.stringify(attributes), JSON.stringify(metadata))
      const row = BigInt(lastInsertRowid)
      this.#run(`INSERT INTO "${name}_vectors" (rowid, embedding) VALUES (?, ?)`, [row, bytesOf(vector)])
      this.#run(`INSERT INTO "${name}_words" (rowid, text) VALUES (?, ?)`, [row, text.normalize("NFC")])
    }
    return chunks.length
  }

  #upsertAll(name: string, chunks: ReadonlyArray<EmbeddedChunk>): number {
    const count = this.#within(() => this.#upsert(name, chunks))
    this.#follow(name)
    return count
  }

  #follow(name: string): void {
    if (this.#neighbours === undefined) return
    const [sequence] = this.#all<{ readonly seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = ?", [name])
    this.#neighbours.follow(name, {
      dimensions: this.#dimensions.get(name)!,
      last: sequence?.seq ?? 0,
      behind: (after, limit) =>
        this.#all<{ readonly row: number; readonly embedding: Uint8Array }>(
          `SELECT c.id AS row, v.embedding FROM (SELECT id FROM "${name}" WHERE id > ? ORDER BY id LIMIT ?) AS c ` +
            `JOIN "${name}_vectors" AS v ON v.rowid = c.id ORDER BY c.id`,
          [after, limit]
        ).map(({ embedding, row }) => ({ row, vector: vectorOf(embedding) }))
    })
  }

  #vectorColumn(name: string, withVectors: boolean): string {
    return withVectors ? `, (SELECT embedding FROM "${name}_vectors" AS v WHERE v.rowid = c.id) AS vector` : ""
  }

  /** Which rows a search is among. */
  #among(name: string, filter: AttributeFilter | undefined, column: string) {
    if (filter === undefined) return { sql: "", parameters: [] }
    const { parameters, sql } = conditionOf(filter)
    return { sql: ` AND ${column} IN (SELECT id FROM "${name}" WHERE ${sql})`, parameters }
  }

  #nearest({ filter, limit, name, vector, withVectors }: Nearest): Answer {
    this.#check(name, vector.length)
    const near = this.#approximately({ filter, limit, name, vector, withVectors })
    if (near !== undefined) return near
    const among = this.#among(name, filter, "rowid")
    // The cosine's distance is from 0 to 2; of a vector of zeros there is none.
    return this.#scored(
      `SELECT ${columns}, max(0.0, min(1.0, 1.0 - coalesce(n.distance, 1.0))) AS score${
        this.#vectorColumn(name, withVectors)
      } FROM (SELECT rowid, distance FROM "${name}_vectors" WHERE embedding MATCH ? AND k = ?${among.sql}) AS n ` +
        `JOIN "${name}" AS c ON c.id = n.rowid ORDER BY score DESC, c.chunk`,
      [bytesOf(vector), Math.min(limit, mostNeighbours), ...among.parameters]
    )
  }

  /** Undefined: so few are found in time that all have to be compared. */
  #approximately({ filter, limit, name, vector, withVectors }: Nearest): Answer | undefined {
    if (this.#neighbours === undefined) return undefined
    this.#follow(name)
    const among = this.#among(name, filter, "c.id")
    const wanted = filter === undefined ? limit + spare : (limit + spare) * filteredFactor
    const near = this.#neighbours.nearest(name, vector, Math.min(wanted, mostNeighbours))
    const rows = JSON.stringify(near.map(({ distance, row }) => [row, Number.isFinite(distance) ? distance : 1]))
    const answer = this.#scored(
      `SELECT ${columns}, max(0.0, min(1.0, 1.0 - n.value ->> 1)) AS score${this.#vectorColumn(name, withVectors)} ` +
        `FROM json_each(?) AS n JOIN "${name}" AS c ON c.id = n.value ->> 0 WHERE true${among.sql} ` +
        "ORDER BY score DESC, c.chunk LIMIT ?",
      [rows, ...among.parameters, limit]
    )
    return answer.count === limit ? answer : undefined
  }

  #withWords(
    { filter, limit, name, withVectors, words }: Extract<Question, { readonly method: "searchByWords" }>
  ): Answer {
    const among = this.#among(name, filter, "rowid")
    // Quoted, a word is a word, whatever it says. What FTS5 ranks is below 0, without a bound.
    const query = words.map((word) => `"${word.replaceAll("\"", "")}"`).join(" OR ")
    return this.#scored(
      `SELECT ${columns}, -n.rank / (1.0 - n.rank) AS score${this.#vectorColumn(name, withVectors)} ` +
        `FROM (SELECT rowid, rank FROM "${name}_words" WHERE "${name}_words" MATCH ?${among.sql} ` +
        `ORDER BY rank LIMIT ?) AS n JOIN "${name}" AS c ON c.id = n.rowid ORDER BY score DESC, c.chunk`,
      [query, ...among.parameters, limit]
    )
  }
}
