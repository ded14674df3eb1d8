/** A vendor's answer that tells the recorder what is read of it. */
import { Cause, Effect, Exit, Inspectable } from "effect"
import type { Option, Pipeable, Schema, Stream } from "effect"
import { HttpClientError, HttpClientResponse, HttpIncomingMessage } from "effect/http"
import type { Cookies, Headers, HttpClientRequest, UrlParams } from "effect/http"
import { pipeArguments } from "effect/Pipeable"
import type { Socket } from "effect/socket"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import { TimeLimitExceeded, type as timeout } from "../client/TimeLimitExceeded.ts"
import { VendorResponse } from "../client/VendorResponse.ts"
import type { AnswerJudge } from "./AnswerFailure.ts"
import type { CallRecord } from "./CallRecord.ts"
import { givenUp } from "./CallRecord.ts"
import * as VendorError from "./VendorError.ts"

type Response = HttpClientResponse.HttpClientResponse

export class RecordingResponse extends Inspectable.Class
  implements HttpClientResponse.HttpClientResponse, Pipeable.Pipeable
{
  readonly #inner: Response
  readonly #record: CallRecord

  constructor(inner: Response, record: CallRecord) {
    super()
    this.#inner = inner
    this.#record = record
  }

  get [HttpIncomingMessage.TypeId](): typeof HttpIncomingMessage.TypeId {
    return HttpIncomingMessage.TypeId
  }
  get [HttpClientResponse.TypeId](): typeof HttpClientResponse.TypeId {
    return HttpClientResponse.TypeId
  }

  get request(): HttpClientRequest.HttpClientRequest {
    return this.#inner.request
  }
  get url(): string {
    return this.#inner.url
  }
  get status(): number {
    return this.#inner.status
  }
  get headers(): Headers.Headers {
    return this.#inner.headers
  }
  get cookies(): Cookies.Cookies {
    return this.#inner.cookies
  }
  get remoteAddress(): Option.Option<string> {
    return this.#inner.remoteAddress
  }
  get upgrade(): Effect.Effect<Socket.Socket, HttpClientError.HttpClientError> {
    return this.#inner.upgrade
  }

  /** Whoever reads the answer knows what it says. */
  judgedBy(judge: AnswerJudge): void {
    this.#record.judgedBy(judge)
  }

  /** All of the body, as it came. */
  get whole(): Effect.Effect<WholeBody.WholeBody, HttpClientError.HttpClientError> {
    return this.#watch(wholeOf(this.#inner), (body) => body)
  }
  get text(): Effect.Effect<string, HttpClientError.HttpClientError> {
    return Effect.map(this.whole, WholeBody.textOf)
  }
  get json(): Effect.Effect<Schema.Json, HttpClientError.HttpClientError> {
    return Effect.flatMap(this.text, (text) =>
      Effect.try({
        try: () => text === "" ? null : JSON.parse(text),
        catch: (cause) =>
          new HttpClientError.HttpClientError({
            reason: new HttpClientError.DecodeError({ request: this.request, response: this, cause })
          })
      }))
  }
  get arrayBuffer(): Effect.Effect<ArrayBuffer, HttpClientError.HttpClientError> {
    return this.#watch(this.#inner.arrayBuffer, (bytes) => WholeBody.of(new Uint8Array(bytes)))
  }
  get urlParamsBody(): Effect.Effect<UrlParams.UrlParams, HttpClientError.HttpClientError> {
    return Effect.andThen(this.text, this.#inner.urlParamsBody)
  }
  get formData(): Effect.Effect<FormData, HttpClientError.HttpClientError> {
    return this.#inner.formData
  }

  /** The body, once. */
  get source(): ByteSource.ByteSource<HttpClientError.HttpClientError> {
    const { headers, status } = this
    const record = this.#record
    return ByteSource.watch(sourceOf(this.#inner), {
      chunk: (bytes) => record.chunk(bytes),
      end: () => record.streamed(status, headers),
      fail: (cause) => record.failed(...describeCause(cause), { status, headers }),
      cancelled: () => record.left(status, headers)
    })
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.HttpClientError> {
    return this.source.stream
  }

  #watch<A>(
    effect: Effect.Effect<A, HttpClientError.HttpClientError>,
    toBody: (value: A) => WholeBody.WholeBody
  ): Effect.Effect<A, HttpClientError.HttpClientError> {
    return Effect.onExit(effect, (exit) =>
      Effect.sync(() => {
        const { headers, status } = this
        if (Exit.isSuccess(exit)) this.#record.answered(status, headers, toBody(exit.value))
        else this.#record.failed(...describeCause(exit.cause), { status, headers })
      }))
  }

  toJSON(): unknown {
    return this.#inner.toJSON()
  }
  pipe() {
    return pipeArguments(this, arguments)
  }
}

/** Where the bytes of an answer come from, whatever client has asked. */
export const sourceOf = (response: Response): ByteSource.ByteSource<HttpClientError.HttpClientError> =>
  response instanceof RecordingResponse || response instanceof VendorResponse
    ? response.source
    : ByteSource.fromStream(response.stream)

/** All of an answer's body, whatever client has asked. */
export const wholeOf = (response: Response): Effect.Effect<WholeBody.WholeBody, HttpClientError.HttpClientError> => {
  if (response instanceof RecordingResponse) return response.whole
  return response instanceof VendorResponse
    ? Effect.map(response.bytes, WholeBody.of)
    : Effect.map(response.arrayBuffer, (bytes) => WholeBody.of(new Uint8Array(bytes)))
}

/** Says whose dialect an answer is in: what is wrong in it is recorded as a failure. An answer of no call has no record. */
export const judge = (response: Response, judge: AnswerJudge): void => {
  if (response instanceof RecordingResponse) response.judgedBy(judge)
}

export type Ending = readonly [type: string, message: string]

const describeError = (error: unknown): Ending =>
  error instanceof HttpClientError.HttpClientError
    ? [error.reason.cause instanceof TimeLimitExceeded ? timeout : error.reason._tag, VendorError.describe(error)]
    : ["defect", error instanceof Error ? error.message : String(error)]

/** Type and message of what ended a call. */
export const describeCause = (cause: Cause.Cause<unknown>): Ending =>
  Cause.hasInterruptsOnly(cause) ? givenUp : describeError(Cause.squash(cause))
