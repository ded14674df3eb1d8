/**
 * A kind of documents that clients make and own: conversations, responses, prompts, files … A document is the fold of the
 * events of its own stream; all of a kind stand in one table, oldest first.
 */
import { Schema } from "effect"
import type { IndexValue } from "../../events/projections/Projection.ts"
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { Principal } from "../../events/types/Principal.ts"
import { ownerColumns } from "../access/AccessFilter.ts"
import type { ResourceType } from "../access/AccessResource.ts"

/** A document as its table keeps it. */
export interface StoredDocument<A> {
  readonly value: A
  /** Null: nobody's. */
  readonly owner: Principal | null
  /** Of its stream, at the last event that was folded. */
  readonly version: number
}

/** Without its value where that stands in its stream alone. */
export type TableDocument<A> = Omit<StoredDocument<A>, "value"> & Partial<Pick<StoredDocument<A>, "value">>

export const isWhole = <A>(document: TableDocument<A>): document is StoredDocument<A> => "value" in document

export interface DocumentKind<A = unknown> {
  /** What rules call it, and what its events and ids begin with: `conversation`. */
  readonly type: ResourceType
  /** What its ids begin with: `conv_`. */
  readonly prefix: string
  /** Of a kind whose values stand in streams alone, rows are without a value (`TableDocument`): `Documents` reads it. */
  readonly projection: Projection.Projection<StoredDocument<A>>
  readonly streamOf: (id: string) => string
  readonly evolve: (document: StoredDocument<A> | undefined, event: RecordedEvent) => StoredDocument<A> | undefined
}

/** What most documents are: nobody's, and as they were made. */
const ofMost = { owner: null, version: 1 }

const decodeOwner = Schema.decodeUnknownSync(Principal)

/** Whom the event that makes a document names. Each is folded: most name nobody, and nothing else of them is decoded. */
const ownerIn = (event: RecordedEvent): Principal | null => {
  const owner = field(payloadOf(event), "owner")
  return owner == null ? null : decodeOwner(owner)
}

/**
 * Declares a kind. `created` makes a document and names its `owner`; `evolve` gives the value after an event, undefined
 * where it is gone. Events of other types that stand in the stream change nothing.
 */
export const make = <A>(options: {
  readonly type: ResourceType
  readonly prefix: string
  /** Of the table: `conversations`. */
  readonly table: string
  readonly version?: number
  readonly description: string
  readonly value: Schema.Codec<A>
  /**
   * The event that takes one away, of a kind whose values are long and read one by one: its table has who may have them, and
   * what they say stands in their streams alone.
   */
  readonly valuesInStreams?: { readonly deleted: Definition }
  readonly created: Definition
  /** The others that change it. */
  readonly events: ReadonlyArray<Definition>
  readonly evolve: (value: A | undefined, event: RecordedEvent) => A | undefined
  /** Fields that all values have, as most have them: those are not stored in the table. */
  readonly implied?: (id: string) => Partial<A>
  /** Columns that lists are filtered by. Not of what stands in streams alone. */
  readonly index?: Readonly<Record<string, (value: A) => IndexValue>>
}): DocumentKind<A> => {
  const { created, description, events, implied, index = {}, prefix, table, type, value, version = 1 } = options
  const { valuesInStreams } = options
  const before = `${type}/`
  const evolve = (document: StoredDocument<A> | undefined, event: RecordedEvent): StoredDocument<A> | undefined => {
    const next = options.evolve(document?.value, event)
    if (next === undefined) return undefined
    return { value: next, ...around(document, event) }
  }
  const around = (document: Pick<StoredDocument<A>, "owner"> | undefined, event: RecordedEvent) => ({
    owner: event.type === created.type ? ownerIn(event) : document?.owner ?? null,
    version: event.version
  })
  const inTable = (document: TableDocument<A> | undefined, event: RecordedEvent): TableDocument<A> | undefined =>
    event.type === valuesInStreams?.deleted.type || document === undefined && event.type !== created.type
      ? undefined
      : around(document, event)
  return {
    type,
    prefix,
    evolve,
    streamOf: (id) => before + id,
    projection: Projection.make<StoredDocument<A>>({
      name: table,
      version,
      description,
      events: [created, ...events],
      streams: (stream) => stream.startsWith(before),
      document: Schema.Struct({
        value: Schema.optionalKey(value),
        owner: Schema.NullOr(Principal),
        version: Schema.Int
      }) as Schema.Codec<StoredDocument<A>>,
      key: ({ stream }) => stream.slice(before.length),
      // A stream is one document's alone.
      begins: ({ version }) => version === 1,
      evolve: valuesInStreams === undefined ? evolve : inTable as typeof evolve,
      ...valuesInStreams === undefined ? {} : { implied: () => ofMost },
      ...implied === undefined ? {} : { implied: (id: string) => ({ ...ofMost, value: implied(id) as A }) },
      index: {
        ...Object.fromEntries(
          Object.entries(index).map(([name, of]) => [name, (document: StoredDocument<A>) => of(document.value)])
        ),
        owner: ({ owner }) => ownerColumns.owner(owner),
        owner_attributes: ({ owner }) => ownerColumns.owner_attributes(owner)
      }
    })
  }
}
