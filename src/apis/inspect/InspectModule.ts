/** Health, version and routes of this server. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { InspectRoutes } from "./InspectRoutes.ts"

export const InspectModule = ApiModule.make({
  name: "inspect",
  routes: InspectRoutes,
  always: true,
  live: () => import("./InspectLive.ts")
})
