/** Vector indexes, kept by providers. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as VectorEvents from "./VectorEvents.ts"
import { VectorIoApi } from "./VectorIoApi.ts"
import { VectorIoRoutes } from "./VectorIoRoutes.ts"

export const VectorIoModule = ApiModule.make({
  name: "vector_io",
  routes: VectorIoRoutes,
  contract: VectorIoApi,
  events: VectorEvents.all,
  live: () => import("./VectorIoLive.ts")
})
