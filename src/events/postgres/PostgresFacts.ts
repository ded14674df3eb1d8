/** How facts stand in the PostgreSQL table: rows, and the query for them. */
import { hash } from "node:crypto"
import { BaseTexts } from "../facts/BaseTexts.ts"
import * as BodyReference from "../facts/BodyReference.ts"
import type { ExchangeLevel, Fact } from "../facts/Fact.ts"
import { countOf, mostEvents } from "../facts/Fact.ts"
import * as FactCodec from "../facts/FactCodec.ts"
import type { Place } from "../facts/FactEvents.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import type { Sources } from "../facts/FactReader.ts"
import * as FactShape from "../facts/FactShape.ts"
import * as Passage from "../facts/Passage.ts"
import type { FindCuts } from "../facts/RecentPassages.ts"
import { noCuts } from "../facts/RecentPassages.ts"
import { StoredPayloads } from "../facts/StoredPayloads.ts"
import type { Read } from "../log/EventLog.ts"
import { addAll } from "../types/AddAll.ts"
import * as EventIds from "../types/EventIds.ts"
import { sessionOf, streamOf } from "../types/SessionStream.ts"
import { isOneOf, isStream } from "./PostgresColumns.ts"
import type { Row } from "./PostgresDatabase.ts"
import * as PostgresIdRanges from "./PostgresIdRanges.ts"
import * as PostgresIds from "./PostgresIds.ts"
import { bigints, binaries, integers, texts } from "./PostgresParameters.ts"
import * as PostgresPositions from "./PostgresPositions.ts"
import * as PostgresRows from "./PostgresRows.ts"
import * as PostgresTenant from "./PostgresTenant.ts"

/** A fact and where its first event stands. */
export interface PlacedFact {
  readonly fact: Fact
  readonly place: Place
  /** Of its bodies: what stands in passages. */
  readonly find?: FindCuts
}

const columns = {
  position: "bigint",
  stream: "text",
  version: "bigint",
  count: "smallint",
  id: "bytea",
  id_ranges: "text",
  request_id: "bytea",
  session_id: "text",
  parent_session_id: "text",
  principal: "text",
  provider: "text",
  shape: "bigint",
  unpruned_debug: "smallint",
  unpruned_raw: "smallint",
  debug_time: "bigint",
  raw_time: "bigint",
  fact: "bytea",
  base: "bigint",
  passages: "text",
  body_passages: "text",
  tenant: "text"
}

/** Inserts any number of facts; `add` takes a column as a list and gives the name of its parameter. */
export const insert = (facts: ReadonlyArray<PlacedFact>, add: (parameter: unknown) => string): string => {
  const lists = toColumns(facts).map(add)
  const cast = Object.values(columns).map((type, index) => `${lists[index]}::${type}[]`)
  const names = Object.keys(columns)
  return `INSERT INTO facts (${names.join(", ")})
    SELECT * FROM unnest(${cast.join(", ")}) AS given (${names.join(", ")})`
}

/** What retention may remove of a level: how many events, and when the last of them happened. */
const unpruned = (fact: Fact, level: ExchangeLevel): number => FactPruning.prunable(fact, { level, before: Infinity })
const lastOf = ({ parts }: Fact, level: ExchangeLevel): number | null => {
  const times = parts.flatMap((part) => part.kind !== "event" && part[level]?.prunedAt === null ? [part.time] : [])
  return times.length === 0 ? null : times.reduce((last, time) => Math.max(last, time))
}

/** The number of a shape: whoever writes one gives it the same. */
const shapeOf = (text: string): bigint => hash("sha256", text, "buffer").readBigInt64BE(0)

/** The bytes, and where its payloads and its bodies refer to. */
const encode = ({ fact, find = noCuts, place: { position } }: PlacedFact) => {
  const [ofPayloads, ofBodies]: [Array<number>, Array<number>] = [[], []]
  for (const part of fact.parts) if (part.kind === "event") addAll(ofPayloads, Passage.positionsOf(part.cuts ?? []))
  const bytes = FactCodec.encode(fact, (text) => {
    const cuts = find(text)
    addAll(ofBodies, Passage.positionsOf(cuts))
    return cuts
  })
  const [passages, bodyPassages] = [ofPayloads, ofBodies].map((each) => PostgresPositions.toText(position, each))
  const isSame = passages !== null && passages === bodyPassages
  return { bytes, passages, bodyPassages: isSame ? PostgresPositions.same : bodyPassages }
}

