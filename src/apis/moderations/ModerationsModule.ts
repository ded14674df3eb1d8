/** Judgements of texts and images, by models of providers that have them. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ModerationEvents from "./ModerationEvents.ts"
import { ModerationsRoutes } from "./ModerationsRoutes.ts"

export const ModerationsModule = ApiModule.make({
  name: "moderations",
  routes: ModerationsRoutes,
  events: ModerationEvents.all,
  live: () => import("./ModerationsLive.ts")
})
