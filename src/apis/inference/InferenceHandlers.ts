/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import type { ProviderFailed, ProviderRejected } from "../../kernel/calls/ProviderErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Inference } from "./Inference.ts"
import { toOpenAiError } from "./InferenceErrors.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

/** What came in goes out: nothing is decoded and encoded again. */
const toResponse = ({ body, headers, status }: Bytes<ProviderFailed>): HttpServerResponse.HttpServerResponse =>
  typeof body === "string"
    ? HttpServerResponse.text(body, { status, headers, contentType: headers["content-type"] })
    : HttpServerResponse.stream(body.stream, { status, headers, contentType: headers["content-type"] })

const passThrough = ({ headers, status, text }: ProviderRejected) =>
  toResponse({ status, headers: { ...headers, "content-type": "application/json" }, body: text })

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
