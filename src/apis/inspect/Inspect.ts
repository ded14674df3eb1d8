/** The contract of introspection. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { Health } from "./InspectModels.ts"

export class Inspect extends Context.Service<Inspect, {
  readonly health: Effect.Effect<Health>
  readonly version: string
}>()("strata/apis/inspect/Inspect") {}
