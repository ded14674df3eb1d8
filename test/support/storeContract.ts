/** What every adapter must do: the log, its projections, consumer groups and retention, over one database. */
import { Effect, Layer } from "effect"
import type { Scope } from "effect"
import type { LogAdapter } from "../../src/events/log/LogAdapter.ts"
import type { AnyProjection } from "../../src/events/projections/Projection.ts"
import { consumerGroupContract } from "./consumerGroupContract.ts"
import { conversationContract } from "./conversationContract.ts"
import { eventLogContract } from "./eventLogContract.ts"
import { factContract } from "./factContract.ts"
import { followContract } from "./followContract.ts"
import { projectionContract } from "./projectionContract.ts"
import { quotaCounterContract } from "./quotaCounterContract.ts"
import { retentionContract } from "./retentionContract.ts"
import { rowFilterContract } from "./rowFilterContract.ts"

/** A database of a test's own. */
export interface Database {
  /** Opens it; what was committed is there each time, where the adapter keeps it beyond the process. */
  readonly open: (projections?: ReadonlyArray<AnyProjection>) => Layer.Layer<LogAdapter, unknown>
}

export interface Adapter {
  readonly name: string
  /** An empty one. */
  readonly database: Effect.Effect<Database, never, Scope.Scope>
  /** False where the log ends with its scope. */
  readonly durable: boolean
}

export const storeContract = (adapter: Adapter) => {
  const fresh = Layer.unwrap(Effect.map(adapter.database, ({ open }) => open()))
  eventLogContract(adapter.name, fresh)
  factContract(adapter.name, fresh)
  conversationContract(adapter)
  projectionContract(adapter)
  rowFilterContract(adapter)
  consumerGroupContract(adapter)
  quotaCounterContract(adapter)
  retentionContract(adapter)
  followContract(adapter)
}
