/** Following the hub: the past, then the present, whatever writers and followers do meanwhile. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Schema, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Filter } from "../../../src/events/log/EventLog.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { Level } from "../../../src/events/types/Event.ts"
import { draft, drafts, matches } from "../../support/EventDrafts.ts"
import * as SlowEventLog from "../../support/SlowEventLog.ts"
import { turns } from "../../support/SlowEventLog.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const listOf = <S extends Schema.Top>(item: S, minimum: number, maximum: number) =>
  Schema.Array(item).check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum))

const Session = Schema.Literals(["s1", "s2"])
const Writer = Schema.Struct({
  stream: Schema.Literals(["a", "b", "c"]),
  steps: listOf(
    Schema.Struct({
      pause: between(0, 3),
      waits: Schema.Boolean,
      events: listOf(
        Schema.Struct({ sessionId: Session, type: Schema.Literals(["llm:request", "api:request"]), level: Level }),
        0,
        4
      )
    }),
    0,
    8
  )
})

const furthest = 15
const Follower = Schema.Struct({
  start: between(0, 30),
  after: between(0, furthest),
  /** Turns it takes for each event. */
  pace: between(0, 2),
  sessionId: Schema.UndefinedOr(Session),
  stream: Schema.UndefinedOr(Schema.Literals(["a", "b"])),
  types: Schema.UndefinedOr(listOf(Schema.Literals(["llm:*", "api:request"]), 1, 2)),
  level: Schema.UndefinedOr(Level)
})

const everything = { after: 0, limit: 10_000 }

const write = (hub: EventHub["Service"], { steps, stream }: typeof Writer.Type) =>
  Effect.forEach(steps, ({ events, pause, waits }) => {
    const given = events.map((event) => draft(event))
    return Effect.andThen(turns(pause), waits ? hub.append(stream, "any", given) : hub.publish(stream, given))
  })

/** Turns after which a follower has missed its end: every run needs far fewer. */
const patience = 5000

const joinOrDie = <A, E>(fiber: Fiber.Fiber<A, E>) =>
  Effect.raceFirst(
    Fiber.join(fiber),
    Effect.andThen(turns(patience), Effect.die(new Error("a follower waits for an event that is there")))
  )

/** An event that the filter lets through, told apart by its id. */
const endOf = ({ sessionId, stream = "end", types = ["end"] }: Filter, id: string) => ({
  stream,
  event: draft({ id, sessionId: sessionId ?? null, type: types[0]?.replace("*", "end") ?? "" })
})

const follow = (hub: EventHub["Service"], { pace, start, ...options }: typeof Follower.Type, end: string) =>
  turns(start).pipe(
    Effect.andThen(
      hub.follow(options).pipe(
        Stream.takeUntil(({ id }) => id === end),
        Stream.tap(() => turns(pace)),
        Stream.runCollect
      )
    ),
    Effect.forkChild
  )

const check = Effect.fnUntraced(function*(
  writers: ReadonlyArray<typeof Writer.Type>,
  followers: ReadonlyArray<typeof Follower.Type>
) {
  const hub = yield* EventHub
  const reading = yield* Effect.forEach(followers, (follower, index) => follow(hub, follower, `end-${index}`))
  yield* Effect.forEach(writers, (writer) => write(hub, writer), { concurrency: "unbounded" })
  yield* hub.append("fill", "any", drafts(furthest))
  for (const [index, follower] of followers.entries()) {
    const { event, stream } = endOf(follower, `end-${index}`)
    yield* hub.publish(stream, [event])
  }
  const seen = yield* Effect.forEach(reading, joinOrDie)
  const written = yield* hub.read(everything)
  assert.deepStrictEqual(written.map(({ position }) => position), written.map((_, index) => index + 1))
  for (const [index, follower] of followers.entries()) {
    const end = written.findIndex(({ id }) => id === `end-${index}`)
    const expected = written.slice(follower.after, end + 1).filter(matches(follower))
    assert.deepStrictEqual(seen[index], expected)
  }
})

describe("EventHub.follow", () => {
  it.effect.prop(
    "gives every event once and in order, from any position, under any interleaving",
    {
      writers: listOf(Writer, 1, 4),
      followers: listOf(Follower, 1, 4),
      logTurns: listOf(between(0, 3), 1, 5),
      pageSize: between(1, 5),
      maxGroup: between(1, 5)
    },
    ({ followers, logTurns, maxGroup, pageSize, writers }) =>
      check(writers, followers).pipe(
        Effect.provide(
          EventHub.layer({ pageSize, maxGroup }).pipe(Layer.provide(SlowEventLog.layer({ turns: logTurns })))
        )
      ),
    { arbitrary: { runs: 200 } }
  )

  it.effect.prop(
    "does so over SQLite",
    { writers: listOf(Writer, 1, 3), followers: listOf(Follower, 1, 3), pageSize: between(1, 5) },
    ({ followers, pageSize, writers }) =>
      Effect.scoped(Effect.gen(function*() {
        const log = SqliteStore.layer({ folder: yield* TemporaryFolder.make, access: "write" })
        const hub = Context.get(yield* Layer.build(EventHub.layer({ pageSize }).pipe(Layer.provide(log))), EventHub)
        yield* Effect.provideService(check(writers, followers), EventHub, hub)
      })),
    { arbitrary: { runs: 20 } }
  )

  it.effect("waits at the head, and each follower ends by itself", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      yield* hub.append("a", "any", drafts(3))
      const [ahead, behind] = yield* Effect.forEach(
        [5, 1],
        (after) => Effect.forkChild(Stream.runCollect(Stream.take(hub.follow({ after }), 2)))
      )
      yield* turns(50)
      assert.strictEqual(ahead?.pollUnsafe(), undefined)
      yield* hub.append("a", "any", drafts(4))
      const positions = (fiber: typeof ahead) =>
        fiber === undefined
          ? Effect.succeed([])
          : Effect.map(Fiber.join(fiber), (events) => events.map((e) => e.position))
      assert.deepStrictEqual(yield* positions(behind), [2, 3])
      assert.deepStrictEqual(yield* positions(ahead), [6, 7])
    }).pipe(Effect.provide(EventHub.layer().pipe(Layer.provide(SlowEventLog.layer())))))

  it.effect("lets others have their turn between the pages of a long past", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const pages = 20
      yield* Effect.gen(function*() {
        const hub = yield* EventHub
        yield* hub.append("s", "any", drafts(pages * 10))
        let taken = 0
        const other = yield* Effect.forkChild(
          Effect.forever(Effect.andThen(Effect.sync(() => taken++), Effect.yieldNow))
        )
        yield* hub.follow({}).pipe(Stream.take(pages * 10), Stream.runDrain)
        yield* Fiber.interrupt(other)
        assert.isAbove(taken, pages / 4)
      }).pipe(
        Effect.provide(
          EventHub.layer({ pageSize: 10 }).pipe(Layer.provide(SqliteStore.layer({ folder, access: "write" })))
        )
      )
    }))
})
