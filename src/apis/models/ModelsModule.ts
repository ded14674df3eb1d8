/** The registry of models. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ModelsKind } from "./ModelsKind.ts"
import { ModelsRoutes } from "./ModelsRoutes.ts"

export const ModelsModule = ApiModule.make({
  name: "models",
  routes: ModelsRoutes,
  resources: [ModelsKind],
  registryOf: "inference",
  live: () => import("./ModelsLive.ts")
})
