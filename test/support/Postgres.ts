/**
 * A real PostgreSQL for tests: the one that STRATA_TEST_DATABASE_URL names, with a superuser and a check of passwords,
 * or one that is started for the run. Every test has a schema of its own.
 */
import * as PgConnection from "@effect/sql-pg/PgConnection"
import { Config, Effect, Redacted, Schema } from "effect"
import type { Scope } from "effect"
import { randomBytes } from "node:crypto"
import { inject } from "vitest"

const Answer = Schema.fromJsonString(Schema.Struct({
  url: Schema.optionalKey(Schema.String),
  unsupported: Schema.optionalKey(Schema.String),
  failed: Schema.optionalKey(Schema.String)
}))

/** A server that does not start fails the tests. */
const started = Effect.gen(function*() {
  const text = yield* Effect.tryPromise(() => fetch(inject("postgresBroker")).then((response) => response.text()))
  const answer = yield* Schema.decodeEffect(Answer)(text)
  return answer.failed === undefined ? answer : yield* Effect.die(new Error(`PostgreSQL: ${answer.failed}`))
})

const found = await Effect.runPromise(
  Effect.gen(function*() {
    const given = yield* Config.option(Config.NonEmptyString("STRATA_TEST_DATABASE_URL"))
    return given._tag === "Some" ? { url: given.value, unsupported: undefined } : yield* started
  })
)

/** Why there is no PostgreSQL on this machine; undefined: there is one. */
export const unsupported = found.unsupported

if (unsupported !== undefined) {
  process.stderr.write(`Tests with PostgreSQL are skipped: ${unsupported}. STRATA_TEST_DATABASE_URL names a server\n`)
}

/** The server, with a user that may do everything. */
export const url = Redacted.make(found.url ?? "")

/** The URL with some of it changed. */
export const urlWith = (change: (url: URL) => void): Redacted.Redacted => {
  const changed = new URL(Redacted.value(url))
  change(changed)
  return Redacted.make(changed.href)
}

/** A connection beside the store's, to look at the tables or to spoil them. */
export const connect = (schema: string): Effect.Effect<PgConnection.PgConnection, never, Scope.Scope> =>
  Effect.orDie(PgConnection.make({ url, startupParameters: { search_path: schema, client_min_messages: "error" } }))

/** Runs one statement in a schema. */
export const run = (schema: string, sql: string, parameters: ReadonlyArray<unknown> = []) =>
  Effect.scoped(Effect.flatMap(connect(schema), (connection) => Effect.orDie(connection.query(sql, parameters)))).pipe(
    Effect.map(({ rows }) => rows)
  )

/** The name of a schema that nobody uses; what the test makes of it is dropped in the end. */
export const schema = Effect.acquireRelease(
  Effect.sync(() => `test_${randomBytes(8).toString("hex")}`),
  (name) => run("public", `DROP SCHEMA IF EXISTS ${name} CASCADE`)
)

/** The password of every user below. */
export const secret = "hidden-word"

/** A user of the test's own, who may do nothing yet. */
export const user = Effect.flatMap(schema, (name) =>
  Effect.acquireRelease(
    Effect.as(run("public", `CREATE ROLE ${name} LOGIN PASSWORD '${secret}'`), {
      name,
      url: urlWith((url) => {
        url.username = name
        url.password = secret
      })
    }),
    () => Effect.andThen(run("public", `DROP OWNED BY ${name} CASCADE`), run("public", `DROP ROLE ${name}`))
  ))
