/** All seven pairs over a log in memory; the pair of models over the real stores too. */
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { pairs } from "../../support/Pairs.ts"
import * as Postgres from "../../support/Postgres.ts"
import { resourceContract } from "../../support/resourceContract.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const projections = pairs.map(({ kind }) => kind.projection)
const [models] = pairs

describe("over a log in memory", () => {
  const world = EventHub.layer().pipe(Layer.provideMerge(MemoryStore.layerOf(projections)))
  for (const pair of pairs) resourceContract(pair, world)
})

describe("over SQLite", () => {
  const store = Effect.map(
    TemporaryFolder.make,
    (folder) => SqliteStore.layer({ folder, access: "write", projections })
  )
  resourceContract(models, EventHub.layer().pipe(Layer.provideMerge(Layer.unwrap(store))))
})

describe.skipIf(Postgres.unsupported !== undefined)("over PostgreSQL", () => {
  const store = Effect.map(
    Postgres.schema,
    (schema) => PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections, poolSize: 4 })
  )
  resourceContract(models, EventHub.layer().pipe(Layer.provideMerge(Layer.unwrap(store))))
})
