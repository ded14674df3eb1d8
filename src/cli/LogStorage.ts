/** Where the log is kept, as the configuration says. */
import { Effect, Layer } from "effect"
import type { EventLogOpenFailed, EventLogUnavailable } from "../events/log/EventLog.ts"
import type { LogAdapter } from "../events/log/LogAdapter.ts"
import { placeOf, secretsOf } from "../events/postgres/PostgresUrl.ts"
import type { AnyProjection } from "../events/projections/Projection.ts"
import { ConfiguredSecrets } from "../events/redaction/Redaction.ts"
import * as SqliteStore from "../events/sqlite/SqliteStore.ts"
import type { Configuration } from "../kernel/configuration/Configuration.ts"
import * as ConfiguredCosts from "../kernel/cost/ConfiguredCosts.ts"

export type Kept = Pick<Configuration, "data" | "storage" | "recording" | "prices" | "providers">

/** For people: the data folder, or host and database. */
export const placeIn = ({ data, storage }: Kept): string =>
  storage.type === "sqlite" ? data : `PostgreSQL ${placeOf(storage.url) ?? ""}`.trim()

export const layer = (
  { data, prices, providers, recording: { durability }, storage }: Kept,
  access: "write" | "read",
  tables: ReadonlyArray<AnyProjection>
): Layer.Layer<LogAdapter, EventLogOpenFailed | EventLogUnavailable> => {
  const projections = ConfiguredCosts.price(tables, { prices, providers })
  if (storage.type === "sqlite") return SqliteStore.layer({ folder: data, access, durability, projections })
  const { pool_size: poolSize, schema, url } = storage
  return Layer.unwrap(Effect.gen(function*() {
    const secrets = yield* ConfiguredSecrets
    for (const secret of secretsOf(url)) secrets.add(secret)
    // Most servers do without: they start faster.
    const PostgresStore = yield* Effect.promise(() => import("../events/postgres/PostgresStore.ts"))
    return PostgresStore.layer({ url, schema, poolSize, access, durability, projections })
  }))
}
