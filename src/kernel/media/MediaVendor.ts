/** Asks a vendor for sound, texts of sound, pictures and judgements: the body goes out and the answer comes back untouched. */
import { Cause, Effect } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import * as Bytes from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import * as AnswerFailure from "../calls/AnswerFailure.ts"
import * as RecordingResponse from "../calls/RecordingResponse.ts"
import * as VendorCall from "../calls/VendorCall.ts"
import * as VendorWords from "../calls/VendorWords.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import { lastFrameAtEnd, longestFrame } from "../dialects/sse/EndOfStream.ts"
import type { WireResponse } from "../dialects/WireCall.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"
import { ProviderFailed } from "../http/ProviderErrors.ts"
import type { MediaCall } from "./MediaCall.ts"
import * as MediaCalls from "./MediaCall.ts"
import type { MediaOperation } from "./MediaOperation.ts"
import * as MediaStream from "./MediaStream.ts"

export interface Options extends Omit<VendorCall.Options, "envelope" | "typed"> {
  /** What it wants to hear with each request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Where it answers, from the client's base URL on; default: the operation's path. */
  readonly path?: (operation: MediaOperation, model: string) => string
  /** How its body calls the model; default: as it is asked. */
  readonly modelName?: (model: string) => string
}

type Response = HttpClientResponse.HttpClientResponse

const typeOf = ({ headers }: Response): string => headers["content-type"] ?? ""

/** Bytes that are no text, whatever the vendor calls them. */
const isSound = ({ answers }: MediaOperation, type: string): boolean =>
  answers === "audio" && !/json|^text\//.test(type)

export const make = (options: Options) => {
  const { modelName, path = ({ path }) => path, provider } = options
  const { accepted, invalid, unreachable } = VendorCall.make({ ...options, envelope: chat.errors.envelope })
  const broken = {
    cutOff: () => new ProviderFailed({ provider, reason: "unreachable", detail: AnswerFailure.cutOff.message }),
    tooLong: () => invalid(`a frame of its stream is longer than ${longestFrame} bytes`)
  }

  /** What breaks a wire is the provider's failure. */
  const failing = (source: ReturnType<typeof RecordingResponse.sourceOf>) =>
    ByteSource.through<HttpClientError.HttpClientError, ProviderFailed>(source, (sink) => ({
      chunk: (bytes) => sink.chunk(bytes),
      end: () => sink.end(),
      fail: (cause) => sink.fail(Cause.map(cause, unreachable))
    }))

  const answered = (operation: MediaOperation, response: Response): Effect.Effect<WireResponse, ProviderError> =>
    Effect.withFiber((fiber) => {
      const redactor = VendorWords.redactorOf(fiber)
      const type = typeOf(response)
      const headers = VendorWords.ofHeaders(VendorCall.forward(response.headers), redactor)
      const sound = isSound(operation, type)
      RecordingResponse.judge(response, MediaStream.judgeOf(operation, sound))
      if (type.includes("text/event-stream")) {
        const frames = lastFrameAtEnd(
          RecordingResponse.sourceOf(response),
          MediaStream.endOf(operation),
          unreachable,
          broken,
          (bytes) => VendorWords.ofBytes(bytes, redactor)
        )
        return Effect.succeed(Bytes.events(response.status, frames, headers, MediaStream.events(operation)))
      }
      const typed = { ...headers, "content-type": type === "" ? "application/octet-stream" : type }
      if (sound) {
        const body = failing(RecordingResponse.sourceOf(response))
        return Effect.succeed({ status: response.status, headers: typed, body, dialect: MediaStream.sound })
      }
      return Effect.matchEffect(RecordingResponse.wholeOf(response), {
        onFailure: (error) => Effect.fail(unreachable(error)),
        onSuccess: (body): Effect.Effect<WireResponse, ProviderError> =>
          operation.answers === "json" && !VendorCall.isJsonObject(WholeBody.textOf(body))
            ? Effect.fail(invalid(`not JSON: ${WholeBody.textOf(body).slice(0, 200)}`))
            : Effect.succeed({
              status: response.status,
              headers: typed,
              body: VendorWords.ofBody(body, redactor),
              dialect: MediaStream.events(operation)
            })
      })
    })

  const send = (given: MediaCall): Effect.Effect<WireResponse, ProviderError> => {
    const { model, operation } = given
    const { body, contentType } = modelName === undefined ? given : MediaCalls.withModel(given, modelName(model))
    const request = HttpClientRequest.post(path(operation, model), { headers: options.headers })
    return Effect.flatMap(
      accepted(
        typeof body === "string"
          ? HttpClientRequest.bodyText(request, body, contentType)
          : HttpClientRequest.bodyUint8Array(request, body, contentType)
      ),
      (response) => answered(operation, response)
    )
  }
  return { send }
}
