/** What calls used and cost. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { CallCosts } from "./CallCosts.ts"
import { UsageRoutes } from "./UsageRoutes.ts"

export const UsageModule = ApiModule.make({
  name: "usage",
  routes: UsageRoutes,
  projections: [CallCosts],
  live: () => import("./UsageLive.ts")
})
