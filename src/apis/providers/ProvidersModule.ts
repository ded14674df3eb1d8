/** The providers of this server. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ProvidersRoutes } from "./ProvidersRoutes.ts"

export const ProvidersModule = ApiModule.make({
  name: "providers",
  routes: ProvidersRoutes,
  always: true,
  live: () => import("./ProvidersLive.ts")
})
