/** The event log as a plain list, and random steps that a log and the list must take alike. */
import { assert } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { expand } from "../../src/events/facts/Expansion.ts"
import type { Appendable } from "../../src/events/facts/Fact.ts"
import type { Append, Read } from "../../src/events/log/EventLog.ts"
import { EventIdTaken, EventLog, VersionConflict } from "../../src/events/log/EventLog.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { Level } from "../../src/events/types/Event.ts"
import { sessionOf } from "../../src/events/types/SessionStream.ts"
import { draft, matches, tenants } from "./EventDrafts.ts"
import * as Facts from "./Facts.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Tenant = Schema.Literals(tenants)
const StreamName = Schema.Literals(["a", "b", "session-s1", "session-s2"])
const Session = Schema.NullOr(Schema.Literals(["s1", "s2"]))
const Request = Schema.NullOr(Schema.Literals(["r1", "r2"]))
const Type = Schema.Literals(["llm:request", "llm:request:raw", "llm:response", "api:request"])

/** An event that has a row of its own. */
const Single = Schema.Struct({
  sessionId: Session,
  requestId: Request,
  type: Type,
  level: Level,
  payload: Schema.Json,
  /** Takes the id of an event that was made before, where there is one: most do not. */
  reuse: Schema.UndefinedOr(between(0, 9))
})

/** A fact: two of a request often hold the same ids. */
const Several = Schema.Struct({ fact: Facts.Given })

const AppendStep = Schema.Struct({
  tenant: Tenant,
  stream: StreamName,
  /** Numbers and `none` hit or miss as it happens; `current` hits. */
  expected: Schema.Union([Schema.Literals(["any", "none", "current"]), between(0, 4)]),
  events: Schema.Array(Schema.Union([Single, Several])).check(Schema.isMaxLength(3))
})

const Commit = Schema.Struct({
  step: Schema.tag("commit"),
  group: Schema.Array(AppendStep).check(Schema.isMaxLength(4))
})

/** What was appended, or refused, is appended again. */
const Repeat = Schema.Struct({
  step: Schema.tag("repeat"),
  which: Schema.Array(between(0, 30)).check(Schema.isMaxLength(3))
})

const ReadStep = Schema.Struct({
  step: Schema.tag("read"),
  after: between(0, 60),
  limit: between(0, 20),
  /** The event that stands there, or near its id. */
  id: Schema.UndefinedOr(Schema.Struct({ at: between(0, 60), isAltered: Schema.Boolean })),
  tenant: Schema.UndefinedOr(Tenant),
  sessionId: Schema.UndefinedOr(Schema.Literals(["s1", "s2"])),
  requestId: Schema.UndefinedOr(Schema.Literals(["r1", "r2", ...Facts.requestIds])),
  provider: Schema.UndefinedOr(Schema.Literals(["p", "q", "r"])),
  stream: Schema.UndefinedOr(StreamName),
  types: Schema.UndefinedOr(
    Schema.Array(
      Schema.Union([Type, Schema.Literals(["llm:*", "llm:request*", "llm:response:raw", "api:*", "*", "none"])])
    )
      .check(Schema.isMaxLength(2))
  ),
  level: Schema.UndefinedOr(Level)
})

export const Steps = Schema.Array(Schema.Union([Commit, Commit, Repeat, ReadStep, ReadStep])).check(
  Schema.isMaxLength(20)
)
export type Steps = typeof Steps.Type

/** A stream of a tenant's. */
type Place = Pick<RecordedEvent, "tenant" | "stream">

const isIn = ({ stream, tenant }: Place) => (event: RecordedEvent): boolean =>
  event.tenant === tenant && event.stream === stream

const versionOf = (events: ReadonlyArray<RecordedEvent>, place: Place) => events.filter(isIn(place)).length

