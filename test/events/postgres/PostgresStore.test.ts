/** The log in a PostgreSQL database. */
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import * as Postgres from "../../support/Postgres.ts"
import { storeContract } from "../../support/storeContract.ts"

describe.skipIf(Postgres.unsupported !== undefined)("PostgreSQL", () => {
  storeContract({
    name: "PostgresStore",
    database: Effect.map(Postgres.schema, (schema) => ({
      open: (projections = []) => PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections })
    })),
    durable: true
  })
})
