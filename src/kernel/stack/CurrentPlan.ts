/** The plan of the providers that a server runs. */
import { Context } from "effect"
import type { AnyDefinition } from "../provider/Provider.ts"
import type { StackPlan } from "./StackPlan.ts"

export class CurrentPlan extends Context.Service<CurrentPlan, StackPlan<ReadonlyArray<AnyDefinition>>>()(
  "strata/kernel/stack/CurrentPlan"
) {}
