/** Google's Interactions, answered by whoever serves the model. */
import { earlierInteractions, interactions } from "../../kernel/dialects/interactions/InteractionsDialect.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as InteractionEvents from "./InteractionEvents.ts"
import { InteractionsKind } from "./InteractionsKind.ts"
import { InteractionsRoutes } from "./InteractionsRoutes.ts"

export const InteractionsModule = ApiModule.make({
  name: "interactions",
  routes: InteractionsRoutes,
  events: InteractionEvents.all,
  projections: [InteractionsKind.projection],
  dialects: {
    createInteraction: interactions,
    createBetaInteraction: interactions,
    createEarlierInteraction: earlierInteractions
  },
  errors: Object.fromEntries(
    ["", "Beta", "Earlier"].flatMap((form) =>
      ["retrieve", "delete", "cancel"].map((verb) => [`${verb}${form}Interaction`, interactions])
    )
  ),
  live: () => import("./InteractionsLive.ts")
})
