/** How facts stand in the PostgreSQL table: rows, and the query for them. */
import { hash } from "node:crypto"
import { BaseTexts } from "../facts/BaseTexts.ts"
import type { TextOf } from "../facts/BodyReference.ts"
import * as BodyReference from "../facts/BodyReference.ts"
import type { ExchangeLevel, Fact } from "../facts/Fact.ts"
import { countOf, mostEvents } from "../facts/Fact.ts"
import * as FactCodec from "../facts/FactCodec.ts"
import type { Place } from "../facts/FactEvents.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import * as FactShape from "../facts/FactShape.ts"
import type { Read } from "../log/EventLog.ts"
import * as EventIds from "../types/EventIds.ts"
import { streamOf } from "../types/SessionStream.ts"
import type { Row } from "./PostgresDatabase.ts"
import { bigints, binaries, integers, texts } from "./PostgresParameters.ts"
import * as PostgresRows from "./PostgresRows.ts"
import * as PostgresTenant from "./PostgresTenant.ts"

/** A fact and where its first event stands. */
export interface PlacedFact {
  readonly fact: Fact
  readonly place: Place
}

const columns = {
  position: "bigint",
  stream: "text",
  version: "bigint",
  count: "integer",
  id: "text",
  id_ranges: "text",
  request_id: "text",
  session_id: "text",
  parent_session_id: "text",
  principal: "text",
  provider: "text",
  shape: "bigint",
  unpruned_debug: "integer",
  unpruned_raw: "integer",
  debug_time: "bigint",
  raw_time: "bigint",
  fact: "bytea",
  base: "bigint",
  tenant: "text"
}

/** Inserts any number of facts; `add` takes a column as a list and gives the name of its parameter. */
export const insert = (facts: ReadonlyArray<PlacedFact>, add: (parameter: unknown) => string): string => {
  const lists = toColumns(facts).map(add)
  const cast = Object.values(columns).map((type, index) => `${lists[index]}::${type}[]`)
  return `INSERT INTO facts (${Object.keys(columns).join(", ")}) SELECT * FROM unnest(${cast.join(", ")})`
}

/** Digits of an id that count. */
const counterDigits = 4

/** A range as its first id and the last counter. */
const rangesOf = (fact: Fact): string =>
  FactEvents.idRanges(fact).map(({ first, last }) => first + last.slice(-counterDigits)).join(" ")

/** The ids that the ranges of a row tell, in the order of its events. */
export const idsIn = (ranges: string): ReadonlyArray<string> =>
  ranges.split(" ").flatMap((text) => {
    const base = text.slice(0, -2 * counterDigits)
    const first = Number.parseInt(text.slice(-2 * counterDigits, -counterDigits), 16)
    const last = Number.parseInt(text.slice(-counterDigits), 16)
    return Array.from({ length: last - first + 1 }, (_, index) => EventIds.nth(base, first + index))
  })

/** What retention may remove of a level: how many events, and when the last of them happened. */
const unpruned = (fact: Fact, level: ExchangeLevel): number => FactPruning.prunable(fact, { level, before: Infinity })
const lastOf = ({ parts }: Fact, level: ExchangeLevel): number | null => {
  const times = parts.flatMap((part) => part.kind !== "event" && part[level]?.prunedAt === null ? [part.time] : [])
  return times.length === 0 ? null : Math.max(...times)
}

/** The number of a shape: whoever writes one gives it the same. */
const shapeOf = (text: string): bigint => hash("sha256", text, "buffer").readBigInt64BE(0)

const toColumns = (facts: ReadonlyArray<PlacedFact>): ReadonlyArray<unknown> => [
  bigints(facts.map(({ place }) => place.position)),
  texts(facts.map(({ place }) => place.stream)),
  bigints(facts.map(({ place }) => place.version)),
  integers(facts.map(({ fact }) => countOf(fact))),
  texts(facts.map(({ fact }) => FactEvents.idOf(fact))),
  texts(facts.map(({ fact }) => rangesOf(fact))),
  texts(facts.map(({ fact }) => fact.requestId)),
  texts(facts.map(({ fact }) => fact.sessionId)),
  texts(facts.map(({ fact }) => fact.parentSessionId)),
  texts(facts.map(({ fact }) => fact.principal)),
  texts(facts.map(({ fact }) => fact.call?.provider ?? null)),
  bigints(facts.map(({ fact }) => shapeOf(FactShape.textOf(fact)))),
  integers(facts.map(({ fact }) => unpruned(fact, "debug"))),
  integers(facts.map(({ fact }) => unpruned(fact, "raw"))),
  bigints(facts.map(({ fact }) => lastOf(fact, "debug"))),
  bigints(facts.map(({ fact }) => lastOf(fact, "raw"))),
  binaries(facts.map(({ fact }) => FactCodec.encode(fact))),
  bigints(facts.map(({ fact }) => positionOfBase(fact))),
  texts(facts.map(({ fact }) => fact.tenant))
]

export const positionOfBase = (fact: Fact): number | null => BodyReference.baseOf(fact)?.position ?? null

