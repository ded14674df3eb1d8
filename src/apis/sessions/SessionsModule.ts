/** Recorded sessions: read, forked, verified, moved. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { SessionsRoutes } from "./SessionsRoutes.ts"

export const SessionsModule = ApiModule.make({
  name: "sessions",
  routes: SessionsRoutes,
  live: () => import("./SessionsLive.ts")
})
