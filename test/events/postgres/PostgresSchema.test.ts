/** Tables that an older Strata made are brought up to date, and keep what they hold. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ConsumerGroups } from "../../../src/events/log/ConsumerGroups.ts"
import * as PostgresDatabase from "../../../src/events/postgres/PostgresDatabase.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import * as Postgres from "../../support/Postgres.ts"

/** As the version before owners left it. */
const older = Effect.fnUntraced(function*(schema: string) {
  yield* Effect.scoped(PostgresDatabase.open({ url: Postgres.url, schema, access: "write" }))
  yield* Postgres.run(schema, "ALTER TABLE consumer_groups DROP COLUMN owner, DROP COLUMN owner_attributes")
  yield* Postgres.run(schema, "INSERT INTO consumer_groups VALUES ('billing', 42, NULL, NULL)")
  yield* Postgres.run(schema, "UPDATE schema_version SET version = 2")
})

describe.skipIf(Postgres.unsupported !== undefined)("PostgresSchema", () => {
  it.effect("lets groups of before owners be nobody's, and goes on with them", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* older(schema)
      yield* Effect.gen(function*() {
        const groups = yield* ConsumerGroups
        const before = { name: "billing", position: 42, member: null, claimedUntil: null, owner: null }
        assert.deepStrictEqual(yield* groups.list, [before])
        assert.deepStrictEqual(
          yield* groups.moveTo({ group: "billing", position: 43, member: null, owner: null, reset: false }),
          { moved: true, group: { ...before, position: 43 } }
        )
      }).pipe(Effect.provide(PostgresStore.layer({ url: Postgres.url, schema, access: "write" })))
    }))
})
