/** Lost connections: what is in the log afterwards, and that the store goes on by itself. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Redacted, Ref, Result, Schedule, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Append } from "../../../src/events/log/EventLog.ts"
import { EventLog, EventLogUnavailable } from "../../../src/events/log/EventLog.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import { drafts } from "../../support/EventDrafts.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TcpProxy from "../../support/TcpProxy.ts"

const all = { after: 0, limit: 10_000 }

const append = (stream: string, expectedVersion: Append["expectedVersion"] = "any"): Append => ({
  stream,
  expectedVersion,
  events: drafts(2)
})

const open = (schema: string, url: Redacted.Redacted) => PostgresStore.layer({ url, schema, access: "write" })

/** A store that reaches the server through a proxy. */
const throughProxy = Effect.gen(function*() {
  const schema = yield* Postgres.schema
  const { hostname, port } = new URL(Redacted.value(Postgres.url))
  const proxy = yield* TcpProxy.make({ host: hostname, port: port === "" ? 5432 : Number(port) })
  const url = Postgres.urlWith((url) => {
    url.hostname = "127.0.0.1"
    url.port = String(proxy.port)
  })
  const log = Context.get(yield* Layer.build(open(schema, url)), EventLog)
  return { log, proxy, schema }
})

const again = Schedule.spaced("20 millis")

describe.skipIf(Postgres.unsupported !== undefined)("a PostgreSQL log whose connections are lost", () => {
  it.live("holds what was committed when the answer got lost, once, and says so to who committed it", () =>
    Effect.gen(function*() {
      const { log, proxy } = yield* throughProxy
      // New connections: only there are statements sent as text.
      yield* proxy.down
      yield* proxy.up
      yield* proxy.cutBehind("COMMIT\u0000")
      const group = [append("a", "none"), append("b", "none")]
      const results = yield* log.commit(group)
      assert.deepStrictEqual(results, [
        Result.succeed({ version: 2, position: 2 }),
        Result.succeed({ version: 2, position: 4 })
      ])
      assert.strictEqual((yield* log.read(all)).length, 4)
      assert.deepStrictEqual(yield* log.commit(group), results)
    }))

  for (const statement of ["FROM standing", "INSERT INTO events"]) {
    it.live(`commits whole groups when the connection breaks at ${statement}`, () =>
      Effect.gen(function*() {
        const { log, proxy } = yield* throughProxy
        yield* proxy.cutBehind(statement)
        const results = yield* log.commit([append("a", "none")])
        assert.deepStrictEqual(results, [Result.succeed({ version: 2, position: 2 })])
        assert.strictEqual(yield* log.head, 2)
      }))
  }

  it.live("fails while the server is away, stores nothing of it, and goes on when it is back", () =>
    Effect.gen(function*() {
      const { log, proxy } = yield* throughProxy
      yield* log.commit([append("a")])
      yield* proxy.down
      const group = [append("a", 2)]
      for (const operation of [log.commit(group), log.read(all), log.head]) {
        const error = yield* Effect.flip(operation as Effect.Effect<unknown, EventLogUnavailable>)
        assert.instanceOf(error, EventLogUnavailable)
        assert.match(error.message, /ECONNREFUSED/)
      }
      yield* proxy.up
      assert.deepStrictEqual(yield* log.commit(group), [Result.succeed({ version: 4, position: 4 })])
      assert.strictEqual((yield* log.read(all)).length, 4)
    }))

  it.live("listens again, and says that something may have been missed", () =>
    Effect.gen(function*() {
      const { log, proxy, schema } = yield* throughProxy
      const other = Context.get(yield* Layer.build(open(schema, Postgres.url)), EventLog)
      const told = yield* Ref.make(0)
      const atLeast = (count: number) =>
        Ref.get(told).pipe(Effect.filterOrFail((n) => n >= count), Effect.retry(again), Effect.asVoid)
      yield* Effect.forkScoped(Stream.runForEach(log.changes, () => Ref.update(told, (n) => n + 1)))
      yield* atLeast(1)
      yield* other.commit([append("a")])
      yield* atLeast(2)
      yield* proxy.down
      yield* other.commit([append("a")])
      yield* proxy.up
      yield* atLeast(3)
      yield* other.commit([append("a")])
      yield* atLeast(4)
    }))

  it.live("keeps every event once while its sessions are ended over and over in the midst of a load", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const url = Postgres.urlWith((url) => url.searchParams.set("application_name", schema))
      const build = Effect.map(
        Layer.build(EventHub.layer().pipe(Layer.provide(open(schema, url)))),
        (context) => Context.get(context, EventHub)
      )
      const [writer, reader] = [yield* build, yield* build]
      const [publishers, each] = [6, 40]
      const seen: Array<number> = []
      const follower = yield* Effect.forkChild(
        Effect.suspend(() =>
          reader.follow({ after: seen.at(-1) ?? 0 }).pipe(
            Stream.take(publishers * each * 2 - seen.length),
            Stream.runForEach(({ position }) => Effect.sync(() => seen.push(position)))
          )
        ).pipe(Effect.retry(again))
      )
      const load = yield* Effect.forkChild(
        Effect.forEach(
          Array.from({ length: publishers }, (_, index) => `p${index}`),
          (stream) =>
            Effect.forEach(Array.from({ length: each }), () => {
              const events = drafts(2)
              return Effect.retry(writer.append(stream, "any", events), again)
            }),
          { concurrency: "unbounded" }
        )
      )
      const connection = yield* Postgres.connect(schema)
      const terminate = connection.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
        [schema]
      )
      const head = Effect.map(
        connection.query("SELECT last_position FROM log_state"),
        ({ rows }) => Number(rows[0]?.["last_position"])
      )
      for (const target of [40, 120, 200, 280, 360]) {
        yield* head.pipe(Effect.filterOrFail((at) => at >= target), Effect.retry(Schedule.spaced("1 millis")))
        yield* terminate
      }
      const results = (yield* Fiber.join(load)).flat()
      yield* Fiber.join(follower)
      const total = publishers * each * 2
      assert.deepStrictEqual(seen, Array.from({ length: total }, (_, index) => index + 1))
      assert.strictEqual(new Set(results.map(({ position }) => position)).size, publishers * each)
      const events = yield* Effect.retry(writer.read(all), again)
      assert.strictEqual(new Set(events.map(({ id }) => id)).size, total)
      assert.strictEqual(events.length, total)
    }))
})
