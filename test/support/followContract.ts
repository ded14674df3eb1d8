/** What every adapter must do under a hub: followers see each event once and in order, over restarts too. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Schema, Stream } from "effect"
import type { Appendable } from "../../src/events/facts/Fact.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Filter } from "../../src/events/log/EventLog.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { draft, matches, tenants } from "./EventDrafts.ts"
import { answer, ofParts } from "./Facts.ts"
import { turns } from "./SlowEventLog.ts"
import type { Adapter, Database } from "./storeContract.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const upTo = <S extends Schema.Top>(item: S, minimum: number, maximum: number) =>
  Schema.Array(item).check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum))

const Session = Schema.Literals(["s1", "s2"])
const Type = Schema.Literals(["llm:request", "llm:response", "api:request"])

/** What one writer does between two restarts. */
const Writer = Schema.Struct({
  tenant: Schema.Literals(tenants),
  stream: Schema.Literals(["a", "b"]),
  steps: upTo(
    Schema.Struct({
      pause: between(0, 3),
      waits: Schema.Boolean,
      sessionId: Session,
      type: Type,
      count: between(1, 3),
      /** They are a fact. */
      together: Schema.Boolean
    }),
    1,
    4
  )
})

const Run = Schema.Struct({
  writers: upTo(Writer, 1, 3),
  /** The scope closes in the midst of the writing. */
  cut: Schema.Boolean
})

const Wanted = Schema.Struct({
  tenant: Schema.UndefinedOr(Schema.Literals(tenants)),
  sessionId: Schema.UndefinedOr(Session),
  stream: Schema.UndefinedOr(Schema.Literals(["a", "b"])),
  types: Schema.UndefinedOr(upTo(Schema.Literals(["llm:*", "api:request", "llm:response:raw"]), 1, 2))
})

class Follower {
  readonly filter: Filter
  readonly seen: Array<RecordedEvent> = []

  constructor(filter: Filter) {
    this.filter = filter
  }

  /** Goes on where it was when the log was closed. */
  run(hub: EventHub["Service"]) {
    return hub.follow({ ...this.filter, after: this.seen.at(-1)?.position ?? 0 }).pipe(
      Stream.runForEach((event) => Effect.sync(() => this.seen.push(event))),
      Effect.ignore
    )
  }
}

let made = 0

/** Of a request of its own. */
const factOf = (tenant: string, count: number, type: string) => ({
  ...ofParts(...Array.from({ length: count }, (_, index) => answer(1 + 2 * index, "text", { type }))),
  tenant,
  requestId: `0199cccc-0000-7000-8000-${String(++made).padStart(8, "0")}0000`
})

const write = (hub: EventHub["Service"], { steps, stream, tenant }: typeof Writer.Type) =>
  Effect.forEach(steps, ({ count, pause, sessionId, together, type, waits }) => {
    const single = Array.from({ length: count }, () => draft({ tenant, sessionId, type }))
    const events: ReadonlyArray<Appendable> = together ? [factOf(tenant, count, type)] : single
    return Effect.andThen(turns(pause), waits ? hub.append(stream, "any", events) : hub.publish(stream, events))
  }, { discard: true })

const withHub = <A>(
  database: Database,
  pageSize: number,
  use: (hub: EventHub["Service"]) => Effect.Effect<A, unknown>
) =>
  Effect.scoped(Effect.gen(function*() {
    const context = yield* Layer.build(EventHub.layer({ pageSize }).pipe(Layer.provide(database.open())))
    return yield* use(Context.get(context, EventHub))
  }))

const oneRun = (database: Database, pageSize: number, followers: ReadonlyArray<Follower>, run: typeof Run.Type) =>
  withHub(database, pageSize, (hub) =>
    Effect.gen(function*() {
      const reading = yield* Effect.forEach(followers, (follower) => Effect.forkChild(follower.run(hub)))
      const writing = yield* Effect.forkChild(
        Effect.forEach(run.writers, (writer) => write(hub, writer), { concurrency: "unbounded", discard: true })
      )
      if (run.cut) yield* turns(5)
      else yield* Fiber.join(writing)
      yield* Effect.forEach(reading, (fiber) => Fiber.interrupt(fiber), { discard: true })
    }))

/** The last word: followers that were behind read to the head, and all of it is compared. */
const compare = (database: Database, followers: ReadonlyArray<Follower>) =>
  withHub(database, 100, (hub) =>
    Effect.gen(function*() {
      const written = yield* hub.read({ after: 0, limit: 10_000 })
      assert.deepStrictEqual(written.map(({ position }) => position), written.map((_, index) => index + 1))
      assert.strictEqual(new Set(written.map(({ id }) => id)).size, written.length)
      for (const follower of followers) {
        const expected = written.filter(matches(follower.filter))
        const missing = expected.length - follower.seen.length
        yield* hub.follow({ ...follower.filter, after: follower.seen.at(-1)?.position ?? 0 }).pipe(
          Stream.take(missing),
          Stream.runForEach((event) => Effect.sync(() => follower.seen.push(event)))
        )
        assert.deepStrictEqual(follower.seen, expected)
      }
    }))

export const followContract = ({ database, durable, name }: Adapter) => {
  if (!durable) return
  describe(`${name} under a hub`, () => {
    it.effect.prop(
      "gives followers every event once and in order, over restarts, whatever is written meanwhile",
      { runs: upTo(Run, 1, 3), wanted: upTo(Wanted, 1, 3), pageSize: between(1, 5) },
      ({ pageSize, runs, wanted }) =>
        Effect.gen(function*() {
          const place = yield* database
          const followers = wanted.map((filter) => new Follower(filter))
          for (const run of runs) yield* oneRun(place, pageSize, followers, run)
          yield* compare(place, followers)
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 20 } }
    )
  })
}
