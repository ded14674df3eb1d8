/**
 * The log: one ordered, append-only sequence of events, a port with adapters that pass one contract suite.
 *
 * Adapters only store. Grouping of appends and waking of readers is the hub's work.
 */
import { Context, Schema } from "effect"
import type { Effect, Result, Stream } from "effect"
import type { Appendable } from "../facts/Fact.ts"
import type { LiveEvent, RecordedEvent } from "../types/Envelope.ts"
import type { Level } from "../types/Event.ts"
import { includes } from "../types/Event.ts"
import { defaultTenant } from "../types/Tenant.ts"

/** `any`: append in any case; `none`: the stream must be new; a number: the stream must be at that version. */
export type ExpectedVersion = "any" | "none" | number

export interface Append {
  readonly stream: string
  readonly expectedVersion: ExpectedVersion
  /** Events, and facts that stand for several: all of one tenant, whose stream it is. */
  readonly events: ReadonlyArray<Appendable>
}

/** Whose stream is appended to. */
export const tenantOf = ({ events }: Pick<Append, "events">): string => {
  const tenant = events[0]?.tenant ?? defaultTenant
  for (const each of events) if (each.tenant !== tenant) throw new Error("the events of an append are of one tenant")
  return tenant
}

/** What an append became: the stream's new version and the position of its last event. */
export interface Appended {
  readonly version: number
  readonly position: number
}

/** Which events to read. Absent fields do not filter. */
export interface Filter {
  /** Absent: all tenants, for what the server does with the whole log. A stream or session is one of a tenant's. */
  readonly tenant?: string | undefined
  /** Of the one event. */
  readonly id?: string | undefined
  readonly sessionId?: string | undefined
  readonly requestId?: string | undefined
  readonly stream?: string | undefined
  /** Any of these streams of a tenant, which is named: many are read at once. */
  readonly streams?: ReadonlyArray<string> | undefined
  /** Id of a provider instance. */
  readonly provider?: string | undefined
  /** Exact types, or prefixes that end in `*` (`llm:*`). */
  readonly types?: ReadonlyArray<string> | undefined
  /** Events up to this level; default raw. */
  readonly level?: Level | undefined
}

export interface Read extends Filter {
  /** Only events behind this position. */
  readonly after: number
  readonly limit: number
}

/** The stream is not where the writer thought it was; nothing was appended. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>()("VersionConflict", {
  stream: Schema.String,
  expected: Schema.Union([Schema.Literals(["any", "none"]), Schema.Int]),
  actual: Schema.Int
}) {
  override get message(): string {
    return `Stream ${this.stream} is at version ${this.actual}, expected ${this.expected}`
  }
}

/**
 * An event of this id stands in the log already, and not as this append would have it; nothing was appended.
 * An append whose events all stand in its stream, one behind the other, is no failure: it is answered as the first time.
 */
export class EventIdTaken extends Schema.TaggedError<EventIdTaken>()("EventIdTaken", {
  id: Schema.String,
  stream: Schema.String,
  position: Schema.Int
}) {
  override get message(): string {
    return `The event ${this.id} stands in the log already, at position ${this.position} in stream ${this.stream}`
  }
}

/** Why a single append was refused; the rest of its group is not concerned. */
export type AppendRefused = VersionConflict | EventIdTaken

/** The log could not be read or written. What was to be appended is not in it. */
export class EventLogUnavailable extends Schema.TaggedError<EventLogUnavailable>()("EventLogUnavailable", {
  operation: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `The event log could not ${this.operation}: ${this.reason}`
  }
}

/** The log could not be opened; the message says what to do. */
export class EventLogOpenFailed extends Schema.TaggedError<EventLogOpenFailed>()("EventLogOpenFailed", {
  message: Schema.String
}) {}

export class EventLog extends Context.Service<EventLog, {
  /**
   * Commits a group at once, projections included; each append succeeds or is refused on its own, in the order given.
   * Event ids are unique in the log: to append the same events to the same stream again changes nothing.
   * Streams have their versions within a tenant; positions and ids are those of the whole log.
   */
  commit(group: ReadonlyArray<Append>): Effect.Effect<
    ReadonlyArray<Result.Result<Appended, AppendRefused>>,
    EventLogUnavailable
  >
  /** Events in order of position. */
  read(options: Read): Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable>
  /** The position of the last committed event; 0 when empty. */
  readonly head: Effect.Effect<number, EventLogUnavailable>
  /** Says that another process may have committed events. */
  readonly changes: Stream.Stream<void>
}>()("strata/events/log/EventLog") {}

/** `llm:*,api:request` as a filter's list. */
export const parseTypes = (types: string | undefined): ReadonlyArray<string> | undefined =>
  types?.split(",").map((each) => each.trim()).filter((each) => each !== "")

/** True for an event that a filter lets through. */
export const matches = (filter: Filter, event: Omit<RecordedEvent | LiveEvent, "payload">): boolean =>
  includes(filter.level ?? "raw", event.level) &&
  (filter.tenant === undefined || filter.tenant === event.tenant) &&
  (filter.id === undefined || filter.id === event.id) &&
  (filter.sessionId === undefined || filter.sessionId === event.sessionId) &&
  (filter.requestId === undefined || filter.requestId === event.requestId) &&
  (filter.stream === undefined || filter.stream === event.stream) &&
  (filter.streams === undefined || filter.streams.includes(event.stream)) &&
  (filter.provider === undefined || filter.provider === event.provider) &&
  typeMatches(filter.types, event.type)

/** True for a type that a filter's list names. */
export const typeMatches = (types: ReadonlyArray<string> | undefined, type: string): boolean =>
  types === undefined ||
  types.some((wanted) => wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : wanted === type)

/** The version a stream must have for the append, or undefined where it conflicts. */
export const conflictOf = (append: Append, actual: number): VersionConflict | undefined => {
  const { expectedVersion: expected, stream } = append
  if (expected === "any" || actual === (expected === "none" ? 0 : expected)) return undefined
  return new VersionConflict({ stream, expected, actual })
}
