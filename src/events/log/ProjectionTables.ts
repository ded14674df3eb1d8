/** The tables of the projections, as the log's database holds them. */
import { Context, Schedule } from "effect"
import type { Effect } from "effect"
import type { AnyProjection, IndexValue, Projection, Row } from "../projections/Projection.ts"
import type { RowFilter } from "../projections/RowFilter.ts"
import { EventLogUnavailable } from "./EventLog.ts"

export interface Query {
  /** Absent: of all tenants. */
  readonly tenant?: string | undefined
  /** Only rows made behind this position; default 0. */
  readonly after?: number | undefined
  /** Only rows made before this position; absent: all. */
  readonly before?: number | undefined
  /** Default `ascending`: the oldest first. */
  readonly order?: "ascending" | "descending" | undefined
  readonly limit: number
  /** Values of the projection's index. */
  readonly where?: Readonly<Record<string, IndexValue>> | undefined
  /** Which rows, over their key and the projection's index: none beyond the limit is left out for it. */
  readonly filter?: RowFilter | undefined
}

/** Documents that name each other: from one to that whose key stands in it, and so on. */
export interface Lineage {
  readonly tenant: string
  readonly key: string
  /** Where in a document the next one's key stands, as it is stored: what is implied there names none. */
  readonly path: ReadonlyArray<string>
  readonly limit: number
}

export interface Status {
  readonly projection: AnyProjection
  readonly rows: number
  /** SHA-256 over the table: tenants, keys, positions and documents, in order of tenants and keys. */
  readonly digest: string
}

export interface Progress {
  /** The position the rebuild has reached. */
  readonly position: number
  readonly head: number
}

export interface Rebuilt {
  /** Events that were folded. */
  readonly events: number
  readonly rows: number
}

export class ProjectionTables extends Context.Service<ProjectionTables, {
  get<D>(projection: Projection<D>, tenant: string, key: string): Effect.Effect<Row<D> | undefined, EventLogUnavailable>
  /** Rows in order of position, or the other way round. */
  list<D>(projection: Projection<D>, query: Query): Effect.Effect<ReadonlyArray<Row<D>>, EventLogUnavailable>
  /** Rows one behind the other, from the one of the key on, until one names none, or none that is there. */
  lineage<D>(
    projection: Projection<D>,
    lineage: Lineage
  ): Effect.Effect<ReadonlyArray<Row<D>>, EventLogUnavailable>
  /** Reads the whole table: for checks, not for requests. */
  status(projection: AnyProjection): Effect.Effect<Status, EventLogUnavailable>
  /**
   * Makes the tables of these names anew from the log, together in one pass. Appends wait, or see the tables as they were, until it
   * is done.
   */
  rebuild(
    projections: ReadonlyArray<AnyProjection>,
    onProgress: (progress: Progress) => Effect.Effect<void>
  ): Effect.Effect<Rebuilt, EventLogUnavailable>
}>()("strata/events/log/ProjectionTables") {}

/** How who can only read waits for a server, which folds at least once a second. */
export const untilFolded = { schedule: Schedule.spaced("50 millis"), times: 60 }

/** Tables that nobody has folded so far, by their projections' names. */
export const notUpToDate = (names: Iterable<string>) =>
  new EventLogUnavailable({
    operation: "be read",
    reason: `the tables of ${[...names].join(", ")} are not up to date. ` +
      "Start the server once, or run: strata projections rebuild"
  })
