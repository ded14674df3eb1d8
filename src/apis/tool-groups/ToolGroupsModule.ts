/** The registry of tool groups. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ToolGroupsKind } from "./ToolGroupsKind.ts"
import { ToolGroupsRoutes } from "./ToolGroupsRoutes.ts"

export const ToolGroupsModule = ApiModule.make({
  name: "tool_groups",
  routes: ToolGroupsRoutes,
  resources: [ToolGroupsKind],
  registryOf: "tool_runtime",
  live: () => import("./ToolGroupsLive.ts")
})
