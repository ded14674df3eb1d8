/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import type { Schema } from "effect"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import * as VendorWords from "../../kernel/calls/VendorWords.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import type { ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as BytesHandler from "../../kernel/modules/BytesHandler.ts"
import * as AwaitedStream from "../../kernel/requests/AwaitedStream.ts"
import type { InferenceError } from "./Inference.ts"
import { Inference } from "./Inference.ts"
import { toHttpError } from "./InferenceErrors.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"

/** A vendor's refusal passes as it came, but for the keys it repeats. */
const failed = (error: InferenceError) =>
  Effect.withFiber((fiber) => {
    const redactor = VendorWords.redactorOf(fiber)
    if (error._tag !== "ProviderRejected") return Effect.fail(toHttpError(error, (text) => redactor.forClient(text)))
    return Effect.succeed<Bytes>({
      status: error.status,
      headers: { ...VendorWords.ofHeaders(error.headers, redactor), "content-type": "application/json" },
      body: VendorWords.ofRejected(error, redactor)
    })
  })

export const InferenceHandlers = ApiHandlers.make(
  InferenceRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createChatCompletion: BytesHandler.make((request: ChatCompletionRequest, text) => {
        const { model } = request
        const stream = request.stream === true
        const body = request as unknown as Schema.JsonObject
        const answer = Effect.catch(inference.send({ dialect: chat, model, stream, body, text }), failed)
        return stream ? Effect.andThen(AwaitedStream.announce, answer) : answer
      })
    })
  })
)
