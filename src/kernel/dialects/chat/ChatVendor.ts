/** Calls a vendor that speaks OpenAI's dialect: the body goes out and the answer comes back untouched. */
import { Effect } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import type { Redactor } from "../../../events/redaction/Redactor.ts"
import * as Bytes from "../../bytes/Bytes.ts"
import * as ByteSource from "../../bytes/ByteSource.ts"
import * as WholeBody from "../../bytes/WholeBody.ts"
import { CurrentCall } from "../../calls/Call.ts"
import * as RecordingResponse from "../../calls/RecordingResponse.ts"
import * as VendorCall from "../../calls/VendorCall.ts"
import * as VendorWords from "../../calls/VendorWords.ts"
import type { ProviderError, ProviderRejected } from "../../http/ProviderErrors.ts"
import { ProviderFailed } from "../../http/ProviderErrors.ts"
import { CurrentProviderData, none } from "../../provider/ProviderData.ts"
import * as DialectStream from "../DialectStream.ts"
import { lastFrameAtEnd } from "../sse/EndOfStream.ts"
import * as UnlabelledBody from "../sse/UnlabelledBody.ts"
import * as BodyAsStream from "./BodyAsStream.ts"
import type { ChatCompletionAnswer, ChatCompletionCall } from "./ChatCall.ts"
import { chat } from "./ChatDialect.ts"
import * as ChatEnding from "./ChatEnding.ts"
import * as VendorModels from "./VendorModels.ts"

type Response = HttpClientResponse.HttpClientResponse

const chatStream = DialectStream.of(chat)

export interface Options extends Omit<VendorCall.Options, "envelope"> {
  /** Where the endpoints are, from the client's base URL on; default `/chat/completions` and `/models`. */
  readonly paths?: { readonly chatCompletions: string; readonly models: string }
}

const defaultPaths = { chatCompletions: chat.path({ model: "", stream: false }), models: "/models" }

/** Types under which some vendors send a stream. */
const unlabelled = /^$|^text\/plain|^application\/octet-stream/

/** Vendors without a list of models answer so; they answer. */
const withoutList: ReadonlySet<number> = new Set([404, 405, 501])

export const make = (options: Options) => {
  const { paths = defaultPaths } = options
  const { accepted, boundedText, invalid, unreachable } = VendorCall.make({
    ...options,
    envelope: chat.errors.envelope
  })
  const cutOff = () =>
    new ProviderFailed({ provider: options.provider, reason: "unreachable", detail: ChatEnding.cutOff.message })
  const notJson = (text: string) => invalid(`not JSON: ${text.slice(0, 200)}`)

  const forward = ({ headers }: Response, redactor: Redactor) =>
    VendorWords.ofHeaders(VendorCall.forward(headers), redactor)

  const streamed = (
    response: Response,
    source: ByteSource.ByteSource<HttpClientError.HttpClientError>,
    redactor: Redactor
  ): ChatCompletionAnswer => {
    const masked = (frames: Uint8Array) => VendorWords.ofBytes(frames, redactor)
    const frames = lastFrameAtEnd(source, chat, unreachable, cutOff, masked)
    return Bytes.events(response.status, frames, forward(response, redactor), chatStream)
  }

  /** A vendor that can't stream answers all the same. */
  const whole = (
    response: Response,
    body: WholeBody.WholeBody,
    asksStream: boolean,
    redactor: Redactor
  ): Effect.Effect<ChatCompletionAnswer, ProviderError> => {
    const text = WholeBody.textOf(body)
    if (!VendorCall.isJsonObject(text)) return Effect.fail(notJson(text))
    const headers = forward(response, redactor)
    const masked = VendorWords.ofBody(body, redactor)
    const frames = asksStream ? BodyAsStream.frames(WholeBody.textOf(masked)) : undefined
    if (frames === undefined) {
      return Effect.succeed({ ...Bytes.json(response.status, masked, headers), dialect: chatStream })
    }
    return Effect.succeed(Bytes.events(response.status, ByteSource.fromChunks(frames), headers, chatStream))
  }

  const answer = (
    response: Response,
    asksStream: boolean,
    redactor: Redactor
  ): Effect.Effect<ChatCompletionAnswer, ProviderError> => {
    RecordingResponse.judge(response, chat)
    const type = response.headers["content-type"] ?? ""
    if (type.includes("text/event-stream")) {
      return Effect.succeed(streamed(response, RecordingResponse.sourceOf(response), redactor))
    }
    if (asksStream && unlabelled.test(type)) {
      return Effect.matchEffect(UnlabelledBody.read(RecordingResponse.sourceOf(response)), {
        onFailure: (error) => Effect.fail(unreachable(error)),
        onSuccess: (body): Effect.Effect<ChatCompletionAnswer, ProviderError> =>
          typeof body === "string"
            ? whole(response, body, true, redactor)
            : Effect.succeed(streamed(response, body, redactor))
      })
    }
    return Effect.matchEffect(RecordingResponse.wholeOf(response), {
      onFailure: (error) => Effect.fail(unreachable(error)),
      onSuccess: (body): Effect.Effect<ChatCompletionAnswer, ProviderError> =>
        whole(response, body, asksStream, redactor)
    })
  }

  const chatCompletion = ({ request, text }: ChatCompletionCall): Effect.Effect<ChatCompletionAnswer, ProviderError> =>
    Effect.withFiber((fiber) =>
      Effect.flatMap(
        accepted(
          HttpClientRequest.post(paths.chatCompletions).pipe(HttpClientRequest.bodyText(text, "application/json"))
        ),
        (response) => answer(response, request.stream === true, VendorWords.redactorOf(fiber))
      )
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
