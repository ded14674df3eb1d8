/** Images made of texts and of other images, by models of providers that have them. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ImageEvents from "./ImageEvents.ts"
import { ImagesRoutes } from "./ImagesRoutes.ts"

export const ImagesModule = ApiModule.make({
  name: "images",
  routes: ImagesRoutes,
  events: ImageEvents.all,
  live: () => import("./ImagesLive.ts")
})
