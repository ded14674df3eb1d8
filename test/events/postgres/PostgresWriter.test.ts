/** What a commit costs. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Result } from "effect"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import { balances, moved, opened, owners } from "../../support/Accounts.ts"
import { drafts } from "../../support/EventDrafts.ts"
import { answer, ofParts } from "../../support/Facts.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TcpProxy from "../../support/TcpProxy.ts"

/** A turn of a conversation: what was said before, and more. */
const turn = (number: number) => ({
  stream: "session-s",
  expectedVersion: "any" as const,
  events: [{
    ...ofParts({
      ...answer(2 * number - 1, said(number)),
      kind: "request",
      type: "llm:request",
      head: "\"method\":\"POST\",\"url\":\"/\",\"headers\":{}"
    }),
    sessionId: "s"
  }]
})

const said = (turn: number) => "what was said ".repeat(50 + turn)

describe.skipIf(Postgres.unsupported !== undefined)("a commit to PostgreSQL", () => {
  it.effect("takes two round trips, whatever the group holds and however many tables are kept", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const { hostname, port } = new URL(Redacted.value(Postgres.url))
      const proxy = yield* TcpProxy.make({ host: hostname, port: port === "" ? 5432 : Number(port) })
      const url = Postgres.urlWith((url) => {
        url.hostname = "127.0.0.1"
        url.port = String(proxy.port)
      })
      const store = yield* Layer.build(
        PostgresStore.layer({ url, schema, access: "write", poolSize: 1, projections: [balances, owners] })
      )
      const log = Context.get(store, EventLog)
      const group = (round: number) => [
        { stream: "bank", expectedVersion: "any" as const, events: [opened(`a${round}`, "x"), moved("a1", 3)] },
        { stream: "a", expectedVersion: "any" as const, events: drafts(3) },
        { stream: "a", expectedVersion: "any" as const, events: [ofParts(answer(2 * round - 1, "x"))] },
        { stream: "b", expectedVersion: 99, events: drafts(1) }
      ]
      // The first connects.
      yield* log.commit([{ stream: "a", expectedVersion: "any", events: drafts(1) }])
      for (const round of [1, 2, 3]) {
        const before = yield* proxy.sent
        const results = yield* log.commit(group(round))
        assert.deepStrictEqual(results.map(Result.isSuccess), [true, true, true, false])
        assert.isAtMost((yield* proxy.sent) - before, 2, `round ${round}`)
      }
      const row = yield* Context.get(store, ProjectionTables).get(owners, "", "x")
      assert.deepStrictEqual(row?.document, { opened: 3 })
    }))

  it.effect("after a crash of the server refers to nothing, and counts on nothing, that it may have lost", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const url = Postgres.urlWith((url) => url.searchParams.set("application_name", schema))
      const store = yield* Layer.build(PostgresStore.layer({ url, schema, access: "write" }))
      const log = Context.get(store, EventLog)
      yield* log.commit([turn(1)])
      yield* log.commit([turn(2)])
      // The last commits were not on the disk yet; others stand in their place.
      yield* Postgres.run(
        schema,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
        [
          schema
        ]
      )
      yield* Postgres.run(schema, "DELETE FROM facts")
      yield* Postgres.run(schema, "DELETE FROM fact_shapes")
      yield* Postgres.run(schema, "UPDATE log_state SET last_position = 0")
      const other = Context.get(
        yield* Layer.build(PostgresStore.layer({ url: Postgres.url, schema, access: "write" })),
        EventLog
      )
      yield* other.commit([{ ...turn(9), stream: "other" }, { ...turn(10), stream: "other" }])
      yield* Postgres.run(schema, "DELETE FROM fact_shapes")
      yield* log.commit([turn(3)])
      const [event] = yield* other.read({ after: 4, types: ["llm:request:raw"], limit: 10 })
      assert.include(event?.payload, said(3))
    }))

  it.effect("lets no turn refer to what another process has pruned, whatever else is appended beside it", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const open = Layer.build(PostgresStore.layer({ url: Postgres.url, schema, access: "write" }))
      const [store, other] = [yield* open, yield* open]
      const log = Context.get(store, EventLog)
      yield* log.commit([turn(1)])
      yield* Context.get(other, PayloadRetention).prune({ level: "raw", before: Infinity, limit: 10, now: 1 })
      yield* log.commit([turn(2), { stream: "session-s", expectedVersion: "any", events: drafts(1) }])
      const [, event] = yield* log.read({ after: 0, types: ["llm:request:raw"], limit: 10 })
      assert.include(event?.payload, said(2))
    }))
})
