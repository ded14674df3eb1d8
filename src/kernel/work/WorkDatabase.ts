/** Where Effect's workflow engine keeps which work waits, runs and is to be tried again: beside the log, and not of it. */
import { Context, Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"

export class WorkDatabase extends Context.Service<WorkDatabase, {
  /** False: what is submitted is recorded, and nobody does it. */
  readonly works: boolean
  /** Several servers share it: each takes a part of the work, and the work of one that was lost. */
  readonly shared: boolean
  /** Opened when there is work. */
  readonly client: Effect.Effect<Layer.Layer<SqlClient.SqlClient, unknown>>
}>()("strata/kernel/work/WorkDatabase") {
  /** Of a verification: what was done in the background stands in the log as requests of its own. */
  static readonly none = Layer.succeed(WorkDatabase, { works: false, shared: false, client: Effect.never })
}
