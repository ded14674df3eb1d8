/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import type { ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as BytesHandler from "../../kernel/modules/BytesHandler.ts"
import type { InferenceError } from "./Inference.ts"
import { Inference } from "./Inference.ts"
import { toHttpError } from "./InferenceErrors.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

/** A vendor's refusal passes as it came. */
const failed = (error: InferenceError) =>
  error._tag === "ProviderRejected"
    ? Effect.succeed<Bytes>({
      status: error.status,
      headers: { ...error.headers, "content-type": "application/json" },
      body: error.text
    })
    : Effect.fail(toHttpError(error))

export const InferenceHandlers = ApiHandlers.make(
  InferenceRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createChatCompletion: BytesHandler.make((request: ChatCompletionRequest, text) =>
        Effect.catch(inference.chatCompletion({ request, text }), failed)
      )
    })
  })
)
