/** Skills and their versions. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as SkillEvents from "./SkillEvents.ts"
import { SkillsKind, SkillVersions } from "./SkillsKind.ts"
import { SkillsRoutes } from "./SkillsRoutes.ts"

export const SkillsModule = ApiModule.make({
  name: "skills",
  routes: SkillsRoutes,
  events: SkillEvents.all,
  projections: [SkillsKind.projection, SkillVersions.projection],
  live: () => import("./SkillsLive.ts")
})
