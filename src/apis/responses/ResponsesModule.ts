/** Responses of models with tools, kept and gone on from. */
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import { ResponseKind } from "./ResponseKind.ts"
import { ResponsesRoutes } from "./ResponsesRoutes.ts"

export const ResponsesModule = ApiModule.make({
  name: "responses",
  routes: ResponsesRoutes,
  events: ResponseEvents.all,
  projections: [ResponseKind.projection],
  dialects: { createResponse: responses },
  live: () => import("./ResponsesLive.ts")
})
