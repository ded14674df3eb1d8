/** Calls a vendor in its dialect: the body goes out and the answer comes back untouched. */
import { Effect, Result } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import { isBrokenFrame } from "../../events/types/Framing.ts"
import { parse } from "../../events/types/JsonAccess.ts"
import * as Bytes from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import * as AnswerFailure from "../calls/AnswerFailure.ts"
import type { AnswerJudge } from "../calls/AnswerFailure.ts"
import { CurrentCall } from "../calls/Call.ts"
import * as RecordingResponse from "../calls/RecordingResponse.ts"
import * as VendorCall from "../calls/VendorCall.ts"
import * as VendorWords from "../calls/VendorWords.ts"
import type { ProviderError, ProviderRejected } from "../http/ProviderErrors.ts"
import { ProviderFailed } from "../http/ProviderErrors.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import * as LlmErrors from "../messages/LlmErrors.ts"
import { summaryOf } from "../messages/TokenCount.ts"
import { CurrentProviderData, none } from "../provider/ProviderData.ts"
import type { Dialect, TokenCounting } from "./Dialect.ts"
import * as DialectStream from "./DialectStream.ts"
import * as Unframed from "./framing/Unframed.ts"
import { lastFrameAtEnd, longestFrame } from "./sse/EndOfStream.ts"
import * as UnlabelledBody from "./sse/UnlabelledBody.ts"
import * as VendorModels from "./VendorModels.ts"
import type { WireCall, WireResponse } from "./WireCall.ts"

type Response = HttpClientResponse.HttpClientResponse
type Headers = Readonly<Record<string, string>>

export interface Options extends Omit<VendorCall.Options, "envelope" | "typed"> {
  readonly dialect: Dialect
  /** What it wants to hear with each request, where the client's own headers do not say it. */
  readonly headers?: Readonly<Record<string, string>>
  /** Where it answers, from the client's base URL on; default: the dialect's path. */
  readonly path?: Dialect["path"]
  readonly models?: {
    /** Where it lists its models, from the base URL on or on another host; default `/models`. Several lists are one. */
    readonly path?: string | ReadonlyArray<string>
    /** Reads a list; default `VendorModels.decode`. */
    readonly decode?: typeof VendorModels.decode
  }
}

/** Types under which some vendors send a stream. */
const unlabelled = /^$|^text\/plain|^application\/octet-stream/

/** Vendors without a list of models answer so; they answer. */
const withoutList: ReadonlySet<number> = new Set([404, 405, 501])

