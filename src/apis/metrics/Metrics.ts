/** The contract of metrics: what monitoring asks for every few seconds. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"

export class Metrics extends Context.Service<Metrics, {
  /** In the Prometheus text format, for who may read the whole log. */
  readonly text: Effect.Effect<string, EventLogUnavailable | AccessDenied>
}>()("strata/apis/metrics/Metrics") {}
