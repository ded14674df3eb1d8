/**
 * Parts of documents that have a table of their own: the items of a conversation, the versions of a prompt. They are events
 * of the document's stream, and are read under the document's rights.
 */
import { Effect, Schema } from "effect"
import { hash } from "node:crypto"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import * as Projection from "../../events/projections/Projection.ts"
import type { Row } from "../../events/projections/Projection.ts"
import { addAll } from "../../events/types/AddAll.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { DocumentNotFound } from "./DocumentErrors.ts"
import type { DocumentKind } from "./DocumentKind.ts"
import type { DocumentPage, Documents, ListQuery, ReadFailure } from "./Documents.ts"
import { pageOf } from "./Documents.ts"
import { CurrentReplayDocuments } from "./ReplayDocuments.ts"

/** As its table keeps it: what the event says that it is made of is not said again. */
export interface StoredPart<P> {
  /** Of its document: what rows are found by. */
  readonly document: string
  readonly id?: string
  readonly value?: P
}

export interface DocumentParts<P> {
  /** What an error calls one: `conversation_item`. */
  readonly type: string
  readonly projection: Projection.Projection<StoredPart<P>>
  readonly added: ReadonlySet<string>
  /** The key of a part in the table. */
  readonly keyOf: (document: string, part: string) => string
  /** What rows of a document are found by. */
  readonly columnOf: (document: string) => string
  readonly partOf: (event: RecordedEvent) => string | undefined
  readonly evolve: (value: P | undefined, event: RecordedEvent) => P | undefined
}

const separator = "/"

/** Enough to tell one from all others, and shorter than ids. */
const digestLength = 22

const digestOf = (text: string): string => hash("sha256", text, "base64url").slice(0, digestLength)

/**
 * `partOf` names the part an event is about, undefined: none. `evolve` gives the part after it, undefined where it is gone.
 */
export const make = <A, P>(kind: DocumentKind<A>, options: {
  readonly type: string
  readonly table: string
  readonly version?: number
  readonly description: string
  readonly value: Schema.Codec<P>
  /** Those that add one. */
  readonly added: ReadonlyArray<Definition>
  /** The others that are about one. */
  readonly events: ReadonlyArray<Definition>
  readonly partOf: (event: RecordedEvent) => string | undefined
  readonly evolve: (value: P | undefined, event: RecordedEvent) => P | undefined
  /** True: each is what the event says that adds it, and never changes. Its table has where that stands. */
  readonly isInEvent?: boolean
}): DocumentParts<P> => {
  const { added, description, events, evolve, isInEvent = false, partOf, table, type, value, version = 1 } = options
  const before = kind.streamOf("")
  const documentOf = ({ stream }: RecordedEvent) => stream.slice(before.length)
  const columnOf = (document: string) => isInEvent ? digestOf(document) : document
  const keyOf = (document: string, part: string) => columnOf(document) + separator + (isInEvent ? digestOf(part) : part)
  return {
    type,
    keyOf,
    columnOf,
    partOf,
    evolve,
    added: new Set(added.map(({ type }) => type)),
    projection: Projection.make<StoredPart<P>>({
      name: table,
      version,
      description,
      events: [...added, ...events],
      streams: (stream) => stream.startsWith(before),
      document: Schema.Struct({
        document: Schema.String,
        id: Schema.optionalKey(Schema.String),
        value: Schema.optionalKey(value)
      }) as Schema.Codec<StoredPart<P>>,
      key: (event) => {
        const part = partOf(event)
        return part === undefined ? undefined : keyOf(documentOf(event), part)
      },
      evolve: (part, event) => {
        const next = evolve(part?.value, event)
        if (next === undefined) return undefined
        const document = columnOf(documentOf(event))
        return isInEvent ? { document } : { document, id: partOf(event) ?? "", value: next }
      },
      ...isInEvent ? { implied: (key) => ({ document: key.slice(0, digestLength) }) } : {},
      index: { document: ({ document }) => document }
    })
  }
}

export interface PartsSince<P> {
  /** They are all that there are. */
  readonly isAll: boolean
  readonly values: ReadonlyArray<P>
  /** As of this position they are what the log says: of a document without any, where it begins. */
  readonly position: number
}

/** Parts read at once. */
const pageSize = 500