/** Inserts what is not known yet of the shapes; each event of one is a row. */
export const insertShapes = (shapes: ReadonlyArray<string>, add: (parameter: unknown) => string): string => {
  const rows = shapes.flatMap((text) =>
    FactShape.ofText(text).map(([type, level], index) => ({ shape: shapeOf(text), index, type, level }))
  )
  const lists = [
    `${add(bigints(rows.map(({ shape }) => shape)))}::bigint[]`,
    `${add(integers(rows.map(({ index }) => index)))}::integer[]`,
    `${add(texts(rows.map(({ type }) => type)))}::text[]`,
    `${add(texts(rows.map(({ level }) => level)))}::text[]`
  ]
  return `INSERT INTO fact_shapes (shape, number, type, level) SELECT * FROM unnest(${lists.join(", ")})
    ON CONFLICT DO NOTHING`
}

const textOrNull = (value: unknown): string | null => typeof value === "string" ? value : null

/** `textOf`: of what it refers to. */
export const toFact = (row: Row, textOf: TextOf): PlacedFact => ({
  place: { position: Number(row["position"]), stream: String(row["stream"]), version: Number(row["version"]) },
  fact: FactCodec.decode(row["fact"] as Uint8Array, {
    tenant: String(row["tenant"]),
    requestId: String(row["request_id"]),
    sessionId: textOrNull(row["session_id"]),
    parentSessionId: textOrNull(row["parent_session_id"]),
    principal: textOrNull(row["principal"])
  }, textOf)
})

/** The positions of the facts that some refer to, from one to the next: `of` selects `base`. */
export const chain = (of: string): string =>
  `chain AS (${of} UNION SELECT f.base FROM chain JOIN facts AS f ON f.position = chain.base WHERE f.base IS NOT NULL)`

/** Texts of what facts refer to, by the rows of those. */
export const textsOf = (rows: ReadonlyArray<{ readonly position: number; readonly fact: Uint8Array }>): TextOf => {
  const facts = new Map(rows.map(({ fact, position }) => [position, fact]))
  return new BaseTexts((position) => facts.get(position)).of
}

/** Behind every text that begins like this one. */
const behind = (prefix: string): string => `${prefix}~`

/** The facts that may hold what a filter lets through, each with how many; undefined: none can. */
export const select = (read: Read, limit: string, add: (parameter: unknown) => string): string | undefined => {
  if (!FactEvents.mayHold(read)) return undefined
  const ofStream = read.sessionId !== undefined || read.stream !== undefined
  const isIndexed = ofStream || read.id !== undefined || read.requestId !== undefined
  // Few facts are of a stream or a request: the planner must not walk the whole log for them.
  const position = isIndexed ? "position + 0" : "position"
  const after = add(BigInt(read.after))
  const clauses = [`${position} > ${after}::bigint - ${mostEvents}`, `position + count > ${after}::bigint + 1`]
  const tenant = PostgresTenant.clause("facts", read, add)
  if (tenant !== undefined) clauses.push(tenant)
  if (read.id !== undefined) {
    const prefix = EventIds.commonOf(read.id)
    const begun = add(FactEvents.begunStream(read.id))
    clauses.push(
      `position IN (SELECT position FROM facts WHERE id >= ${add(prefix)} AND id < ${add(behind(prefix))}
       UNION SELECT position FROM facts WHERE tenant = '' AND stream = ${begun} AND version = 1
       UNION SELECT position FROM facts WHERE tenant <> '' AND stream = ${begun} AND version = 1)`
    )
  }
  if (read.requestId !== undefined) {
    const prefix = EventIds.commonOf(read.requestId)
    clauses.push(`id >= ${add(prefix)} AND id < ${add(behind(prefix))} AND request_id = ${add(read.requestId)}`)
  }
  if (read.sessionId !== undefined) clauses.push(`stream = ${add(streamOf(read.sessionId))}`)
  if (read.stream !== undefined) clauses.push(`stream = ${add(read.stream)}`)
  if (read.provider !== undefined) clauses.push(`provider = ${add(read.provider)}`)
  const kinds = PostgresRows.kindClauses(read, add)
  if (kinds.length > 0) {
    clauses.push(`shape = ANY(ARRAY(SELECT shape FROM fact_shapes WHERE ${kinds.join(" AND ")}))`)
  }
  const candidates = `SELECT * FROM facts WHERE ${clauses.join(" AND ")}
    ORDER BY ${
    // In one stream they are in the same order.
    ofStream && read.tenant !== undefined ? "version" : position} LIMIT ${limit}`
  const events = kinds.length === 0
    ? "count"
    : `(SELECT count(*)::integer FROM fact_shapes WHERE shape = candidates.shape AND ${kinds.join(" AND ")})`
  return `SELECT ${
    PostgresRows.columnsOr(["position", "stream", "version", "session_id", "parent_session_id"]
      .concat("request_id", "principal", "tenant"))
  }, fact, base, ${events} AS events FROM (${candidates}) AS candidates`
}
