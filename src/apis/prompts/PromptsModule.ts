/** Prompts and their versions. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as PromptEvents from "./PromptEvents.ts"
import { PromptsKind, PromptVersions } from "./PromptsKind.ts"
import { PromptsRoutes } from "./PromptsRoutes.ts"

export const PromptsModule = ApiModule.make({
  name: "prompts",
  routes: PromptsRoutes,
  events: PromptEvents.all,
  projections: [PromptsKind.projection, PromptVersions.projection],
  live: () => import("./PromptsLive.ts")
})