/** A session whose own stream the fact stands in, as most do: its id stands there. */
const ofStream = ""

const requestOf = (id: string): string => EventIds.nth(id, 0)

/** Null: the fact's own id tells it. */
const requestBytes = (fact: Fact): Uint8Array | null =>
  fact.requestId === requestOf(FactEvents.idOf(fact)) ? null : PostgresIds.toBytes(fact.requestId)

const toColumns = (facts: ReadonlyArray<PlacedFact>): ReadonlyArray<unknown> => {
  const encoded = facts.map(encode)
  return [
    bigints(facts.map(({ place }) => place.position)),
    texts(facts.map(({ place }) => place.stream)),
    bigints(facts.map(({ place }) => place.version)),
    integers(facts.map(({ fact }) => countOf(fact))),
    binaries(facts.map(({ fact }) => PostgresIds.toBytes(FactEvents.idOf(fact)))),
    texts(facts.map(({ fact }) => PostgresIdRanges.toText(fact, FactEvents.idOf(fact)))),
    binaries(facts.map(({ fact }) => requestBytes(fact))),
    texts(
      facts.map(({ fact: { sessionId }, place: { stream } }) =>
        sessionId !== null && stream === streamOf(sessionId) ? ofStream : sessionId
      )
    ),
    texts(facts.map(({ fact }) => fact.parentSessionId)),
    texts(facts.map(({ fact }) => fact.principal)),
    texts(facts.map(({ fact }) => fact.call?.provider ?? null)),
    bigints(facts.map(({ fact }) => shapeOf(FactShape.textOf(fact)))),
    integers(facts.map(({ fact }) => unpruned(fact, "debug"))),
    integers(facts.map(({ fact }) => unpruned(fact, "raw"))),
    bigints(facts.map(({ fact }) => lastOf(fact, "debug"))),
    bigints(facts.map(({ fact }) => lastOf(fact, "raw"))),
    binaries(encoded.map(({ bytes }) => bytes)),
    bigints(facts.map(({ fact }) => positionOfBase(fact))),
    texts(encoded.map(({ passages }) => passages ?? null)),
    texts(encoded.map(({ bodyPassages }) => bodyPassages ?? null)),
    texts(facts.map(({ fact }) => fact.tenant))
  ]
}

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

/** `sources`: of what it refers to. */
export const toFact = (row: Row, sources: Sources): PlacedFact => ({
  place: { position: Number(row["position"]), stream: String(row["stream"]), version: Number(row["version"]) },
  fact: FactCodec.decode(row["fact"] as Uint8Array, {
    tenant: String(row["tenant"]),
    requestId: row["request_id"] instanceof Uint8Array
      ? PostgresIds.ofBytes(row["request_id"])
      : requestOf(PostgresIds.ofBytes(row["id"] as Uint8Array)),
    sessionId: row["session_id"] === ofStream
      ? sessionOf(String(row["stream"])) ?? null
      : textOrNull(row["session_id"]),
    parentSessionId: textOrNull(row["parent_session_id"]),
    principal: textOrNull(row["principal"])
  }, sources)
})

/** The positions of the facts that some refer to, from one to the next: `of` selects `base`. */
export const chain = (of: string): string =>
  `chain AS (${of} UNION SELECT f.base FROM chain JOIN facts AS f ON f.position = chain.base WHERE f.base IS NOT NULL)`

/**
 * What some facts and events refer to: facts from one to the next, and what of them stands in passages. `passages` selects
 * positions, and what the rows there refer to.
 */