/** The parts of documents that `documents` gives. */
export const of = Effect.fnUntraced(function*<A, P>(
  parts: DocumentParts<P>,
  { get: document, kind }: Documents<A>
) {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const { added, columnOf, evolve, keyOf, partOf, projection, type } = parts

  const ofDocument: ReadonlySet<string> = new Set([...kind.projection.types, ...projection.types])

  const absent = (id: string) => new DocumentNotFound({ type, id })

  /** In a verification: those that the log had then, in order; undefined: they are in the table. */
  const replayed = Effect.fnUntraced(function*(id: string) {
    const replay = yield* CurrentReplayDocuments
    const stream = kind.streamOf(id)
    // A document that the log knows is what it was then, also where it had no parts.
    const before = replay === undefined ? [] : yield* replay.eventsOf(stream, ofDocument)
    if (before.length === 0) return undefined
    const requestId = (yield* CurrentRecording)?.options.requestId
    const since = requestId === undefined ? [] : yield* readAll(hub, { stream, requestId })
    const values = new Map<string, P>()
    for (const event of [...before, ...since]) {
      if (!projection.types.has(event.type)) continue
      const part = partOf(event)
      if (part === undefined) continue
      const next = evolve(values.get(part), event)
      if (next === undefined) values.delete(part)
      else values.set(part, next)
    }
    return values
  })

  const row = (id: string, part: string) =>
    Effect.flatMap(CurrentTenant, (tenant) => tables.get(projection, tenant, keyOf(id, part)))

  /** What rows of a document stand for, in their order: themselves, or what the events say that they are made of. */
  const valuesOf = Effect.fnUntraced(function*(
    id: string,
    rows: ReadonlyArray<Row<StoredPart<P>>>
  ): Effect.fn.Return<ReadonlyArray<P>, EventLogUnavailable> {
    const values = new Map<number, P>()
    const wanted = rows.filter(({ document }) => document.value === undefined).map(({ position }) => position)
    if (wanted.length > 0) {
      const of = { tenant: yield* CurrentTenant, stream: kind.streamOf(id), types: [...added] }
      const last = wanted.reduce((most, position) => Math.max(most, position))
      for (let after = wanted.reduce((least, position) => Math.min(least, position)) - 1; after < last;) {
        const events = yield* hub.read({ ...of, after, limit: wanted.length })
        for (const event of events) {
          const value = evolve(undefined, event)
          if (value !== undefined) values.set(event.position, value)
        }
        after = events.at(-1)?.position ?? last
      }
    }
    return rows.flatMap(({ document, position }) => document.value ?? values.get(position) ?? [])
  })

  /** Undefined where there is none; asks nobody. */
  const find = Effect.fnUntraced(function*(id: string, part: string): Effect.fn.Return<
    P | undefined,
    EventLogUnavailable
  > {
    const before = yield* replayed(id)
    if (before !== undefined) return before.get(part)
    const stored = yield* row(id, part)
    return stored === undefined ? undefined : (yield* valuesOf(id, [stored]))[0]
  })

  /** True where there is one; asks nobody. */
  const has = Effect.fnUntraced(function*(id: string, part: string): Effect.fn.Return<boolean, EventLogUnavailable> {
    const before = yield* replayed(id)
    return before === undefined ? (yield* row(id, part)) !== undefined : before.has(part)
  })

  /** Also of one that was removed: who pages goes on behind it. */
  const positionOf = Effect.fnUntraced(function*(id: string, part: string) {
    const position = (yield* row(id, part))?.position
    if (position !== undefined) return position
    const events = yield* readAll(hub, { tenant: yield* CurrentTenant, stream: kind.streamOf(id), types: [...added] })
    const event = events.find((event) => partOf(event) === part)
    return event?.position ?? (yield* absent(part))
  })

  /** Those behind a position, and where the last of them stands. */
  const rowsBehind = Effect.fnUntraced(function*(id: string, position: number) {
    const tenant = yield* CurrentTenant
    const values: Array<P> = []
    let after = position
    while (true) {
      const where = { document: columnOf(id) }
      const rows = yield* tables.list(projection, { tenant, after, limit: pageSize, where })
      addAll(values, yield* valuesOf(id, rows))
      after = rows.at(-1)?.position ?? after
      if (rows.length < pageSize) return { values, position: after }
    }
  })

  /** Where one was changed or removed last behind a position; undefined: none was. */
  const changedBehind = Effect.fnUntraced(function*(id: string, after: number) {
    const types = [...projection.types].filter((type) => !added.has(type))
    const of = { tenant: yield* CurrentTenant, stream: kind.streamOf(id), types }
    const [first] = yield* hub.read({ ...of, after, limit: 1 })
    return first === undefined ? undefined : (yield* readAll(hub, of)).at(-1)?.position
  })

  /** All of them, the oldest first. */
  const all = Effect.fnUntraced(function*(id: string): Effect.fn.Return<ReadonlyArray<P>, ReadFailure> {
    yield* document(id)
    const before = yield* replayed(id)
    return before === undefined ? (yield* rowsBehind(id, 0)).values : [...before.values()]
  })

  const beginning = (id: string) =>
    Effect.flatMap(
      CurrentTenant,
      (tenant) => Effect.map(tables.get(kind.projection, tenant, id), (row) => row?.position ?? 0)
    )

  /** What was added behind a position, the oldest first, for who knows what stands before it; all of them where that is not as it was. */
  const since = Effect.fnUntraced(function*(id: string, position: number): Effect.fn.Return<
    PartsSince<P>,
    ReadFailure
  > {
    yield* document(id)
    const before = yield* replayed(id)
    if (before !== undefined) return { isAll: true, position: 0, values: [...before.values()] }
    let changed: number | undefined
    while (true) {
      const read = yield* rowsBehind(id, changed === undefined ? position : 0)
      const again = yield* changedBehind(id, changed ?? position)
      if (again === undefined) {
        const last = Math.max(read.position, changed ?? 0)
        const isAll = position === 0 || changed !== undefined
        return { isAll, values: read.values, position: last === 0 ? yield* beginning(id) : last }
      }
      changed = again
    }
  })

  const list = Effect.fnUntraced(function*(
    id: string,
    query: ListQuery
  ): Effect.fn.Return<DocumentPage<P>, ReadFailure> {
    yield* document(id)
    const page = yield* pageOf(tables, projection, {
      ...query,
      where: { ...query.where, document: columnOf(id) },
      positionOf: (part) => positionOf(id, part)
    })
    return { ...page, data: yield* valuesOf(id, page.data) }
  })

  return {
    find,
    has,
    get: Effect.fnUntraced(function*(id: string, part: string): Effect.fn.Return<P, ReadFailure> {
      yield* document(id)
      const value = yield* find(id, part)
      return value === undefined ? yield* absent(part) : value
    }),
    all,
    since,
    list
  }
})
