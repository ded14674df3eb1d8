/** Strata as an MCP server: its tools, and those for agents that read its log. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { McpRoutes } from "./McpRoutes.ts"

export const McpModule = ApiModule.make({
  name: "mcp",
  routes: McpRoutes,
  live: () => import("./McpLive.ts")
})