/** The answer to an append some of whose ids are known, or stand in it twice. */
const repeated = (list: ReadonlyArray<RecordedEvent>, events: ReadonlyArray<RecordedEvent>, place: Place) => {
  const known = events.map(({ id }) => list.find((event) => event.id === id))
  const first = known.find((event) => event !== undefined)
  if (first === undefined) {
    const index = events.findIndex(({ id }, at) => events.slice(0, at).some((event) => event.id === id))
    if (index === -1) return undefined
    return Result.fail(new EventIdTaken({ id: events[index]!.id, stream: place.stream, position: list.length + index }))
  }
  const places = known.map((event) => event !== undefined && isIn(place)(event) ? event.version : 0)
  const last = known.at(-1)
  return last !== undefined && places.every((version, index) => version > 0 && version === places[0]! + index)
    ? Result.succeed({ version: last.version, position: last.position })
    : Result.fail(new EventIdTaken({ id: first.id, stream: first.stream, position: first.position }))
}

/** Appends to the list, or says why not. */
const appendTo = (list: Array<RecordedEvent>, append: Append) => {
  const { expectedVersion, stream } = append
  const place = { tenant: append.events[0]?.tenant ?? "", stream }
  const actual = versionOf(list, place)
  const events = expand(append.events, { stream, version: actual + 1, position: list.length + 1 })
  const again = repeated(list, events, place)
  if (again !== undefined) return again
  const wanted = expectedVersion === "any" ? actual : expectedVersion === "none" ? 0 : expectedVersion
  if (wanted !== actual) return Result.fail(new VersionConflict({ stream, expected: expectedVersion, actual }))
  list.push(...events)
  return Result.succeed({ version: actual + events.length, position: list.length })
}

/** `current` is what the list will hold when the group has come this far. */
const commitTo = (list: Array<RecordedEvent>, group: typeof Commit.Type["group"]) => {
  const appends: Array<Append> = []
  const results = group.map(({ events, expected, stream, tenant }) => {
    const append: Append = {
      stream,
      expectedVersion: expected === "current" ? versionOf(list, { tenant, stream }) : expected,
      events: events.map((each): Appendable => {
        // A fact of a session stands in its stream.
        if ("fact" in each) return { ...Facts.factOf(each.fact, sessionOf(stream) ?? null), tenant }
        const { payload, reuse, ...given } = each
        const id = reuse === undefined ? undefined : list[reuse % (list.length + 1)]?.id
        return draft({ ...given, tenant, ...(id === undefined ? {} : { id }), payload: JSON.stringify(payload) })
      })
    }
    appends.push(append)
    return appendTo(list, append)
  })
  return { appends, results }
}

const idNear = (list: ReadonlyArray<RecordedEvent>, { at, isAltered }: { at: number; isAltered: boolean }) => {
  const id = list[at % (list.length + 1)]?.id ?? "none"
  return isAltered ? `${id.slice(0, -1)}f` : id
}

const readFrom = (list: ReadonlyArray<RecordedEvent>, read: Read) =>
  list.filter(({ position }) => position > read.after).filter(matches(read)).slice(0, read.limit)

/** Takes the steps on the log in context and on a list, and compares every answer. */
export const check = Effect.fnUntraced(function*(steps: Steps) {
  const log = yield* EventLog
  const list: Array<RecordedEvent> = []
  const tried: Array<Append> = []
  for (const step of steps) {
    if (step.step === "commit") {
      const { appends, results } = commitTo(list, step.group)
      assert.deepStrictEqual(yield* log.commit(appends), results)
      tried.push(...appends)
    } else if (step.step === "repeat") {
      const appends = tried.length === 0 ? [] : step.which.map((which) => tried[which % tried.length]!)
      const results = appends.map((append) => appendTo(list, append))
      assert.deepStrictEqual(yield* log.commit(appends), results)
    } else {
      const read = { ...step, id: step.id === undefined ? undefined : idNear(list, step.id) }
      assert.deepStrictEqual(yield* log.read(read), readFrom(list, read))
    }
    assert.strictEqual(yield* log.head, list.length)
  }
  assert.deepStrictEqual(yield* log.read({ after: 0, limit: 1000 }), list)
})
