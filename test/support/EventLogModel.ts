/** The event log as a plain list, and random steps that a log and the list must take alike. */
import { assert } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { expand } from "../../src/events/facts/Expansion.ts"
import type { Append, Read } from "../../src/events/log/EventLog.ts"
import { EventIdTaken, EventLog, VersionConflict } from "../../src/events/log/EventLog.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { Level } from "../../src/events/types/Event.ts"
import { draft, matches } from "./EventDrafts.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const StreamName = Schema.Literals(["a", "b", "c"])
const Session = Schema.NullOr(Schema.Literals(["s1", "s2"]))
const Request = Schema.NullOr(Schema.Literals(["r1", "r2"]))
const Type = Schema.Literals(["llm:request", "llm:request:raw", "llm:response", "api:request"])

const AppendStep = Schema.Struct({
  stream: StreamName,
  /** Numbers and `none` hit or miss as it happens; `current` hits. */
  expected: Schema.Union([Schema.Literals(["any", "none", "current"]), between(0, 4)]),
  events: Schema.Array(
    Schema.Struct({
      sessionId: Session,
      requestId: Request,
      type: Type,
      level: Level,
      payload: Schema.Json,
      /** Takes the id of an event that was made before, where there is one: most do not. */
      reuse: Schema.UndefinedOr(between(0, 9))
    })
  ).check(Schema.isMaxLength(3))
})

const Commit = Schema.Struct({
  step: Schema.tag("commit"),
  group: Schema.Array(AppendStep).check(Schema.isMaxLength(4))
})

const ReadStep = Schema.Struct({
  step: Schema.tag("read"),
  after: between(0, 30),
  limit: between(0, 8),
  sessionId: Schema.UndefinedOr(Schema.Literals(["s1", "s2"])),
  requestId: Schema.UndefinedOr(Schema.Literals(["r1", "r2"])),
  stream: Schema.UndefinedOr(StreamName),
  types: Schema.UndefinedOr(
    Schema.Array(Schema.Union([Type, Schema.Literals(["llm:*", "llm:request*", "api:*", "*", "none"])]))
      .check(Schema.isMaxLength(2))
  ),
  level: Schema.UndefinedOr(Level)
})

export const Steps = Schema.Array(Schema.Union([Commit, Commit, ReadStep])).check(Schema.isMaxLength(20))
export type Steps = typeof Steps.Type

const versionOf = (events: ReadonlyArray<RecordedEvent>, stream: string) =>
  events.filter((event) => event.stream === stream).length

/** The answer to an append some of whose ids are known, or stand in it twice. */
const repeated = (list: ReadonlyArray<RecordedEvent>, events: ReadonlyArray<RecordedEvent>, stream: string) => {
  const known = events.map(({ id }) => list.find((event) => event.id === id))
  const first = known.find((event) => event !== undefined)
  if (first === undefined) {
    const index = events.findIndex(({ id }, at) => events.slice(0, at).some((event) => event.id === id))
    if (index === -1) return undefined
    return Result.fail(new EventIdTaken({ id: events[index]!.id, stream, position: list.length + index }))
  }
  const places = known.map((event) => event?.stream === stream ? event.version : 0)
  const last = known.at(-1)
  return last !== undefined && places.every((version, index) => version > 0 && version === places[0]! + index)
    ? Result.succeed({ version: last.version, position: last.position })
    : Result.fail(new EventIdTaken({ id: first.id, stream: first.stream, position: first.position }))
}

/** Appends to the list, or says why not. */
const appendTo = (list: Array<RecordedEvent>, append: Append) => {
  const { expectedVersion, stream } = append
  const actual = versionOf(list, stream)
  const events = expand(append.events, { stream, version: actual + 1, position: list.length + 1 })
  const again = repeated(list, events, stream)
  if (again !== undefined) return again
  const wanted = expectedVersion === "any" ? actual : expectedVersion === "none" ? 0 : expectedVersion
  if (wanted !== actual) return Result.fail(new VersionConflict({ stream, expected: expectedVersion, actual }))
  list.push(...events)
  return Result.succeed({ version: actual + events.length, position: list.length })
}

/** `current` is what the list will hold when the group has come this far. */
const commitTo = (list: Array<RecordedEvent>, group: typeof Commit.Type["group"]) => {
  const appends: Array<Append> = []
  const results = group.map(({ events, expected, stream }) => {
    const append: Append = {
      stream,
      expectedVersion: expected === "current" ? versionOf(list, stream) : expected,
      events: events.map(({ payload, reuse, ...given }) => {
        const id = reuse === undefined ? undefined : list[reuse % (list.length + 1)]?.id
        return draft({ ...given, ...(id === undefined ? {} : { id }), payload: JSON.stringify(payload) })
      })
    }
    appends.push(append)
    return appendTo(list, append)
  })
  return { appends, results }
}

const readFrom = (list: ReadonlyArray<RecordedEvent>, read: Read) =>
  list.filter(({ position }) => position > read.after).filter(matches(read)).slice(0, read.limit)

/** Takes the steps on the log in context and on a list, and compares every answer. */
export const check = Effect.fnUntraced(function*(steps: Steps) {
  const log = yield* EventLog
  const list: Array<RecordedEvent> = []
  for (const step of steps) {
    if (step.step === "commit") {
      const { appends, results } = commitTo(list, step.group)
      assert.deepStrictEqual(yield* log.commit(appends), results)
    } else {
      assert.deepStrictEqual(yield* log.read(step), readFrom(list, step))
    }
    assert.strictEqual(yield* log.head, list.length)
  }
  assert.deepStrictEqual(yield* log.read({ after: 0, limit: 1000 }), list)
})
