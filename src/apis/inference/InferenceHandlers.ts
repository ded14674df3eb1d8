/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import * as HttpBytes from "../../kernel/bytes/HttpBytes.ts"
import type { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Inference } from "./Inference.ts"
import { toHttpError } from "./InferenceErrors.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

const passThrough = ({ headers, status, text }: ProviderRejected) =>
  HttpBytes.toResponse({ status, headers: { ...headers, "content-type": "application/json" }, body: text })

export const InferenceHandlers = ApiHandlers.make(
  InferenceRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createChatCompletion: Effect.fnUntraced(function*({ payload, request }) {
        const text = yield* Effect.orDie(request.text)
        return yield* inference.chatCompletion({ request: payload, text }).pipe(
          Effect.map(HttpBytes.toResponse),
          Effect.catch((error) =>
            error._tag === "ProviderRejected"
              ? Effect.succeed(passThrough(error))
              : Effect.fail(toHttpError(error))
          )
        )
      })
    })
  })
)
