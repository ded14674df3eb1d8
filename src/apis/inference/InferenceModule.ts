/** Completions, embeddings and reranking, answered by providers. */
import { anthropic } from "../../kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as EmbeddingEvents from "./EmbeddingEvents.ts"
import { InferenceApi } from "./InferenceApi.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"
import * as RerankEvents from "./RerankEvents.ts"
import * as StoredCompletionEvents from "./StoredCompletionEvents.ts"
import { StoredCompletionsKind } from "./StoredCompletionsKind.ts"
import * as TokenCountEvents from "./TokenCountEvents.ts"
import * as VendorBatchEvents from "./VendorBatchEvents.ts"

export const InferenceModule = ApiModule.make({
  name: "inference",
  routes: InferenceRoutes,
  contract: InferenceApi,
  events: [
    ...TokenCountEvents.all,
    ...EmbeddingEvents.all,
    ...RerankEvents.all,
    ...VendorBatchEvents.all,
    ...StoredCompletionEvents.all
  ],
  projections: [StoredCompletionsKind.projection],
  dialects: { createChatCompletion: chat, createMessage: anthropic },
  errors: { countMessageTokens: anthropic },
  live: () => import("./InferenceLive.ts")
})
