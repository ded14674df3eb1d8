/** What monitoring systems read. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { MetricsRoutes } from "./MetricsRoutes.ts"

export const MetricsModule = ApiModule.make({
  name: "metrics",
  routes: MetricsRoutes,
  live: () => import("./MetricsLive.ts")
})
