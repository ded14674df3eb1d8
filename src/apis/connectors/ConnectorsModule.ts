/** MCP servers as OGX lists them. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ConnectorsRoutes } from "./ConnectorsRoutes.ts"

export const ConnectorsModule = ApiModule.make({
  name: "connectors",
  routes: ConnectorsRoutes,
  live: () => import("./ConnectorsLive.ts")
})
