/** The event log, for those who watch. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { EventsRoutes } from "./EventsRoutes.ts"

export const EventsModule = ApiModule.make({
  name: "events",
  routes: EventsRoutes,
  live: () => import("./EventsLive.ts")
})
