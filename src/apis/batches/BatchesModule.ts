/** Batches of requests, of OpenAI's clients and of Anthropic's. */
import { anthropic } from "../../kernel/dialects/anthropic/AnthropicDialect.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { BatchesRoutes } from "./BatchesRoutes.ts"
import * as BatchEvents from "./BatchEvents.ts"
import { BatchKind } from "./BatchKind.ts"

export const BatchesModule = ApiModule.make({
  name: "batches",
  routes: BatchesRoutes,
  events: BatchEvents.all,
  projections: [BatchKind.projection],
  errors: {
    createMessageBatch: anthropic,
    listMessageBatches: anthropic,
    retrieveMessageBatch: anthropic,
    deleteMessageBatch: anthropic,
    cancelMessageBatch: anthropic,
    listMessageBatchResults: anthropic
  },
  live: () => import("./BatchesLive.ts")
})
