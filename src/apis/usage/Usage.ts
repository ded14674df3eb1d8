/** The contract of usage: what calls used and cost, for whoever may read them. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { UsageList, UsageQuery } from "./UsageModels.ts"

export class Usage extends Context.Service<Usage, {
  /** Of the tenant and within the rights of the principal of the moment. */
  totals(query: UsageQuery): Effect.Effect<UsageList, EventLogUnavailable>
}>()("strata/apis/usage/Usage") {}
