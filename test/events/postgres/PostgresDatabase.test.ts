/** Opening the database: what is made there, and what is said to whom it refuses. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { EventLogOpenFailed } from "../../../src/events/log/EventLog.ts"
import type { Options } from "../../../src/events/postgres/PostgresDatabase.ts"
import * as PostgresDatabase from "../../../src/events/postgres/PostgresDatabase.ts"
import { placeOf } from "../../../src/events/postgres/PostgresUrl.ts"
import * as Postgres from "../../support/Postgres.ts"

const open = (options: Partial<Options>) => PostgresDatabase.open({ url: Postgres.url, access: "write", ...options })

const refusal = (options: Partial<Options>) =>
  Effect.map(Effect.flip(Effect.scoped(open(options))), (error) => {
    assert.instanceOf(error, EventLogOpenFailed)
    return error.message
  })

const { secret } = Postgres
const place = placeOf(Postgres.url)

/** A port where somebody listens and never says a word. */
const silent = Effect.acquireRelease(
  Effect.callback<ReturnType<typeof createServer>>((resume) => {
    const server = createServer((socket) => socket.on("error", () => undefined))
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.sync(() => server.close())
)

describe.skipIf(Postgres.unsupported !== undefined)("PostgresDatabase", () => {
  it.effect("makes its schema once, when several servers start at the same time", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* Effect.forEach([1, 2, 3, 4], () => open({ schema }), { concurrency: "unbounded" })
      const rows = yield* Postgres.run(schema, "SELECT * FROM log_state")
      assert.strictEqual(rows.length, 1)
    }))

  it.effect("waits for the disk in each commit only when it is asked to", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const setting = (options: Partial<Options>) =>
        Effect.map(
          Effect.flatMap(open({ schema, ...options }), (database) => database.query("SHOW synchronous_commit")),
          ([row]) => row?.["synchronous_commit"]
        )
      assert.strictEqual(yield* setting({}), "off")
      assert.strictEqual(yield* setting({ durability: "full" }), "on")
    }))

  it.effect("changes nothing when it is opened to be read", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      assert.strictEqual(
        yield* refusal({ schema, access: "read" }),
        `The schema ${schema} at ${place} holds no event log yet. Start the server once, or name another: storage.schema`
      )
      yield* open({ schema })
      const reader = yield* open({ schema, access: "read" })
      const error = yield* Effect.flip(reader.query("UPDATE log_state SET last_position = 1"))
      assert.include(String(error.reason.cause), "read-only transaction")
    }))

  it.effect("refuses what a newer Strata wrote", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* Effect.scoped(open({ schema }))
      yield* Postgres.run(schema, "UPDATE schema_version SET version = 99")
      const expected =
        `The schema ${schema} at ${place} was written by a newer Strata. Update Strata, or name another: storage.schema`
      assert.strictEqual(yield* refusal({ schema }), expected)
      assert.strictEqual(yield* refusal({ schema, access: "read" }), expected)
    }))

  it.effect("says when the user may not make the schema, and works in one that was made for the user", () =>
    Effect.gen(function*() {
      const { name, url } = yield* Postgres.user
      const schema = yield* Postgres.schema
      const message = yield* refusal({ schema, url })
      assert.include(message, `The user may not make the tables of Strata at ${place} (permission denied for database`)
      assert.include(message, `CREATE SCHEMA ${schema} AUTHORIZATION the_user`)
      yield* Postgres.run("public", `CREATE SCHEMA ${schema} AUTHORIZATION ${name}`)
      const database = yield* open({ schema, url })
      assert.strictEqual((yield* database.query("SELECT last_position FROM log_state")).length, 1)
    }))

  it.effect("says when the password is wrong, or the user unknown", () =>
    Effect.gen(function*() {
      const { name } = yield* Postgres.user
      const url = Postgres.urlWith((url) => {
        url.username = name
        url.password = "not-this-one"
      })
      const message = yield* refusal({ url })
      assert.strictEqual(
        message,
        `PostgreSQL at ${place} refuses the user (password authentication failed for user "${name}"). ` +
          "Check user and password in storage.url"
      )
    }))

  it.effect("says when there is no such database", () =>
    Effect.gen(function*() {
      const url = Postgres.urlWith((url) => {
        url.pathname = "/nowhere"
      })
      assert.match(
        yield* refusal({ url }),
        /^There is no such database at \S+\/nowhere \(database "nowhere" does not exist\)\. Create it,/
      )
    }))

  it.effect("says when nobody listens there", () =>
    Effect.gen(function*() {
      const message = yield* refusal({ url: Redacted.make(`postgres://strata:${secret}@127.0.0.1:9/log`) })
      assert.match(
        message,
        /^PostgreSQL at 127\.0\.0\.1:9\/log can't be reached \(.*ECONNREFUSED.*\)\. Start it, or correct/
      )
      assert.notInclude(message, secret)
    }))

  it.live("gives up on a server that says nothing", () =>
    Effect.gen(function*() {
      const { port } = (yield* silent).address() as AddressInfo
      const url = Redacted.make(`postgres://strata:${secret}@127.0.0.1:${port}/log?connect_timeout=1`)
      const message = yield* refusal({ url })
      assert.strictEqual(
        message,
        `PostgreSQL at 127.0.0.1:${port}/log can't be reached (Connection timed out). Start it, or correct storage.url`
      )
    }))

  it.effect("shows nothing of what is no URL, and takes no schema that is no plain name", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* refusal({ url: Redacted.make(`strata:${secret}@db/log`) }),
        "storage.url is not a PostgreSQL URL. Write it as postgres://user:password@host:5432/database"
      )
      assert.strictEqual(
        yield* refusal({ schema: "a\"b" }),
        "storage.schema is \"a\"b\". Use up to 50 lower-case letters, digits and underscores"
      )
    }))
})
