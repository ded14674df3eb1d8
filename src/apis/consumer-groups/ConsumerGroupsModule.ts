/** Positions of consumers of the log. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ConsumerGroupsRoutes } from "./ConsumerGroupsRoutes.ts"

export const ConsumerGroupsModule = ApiModule.make({
  name: "consumer_groups",
  routes: ConsumerGroupsRoutes,
  live: () => import("./ConsumerGroupsLive.ts")
})
