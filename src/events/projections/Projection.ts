/** A projection: a fold of events into a table of documents, kept with the log. */
import type { Schema } from "effect"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Definition } from "../types/Event.ts"

/** A value a table can be searched by. */
export type IndexValue = string | number | null

export interface Projection<Document = unknown> {
  /** Also the name of its table: lower-case letters and underscores. */
  readonly name: string
  /** Raised when `key`, `evolve` or `index` change: tables of another version are rebuilt when the log is opened. */
  readonly version: number
  readonly description: string
  /** Types of the events it folds, each from the streams that are its own. */
  readonly types: ReadonlySet<string>
  /** True of the streams it folds. */
  readonly streams: (stream: string) => boolean
  /** The document an event belongs to; undefined: none. */
  readonly key: (event: RecordedEvent) => string | undefined
  /** True of an event before which there can be no document: none is looked for. Absent: of none. */
  readonly begins?: ((event: RecordedEvent) => boolean) | undefined
  /** True where each document is of one event: none is looked for before, and none is remembered. Default: false. */
  readonly once?: boolean | undefined
  /** The document after the event, from the document before; undefined stands for no document, before and after. */
  readonly evolve: (document: Document | undefined, event: RecordedEvent) => Document | undefined
  /** Values to search the table by, drawn from the document. */
  readonly index: Readonly<Record<string, (document: Document) => IndexValue>>
  /** What the documents are. */
  readonly document: Schema.Codec<Document>
  /**
   * Values that fields have unless they are stored: what most documents say, or what follows from their key and from
   * fields that are not implied themselves; of an object within it, field by field. Absent: all of a document is stored.
   */
  readonly implied?: ((key: string, document: Document) => Partial<Document>) | undefined
}

/** A row of a projection's table. */
export interface Row<Document> {
  /** Of the events it is made of: keys are unique within a tenant. */
  readonly tenant: string
  readonly key: string
  /** Position of the event that made the document: rows are listed in this order. */
  readonly position: number
  readonly document: Document
}

export interface Options<Document> {
  readonly name: string
  readonly version: number
  readonly description: string
  readonly events: ReadonlyArray<Definition>
  /** True of the streams it folds: what stands elsewhere says nothing, whatever its type. */
  readonly streams: (stream: string) => boolean
  /** JSON: it is stored as it is. */
  readonly document: Schema.Codec<Document>
  readonly key: Projection<Document>["key"]
  readonly evolve: Projection<Document>["evolve"]
  readonly begins?: Projection<Document>["begins"]
  readonly once?: Projection<Document>["once"]
  readonly implied?: Projection<Document>["implied"]
  readonly index?: Projection<Document>["index"]
}

const validName = /^[a-z][a-z_]{0,40}$/

/** Declares a projection. `evolve` must be pure: the same events give the same table, byte for byte. */
export const make = <Document>(options: Options<Document>): Projection<Document> => {
  const { events, index = {}, key, streams, ...rest } = options
  for (const name of [options.name, ...Object.keys(index)]) {
    if (!validName.test(name)) throw new Error(`"${name}" can't name a table or column: ${validName}`)
  }
  return {
    ...rest,
    streams,
    index,
    types: new Set(events.map(({ type }) => type)),
    key: (event) => streams(event.stream) ? key(event) : undefined
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- a list of projections over documents of any kind
export type AnyProjection = Projection<any>

/** The values of a row's columns, its key among them. */
export const columnsOf = (projection: AnyProjection, { document, key }: Row<unknown>) => (column: string): IndexValue =>
  column === "key" ? key : projection.index[column]?.(document) ?? null
