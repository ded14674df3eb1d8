/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import * as HttpBytes from "../../kernel/bytes/HttpBytes.ts"
import type { ChatCompletionAnswer } from "../../kernel/dialects/chat/ChatCall.ts"
import type { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import type { InferenceError } from "./Inference.ts"
import { Inference } from "./Inference.ts"
import { toHttpError } from "./InferenceErrors.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

const passThrough = ({ headers, status, text }: ProviderRejected) =>
  HttpBytes.toResponse({ status, headers: { ...headers, "content-type": "application/json" }, body: text })

const answering = {
  onSuccess: (bytes: ChatCompletionAnswer) => Effect.succeed(HttpBytes.toResponse(bytes)),
  onFailure: (error: InferenceError) =>
    error._tag === "ProviderRejected" ? Effect.succeed(passThrough(error)) : Effect.fail(toHttpError(error))
}

export const InferenceHandlers = ApiHandlers.make(
  InferenceRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createChatCompletion: ({ payload, request }) =>
        Effect.matchEffect(
          Effect.flatMap(Effect.orDie(request.text), (text) => inference.chatCompletion({ request: payload, text })),
          answering
        )
    })
  })
)