export const make = (options: Options) => {
  const { dialect, models = {}, path = dialect.path } = options
  const { framing } = dialect
  const judge: AnswerJudge = {
    ...dialect,
    summarize: dialect.summary.answer,
    ...framing === undefined ? {} : { isLastFrame: (frame) => dialect.isLastFrame(frame) || isBrokenFrame(frame) }
  }
  const dialectStream = DialectStream.of(dialect)
  const { accepted, boundedText, invalid, unreachable } = VendorCall.make({
    ...options,
    envelope: dialect.errors.envelope,
    typed: dialect.errors.typed
  })
  const broken = {
    cutOff: () =>
      new ProviderFailed({ provider: options.provider, reason: "unreachable", detail: AnswerFailure.cutOff.message }),
    tooLong: () => invalid(`a frame of its stream is longer than ${longestFrame} bytes`)
  }
  const notJson = (text: string) =>
    invalid(
      text.trimStart().startsWith("{") ? `JSON that breaks off: ${text.slice(-200)}` : `not JSON: ${text.slice(0, 200)}`
    )

  const forward = ({ headers }: Response, redactor: Redactor) =>
    VendorWords.ofHeaders(VendorCall.forward(headers), redactor)

  const streamed = (
    response: Response,
    source: ByteSource.ByteSource<HttpClientError.HttpClientError>,
    redactor: Redactor
  ): WireResponse => {
    const masked = (frames: Uint8Array) => VendorWords.ofBytes(frames, redactor)
    const frames = lastFrameAtEnd(source, dialect, unreachable, broken, masked)
    return Bytes.events(response.status, frames, forward(response, redactor), dialectStream)
  }

  /** A vendor that can't stream answers all the same. */
  const whole = (
    response: Response,
    body: WholeBody.WholeBody,
    asksStream: boolean,
    redactor: Redactor
  ): Effect.Effect<WireResponse, ProviderError> => {
    const text = WholeBody.textOf(body)
    if (!VendorCall.isJsonObject(text)) return Effect.fail(notJson(text))
    const headers = forward(response, redactor)
    const masked = VendorWords.ofBody(body, redactor)
    const frames = asksStream ? dialect.bodyAsStream?.(WholeBody.textOf(masked)) : undefined
    if (frames === undefined) {
      return Effect.succeed({ ...Bytes.json(response.status, masked, headers), dialect: dialectStream })
    }
    return Effect.succeed(Bytes.events(response.status, ByteSource.fromChunks(frames), headers, dialectStream))
  }

  const answer = (
    response: Response,
    asksStream: boolean,
    redactor: Redactor
  ): Effect.Effect<WireResponse, ProviderError> => {
    RecordingResponse.judge(response, judge)
    const type = response.headers["content-type"] ?? ""
    if (framing?.contentType !== undefined) {
      if (framing.contentType.test(type) || (asksStream && unlabelled.test(type))) {
        return Effect.succeed(streamed(response, Unframed.of(RecordingResponse.sourceOf(response), framing), redactor))
      }
    } else if (type.includes("text/event-stream")) {
      return Effect.succeed(streamed(response, RecordingResponse.sourceOf(response), redactor))
    }
    if (framing === undefined && asksStream && unlabelled.test(type)) {
      return Effect.matchEffect(UnlabelledBody.read(RecordingResponse.sourceOf(response)), {
        onFailure: (error) => Effect.fail(error._tag === "TooLong" ? invalid(error.message) : unreachable(error)),
        onSuccess: (body): Effect.Effect<WireResponse, ProviderError> =>
          typeof body === "string"
            ? whole(response, body, true, redactor)
            : Effect.succeed(streamed(response, body, redactor))
      })
    }
    return Effect.matchEffect(RecordingResponse.wholeOf(response), {
      onFailure: (error) => Effect.fail(unreachable(error)),
      onSuccess: (body): Effect.Effect<WireResponse, ProviderError> => whole(response, body, asksStream, redactor)
    })
  }

  const send = ({ headers, model, stream, text }: WireCall): Effect.Effect<WireResponse, ProviderError> =>
    Effect.withFiber((fiber) =>
      Effect.flatMap(
        accepted(
          HttpClientRequest.post(path({ model, stream }), { headers: { ...options.headers, ...headers } }).pipe(
            HttpClientRequest.bodyText(text, "application/json")
          )
        ),
        (response) => answer(response, stream, VendorWords.redactorOf(fiber))
      )
    )

  /** Asks its vendor; where that refuses, it fails as its dialect says it. */
  const counted = ({ lower, path, raise }: TokenCounting, request: ChatRequest, headers: Headers) =>
    Effect.gen(function*() {
      const { model: given } = request
      const model = given ?? ""
      const { body } = yield* Effect.mapError(
        Effect.fromResult(dialect.lower.request(request)),
        ({ message, param = null }) => LlmErrors.of({ kind: "invalid_request", message, param })
      )
      const response = yield* accepted(
        HttpClientRequest.post(path(model), { headers: { ...options.headers, ...headers } }).pipe(
          HttpClientRequest.bodyText(JSON.stringify(lower(body, model)), "application/json")
        )
      )
      // Its headers may say that it has only reckoned.
      RecordingResponse.judge(response, {
        failureOf: () => undefined,
        isLastFrame: () => false,
        summarize: ({ json }) => summaryOf(Result.getOrUndefined(raise(json, response.headers)))
      })
      const text = WholeBody.textOf(yield* Effect.mapError(RecordingResponse.wholeOf(response), unreachable))
      return yield* Effect.mapError(
        Effect.fromResult(raise(parse(text), response.headers)),
        ({ message }) => invalid(message)
      )
    })

  const paths = [models.path ?? "/models"].flat()
  const modelsTexts = Effect.forEach(
    paths,
    (path) => Effect.flatMap(accepted(HttpClientRequest.get(path, { headers: options.headers })), boundedText)
  ).pipe(
    Effect.provideService(CurrentProviderData, none),
    Effect.provideService(CurrentCall, undefined)
  )

  const hasNoList = (error: ProviderError): error is ProviderRejected =>
    error._tag === "ProviderRejected" && withoutList.has(error.status)

  const listIn = Effect.fnUntraced(function*(text: string) {
    const list = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: () => notJson(text) })
    return yield* Effect.mapError((models.decode ?? VendorModels.decode)(list), ({ message }) => invalid(message))
  })

  const listModels = Effect.gen(function*() {
    const texts = yield* Effect.catchIf(
      modelsTexts,
      hasNoList,
      ({ status }) => invalid(`${status} for its list of models: check base_url, or name the models under \`models\``)
    )
    return (yield* Effect.forEach(texts, listIn)).flat()
  })

  /** Whether the vendor answers and takes the key. */
  const health = modelsTexts.pipe(Effect.asVoid, Effect.catchIf(hasNoList, () => Effect.void))

  const { countTokens } = dialect
  return {
    dialects: [dialect],
    send,
    listModels,
    health,
    ...countTokens === undefined ? {} : {
      countTokens: (request: ChatRequest, headers: Headers = {}) => counted(countTokens, request, headers)
    }
  }
}

/** What a vendor refuses, as its dialect says it: for who asks over messages. */
export const raised =
  ({ errors }: Dialect) => (error: LlmErrors.LlmError | ProviderError): LlmErrors.LlmError | ProviderError => {
    if (error._tag !== "ProviderRejected") return error
    const { headers, provider, status, text } = error
    return LlmErrors.of(errors.raise(status, parse(text)), { provider, status, headers })
  }

/** A vendor that speaks others besides: each request is sent in its own, and what is asked for all is asked in the first. */
export const several = (options: Options, also: ReadonlyArray<Dialect>) => {
  const first = make(options)
  const { path: _, ...rest } = options
  const others = new Map(also.map((dialect) => [dialect.name, make({ ...rest, dialect })]))
  const send = (call: WireCall) => (others.get(call.dialect.name) ?? first).send(call)
  return { ...first, dialects: [...first.dialects, ...also], send: also.length === 0 ? first.send : send }
}
