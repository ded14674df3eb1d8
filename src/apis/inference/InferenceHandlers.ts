/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import type { ProviderRejected } from "../../kernel/calls/ProviderErrors.ts"
import type { ChatCompletionAnswer } from "../../kernel/dialects/chat/ChatCall.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Inference } from "./Inference.ts"
import { toOpenAiError } from "./InferenceErrors.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

/** Bytes and JSON text go out as they came in: nothing is decoded and encoded again. */
const toResponse = (answer: ChatCompletionAnswer): HttpServerResponse.HttpServerResponse =>
  answer._tag === "Completion"
    ? HttpServerResponse.text(answer.text, {
      status: answer.status,
      headers: answer.headers,
      contentType: "application/json"
    })
    : HttpServerResponse.stream(answer.stream, {
      status: answer.status,
      headers: { ...answer.headers, "cache-control": "no-cache" },
      contentType: "text/event-stream; charset=utf-8"
    })

const passThrough = (error: ProviderRejected) =>
  HttpServerResponse.text(error.text, {
    status: error.status,
    headers: error.headers,
    contentType: "application/json"
  })

export const InferenceHandlers = ApiHandlers.make(
  InferenceRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createChatCompletion: Effect.fnUntraced(function*({ payload, request }) {
        const text = yield* Effect.orDie(request.text)
        return yield* inference.chatCompletion({ request: payload, text }).pipe(
          Effect.map(toResponse),
          Effect.catch((error) =>
            error._tag === "ProviderRejected"
              ? Effect.succeed(passThrough(error))
              : Effect.fail(toOpenAiError(error))
          )
        )
      })
    })
  })
)