export const sources = (bases: string | undefined, passages: string): string => {
  const ofBases = bases === undefined
    ? ""
    : `${chain(bases)}, bases AS (SELECT f.* FROM facts AS f JOIN chain ON f.position = chain.base), `
  const also = bases === undefined
    ? ""
    : `UNION SELECT places(bases.position, ${PostgresPositions.ofBodies("bases")}) FROM bases`
  const facts = `SELECT f.position, f.fact, NULL::text, NULL::bytea FROM facts AS f JOIN named USING (position)`
  // A negative position asks for the whole of what stands there, and so for what that refers to.
  return `${ofBases}first AS (SELECT places(those.position, those.passages) AS place FROM (${passages}) AS those ${also}),
    reached AS (
      SELECT place FROM first UNION SELECT places(-reached.place, coalesce(
        (SELECT e.passages FROM events AS e WHERE e.position = -reached.place),
        (SELECT f.passages FROM facts AS f WHERE f.position = -reached.place)
      )) FROM reached WHERE place < 0
    ),
    named AS (SELECT DISTINCT abs(place) AS position FROM reached),
    sources (source_position, source_fact, plain, packed) AS (
      ${bases === undefined ? "" : "SELECT position, fact, NULL::text, NULL::bytea FROM bases UNION ALL"}
      ${facts} UNION ALL SELECT e.position, NULL, e.plain_payload, e.packed_payload
        FROM events AS e JOIN named USING (position)
    )`
}

/** Of the rows of `sources`. */
export const sourcesOf = (rows: ReadonlyArray<Row>): Sources => {
  const facts = new Map<number, Uint8Array>()
  const events = new Map<number, Row>()
  for (const row of rows) {
    const position = Number(row["source_position"])
    if (row["source_fact"] instanceof Uint8Array) facts.set(position, row["source_fact"])
    else events.set(position, { plain_payload: row["plain"], packed_payload: row["packed"] })
  }
  const payloads = new StoredPayloads((position, part) => {
    const [fact, event] = [facts.get(position), events.get(position)]
    if (fact !== undefined) return FactCodec.storedPayload(fact, part)
    return event === undefined ? undefined : PostgresRows.storedPayload(event)
  })
  return { textOf: new BaseTexts((position) => facts.get(position), payloads.of).of, payloadOf: payloads.of }
}

/** The facts whose ids begin with what those of a request have in common. */
const idBegins = (common: string, add: (parameter: unknown) => string): string => {
  const prefix = `${add(PostgresIds.prefixOf(common))}::bytea`
  return `id >= ${prefix} AND id < ${PostgresIds.behind(prefix)}`
}

/** The facts that may hold what a filter lets through, each with how many; undefined: none can. */
export const select = (read: Read, limit: string, add: (parameter: unknown) => string): string | undefined => {
  if (!FactEvents.mayHold(read)) return undefined
  const ofStream = read.sessionId !== undefined || read.stream !== undefined
  const isIndexed = ofStream || read.streams !== undefined || read.id !== undefined || read.requestId !== undefined
  // Few facts are of a stream or a request: the planner must not walk the whole log for them.
  const position = isIndexed ? "position + 0" : "position"
  const after = add(BigInt(read.after))
  const clauses = [`${position} > ${after}::bigint - ${mostEvents}`, `position + count > ${after}::bigint + 1`]
  const tenant = PostgresTenant.clause("facts", read, add)
  if (tenant !== undefined) clauses.push(tenant)
  if (read.id !== undefined) {
    const begun = add(FactEvents.begunStream(read.id))
    clauses.push(
      `position IN (SELECT position FROM facts WHERE ${idBegins(EventIds.commonOf(read.id), add)}
       UNION SELECT position FROM facts WHERE tenant = '' AND ${isStream("stream", begun)} AND version = 1
       UNION SELECT position FROM facts WHERE tenant <> '' AND stream = ${begun} AND version = 1)`
    )
  }
  if (read.requestId !== undefined) {
    const request = `${add(PostgresIds.toBytes(read.requestId))}::bytea`
    // All but the counter.
    const sequence = (id: string) => `substring(${id} FROM 1 FOR 14)`
    clauses.push(
      idBegins(EventIds.commonOf(read.requestId), add),
      `(request_id = ${request} OR request_id IS NULL AND ${sequence("id")} = ${sequence(request)})`
    )
  }
  if (read.sessionId !== undefined) clauses.push(isStream("stream", add(streamOf(read.sessionId))))
  if (read.stream !== undefined) clauses.push(isStream("stream", add(read.stream)))
  if (read.streams !== undefined) clauses.push(isOneOf("stream", `${add(texts(read.streams))}::text[]`))
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
    PostgresRows.columnsOr(["position", "stream", "version", "id", "session_id", "parent_session_id"]
      .concat("request_id", "principal", "tenant", "passages"))
  }, fact, base, ${
    PostgresPositions.ofBodies("candidates")
  } AS body_passages, ${events} AS events FROM (${candidates}) AS candidates`
}
