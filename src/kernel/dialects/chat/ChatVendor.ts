/** Calls a vendor that speaks OpenAI's dialect: the body goes out and the answer comes back untouched. */
import { Effect } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpClientResponse } from "effect/http"
import * as Bytes from "../../bytes/Bytes.ts"
import * as ByteSource from "../../bytes/ByteSource.ts"
import { CurrentCall } from "../../calls/Call.ts"
import * as VendorCall from "../../calls/VendorCall.ts"
import type { ProviderError, ProviderRejected } from "../../http/ProviderErrors.ts"
import { CurrentProviderData, none } from "../../provider/ProviderData.ts"
import * as DialectStream from "../DialectStream.ts"
import { lastFrameAtEnd } from "../sse/EndOfStream.ts"
import type { ChatCompletionAnswer, ChatCompletionCall } from "./ChatCall.ts"
import { chat } from "./ChatDialect.ts"
import * as VendorModels from "./VendorModels.ts"

const chatStream = DialectStream.of(chat)

export interface Options extends Omit<VendorCall.Options, "envelope"> {
  /** Where the endpoints are, from the client's base URL on; default `/chat/completions` and `/models`. */
  readonly paths?: { readonly chatCompletions: string; readonly models: string }
}

const defaultPaths = { chatCompletions: chat.path, models: "/models" }

/** Vendors without a list of models answer so; they answer. */
const withoutList: ReadonlySet<number> = new Set([404, 405, 501])

export const make = (options: Options) => {
  const { paths = defaultPaths } = options
  const { accepted, boundedText, invalid, unreachable } = VendorCall.make({
    ...options,
    envelope: chat.errors.envelope
  })
  const notJson = (text: string) => invalid(`not JSON: ${text.slice(0, 200)}`)

  const answer = (
    response: HttpClientResponse.HttpClientResponse
  ): Effect.Effect<ChatCompletionAnswer, ProviderError> => {
    const { status } = response
    const headers = VendorCall.forward(response.headers)
    if (response.headers["content-type"]?.includes("text/event-stream") === true) {
      const stream = lastFrameAtEnd(response.stream, chat, unreachable)
      return Effect.succeed(Bytes.events(status, ByteSource.fromStream(stream), headers, chatStream))
    }
    return Effect.matchEffect(response.text, {
      onFailure: (error) => Effect.fail(unreachable(error)),
      onSuccess: (text): Effect.Effect<ChatCompletionAnswer, ProviderError> =>
        VendorCall.isJsonObject(text) ? Effect.succeed(Bytes.json(status, text, headers)) : Effect.fail(notJson(text))
    })
  }

  const chatCompletion = ({ text }: ChatCompletionCall): Effect.Effect<ChatCompletionAnswer, ProviderError> =>
    Effect.flatMap(
      accepted(
        HttpClientRequest.post(paths.chatCompletions).pipe(HttpClientRequest.bodyText(text, "application/json"))
      ),
      answer
    )

  // What all clients will see is asked for by none of them.
  const modelsText = Effect.gen(function*() {
    const response = yield* accepted(HttpClientRequest.get(paths.models))
    return yield* boundedText(response)
  }).pipe(
    Effect.provideService(CurrentProviderData, none),
    Effect.provideService(CurrentCall, undefined)
  )

  const hasNoList = (error: ProviderError): error is ProviderRejected =>
    error._tag === "ProviderRejected" && withoutList.has(error.status)

  const listModels = Effect.gen(function*() {
    const text = yield* Effect.catchIf(
      modelsText,
      hasNoList,
      ({ status }) => invalid(`${status} for its list of models: check base_url, or name the models under \`models\``)
    )
    const list = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: () => notJson(text) })
    return yield* Effect.mapError(VendorModels.decode(list), ({ message }) => invalid(message))
  })

  /** Whether the vendor answers and takes the key. */
  const health = modelsText.pipe(Effect.asVoid, Effect.catchIf(hasNoList, () => Effect.void))

  return { chatCompletion, listModels, health }
}
