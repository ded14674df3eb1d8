/** Tools, run by providers. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ToolEvents from "./ToolEvents.ts"
import * as ToolListEvents from "./ToolListEvents.ts"
import { ToolRuntimeApi } from "./ToolRuntimeApi.ts"
import { ToolRuntimeRoutes } from "./ToolRuntimeRoutes.ts"

export const ToolRuntimeModule = ApiModule.make({
  name: "tool_runtime",
  routes: ToolRuntimeRoutes,
  contract: ToolRuntimeApi,
  events: [...ToolEvents.all, ...ToolListEvents.all],
  live: () => import("./ToolRuntimeLive.ts")
})
