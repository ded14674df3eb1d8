/** Calls a vendor that speaks OpenAI's dialect: the body goes out and the answer comes back untouched. */
import { Duration, Effect } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import type { ChatCompletionAnswer, ChatCompletionCall } from "../../apis/inference/Inference.ts"
import { ProviderFailed, ProviderRejected } from "../../apis/inference/Inference.ts"
import { envelope } from "../../apis/OpenAiErrors.ts"
import * as LlmEvents from "../../events/LlmEvents.ts"
import { CurrentProviderCall } from "../recording/ProviderCall.ts"
import * as VendorError from "../VendorError.ts"
import { doneAtEnd } from "./DoneFrame.ts"
import * as OpenAiSummary from "./OpenAiSummary.ts"
import * as VendorModels from "./VendorModels.ts"

export interface Options {
  /** The provider instance. */
  readonly provider: string
  /** Sends to the vendor: base URL and keys are its business. */
  readonly client: HttpClient.HttpClient
  /** How long the vendor may take to begin its answer. */
  readonly timeout: Duration.Duration
}

/** Headers of the vendor's answer that concern the client. */
const forwarded = /^(retry-after(-ms)?|x-ratelimit-.*|openai-.*)$/

const forward = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => forwarded.test(name)))

const isJsonObject = (text: string): boolean => text.trimStart().startsWith("{")

/** A vendor's error goes through as it is; what is not JSON is put into OpenAI's envelope. */
const errorText = (provider: string, status: number, text: string): string =>
  isJsonObject(text) ? text : JSON.stringify(
    envelope(`The provider ${provider} answered ${status}: ${text.slice(0, 500)}`, { type: "upstream_error" })
  )

export const make = (options: Options) => {
  const { client, provider, timeout } = options

  const unreachable = (error: HttpClientError.HttpClientError) =>
    new ProviderFailed({ provider, reason: "unreachable", detail: VendorError.describe(error) })

  const invalid = (detail: string) => new ProviderFailed({ provider, reason: "invalid_answer", detail })
  const notJson = (text: string) => invalid(`not JSON: ${text.slice(0, 200)}`)

  const send = (request: HttpClientRequest.HttpClientRequest) =>
    client.execute(request).pipe(
      Effect.mapError(unreachable),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () =>
          Effect.fail(
            new ProviderFailed({ provider, reason: "timeout", detail: `no answer within ${Duration.format(timeout)}` })
          )
      })
    )

  const reject = Effect.fnUntraced(function*(response: HttpClientResponse.HttpClientResponse) {
    const text = yield* Effect.mapError(response.text, unreachable)
    const { headers, status } = response
    return yield* new ProviderRejected({
      provider,
      status,
      headers: forward(headers),
      text: errorText(provider, status, text)
    })
  })

  const answer = Effect.fnUntraced(function*(response: HttpClientResponse.HttpClientResponse) {
    const { status } = response
    if (status >= 400) return yield* reject(response)
    const headers = forward(response.headers)
    if (response.headers["content-type"]?.includes("text/event-stream") === true) {
      const stream = doneAtEnd(response.stream, unreachable)
      return { _tag: "Chunks", status, headers, stream } satisfies ChatCompletionAnswer
    }
    const text = yield* Effect.mapError(response.text, unreachable)
    if (!isJsonObject(text)) return yield* notJson(text)
    return { _tag: "Completion", status, headers, text } satisfies ChatCompletionAnswer
  })

  const chatCompletion = ({ request, text }: ChatCompletionCall) =>
    Effect.flatMap(
      send(HttpClientRequest.post("/chat/completions").pipe(HttpClientRequest.bodyText(text, "application/json"))),
      answer
    ).pipe(
      Effect.provideService(CurrentProviderCall, {
        events: { request: LlmEvents.Request, response: LlmEvents.Response, error: LlmEvents.Error },
        provider,
        common: { provider, model: request.model, operation: "chat" },
        request: OpenAiSummary.ofRequest(request),
        summarize: OpenAiSummary.ofAnswer
      })
    )

  const listModels = Effect.gen(function*() {
    const response = yield* send(HttpClientRequest.get("/models"))
    if (response.status >= 400) return yield* reject(response)
    const text = yield* Effect.mapError(response.text, unreachable)
    const list = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: () => notJson(text) })
    return yield* Effect.mapError(VendorModels.decode(list), ({ message }) => invalid(message))
  })

  return { chatCompletion, listModels }
}
