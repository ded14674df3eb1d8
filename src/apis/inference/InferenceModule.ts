/** Chat completions, answered by providers. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { InferenceApi } from "./InferenceApi.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

export const InferenceModule = ApiModule.make({
  name: "inference",
  routes: InferenceRoutes,
  contract: InferenceApi,
  live: () => import("./InferenceLive.ts")
})
