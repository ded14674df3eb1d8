/** A model with tools, turn by turn. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as TurnEvents from "../../kernel/turn/TurnEvents.ts"
import { TurnsRoutes } from "./TurnsRoutes.ts"

export const TurnsModule = ApiModule.make({
  name: "turns",
  routes: TurnsRoutes,
  events: TurnEvents.all,
  live: () => import("./TurnsLive.ts")
})
