/** What a commit costs. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Result } from "effect"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import { balances, moved, opened, owners } from "../../support/Accounts.ts"
import { drafts } from "../../support/EventDrafts.ts"
import { answer, ofParts } from "../../support/Facts.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TcpProxy from "../../support/TcpProxy.ts"

describe.skipIf(Postgres.unsupported !== undefined)("a commit to PostgreSQL", () => {
  it.live("takes four round trips, whatever the group holds and however many tables are kept", () =>
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
      for (const round of [1, 2, 3]) {
        const before = yield* proxy.sent
        const results = yield* log.commit(group(round))
        assert.deepStrictEqual(results.map(Result.isSuccess), [true, true, true, false])
        assert.isAtMost((yield* proxy.sent) - before, 4, `round ${round}`)
      }
      const row = yield* Context.get(store, ProjectionTables).get(owners, "", "x")
      assert.deepStrictEqual(row?.document, { opened: 3 })
    }))
})
