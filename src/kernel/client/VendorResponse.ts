/** An answer whose bytes are called back: Effect's contract of it is a view. */
import { Cause, Effect, Inspectable, Option } from "effect"
import type { Pipeable, Schema, Stream } from "effect"
import { Cookies, Headers, HttpClientError, HttpClientResponse, HttpIncomingMessage, UrlParams } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import { pipeArguments } from "effect/Pipeable"
import type { Socket } from "effect/socket"
import * as ByteCollector from "../bytes/ByteCollector.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import { codingsOf, decoded } from "./ContentDecoding.ts"
import type { AnswerHeaders, Exchange } from "./Exchange.ts"

type Failure = HttpClientError.HttpClientError

/** What tells of a body's form, and is no longer true of a decoded one. */
const ofEncoding: ReadonlySet<string> = new Set(["content-encoding", "content-length"])

const headersOf = (given: AnswerHeaders, isDecoded: boolean): Headers.Headers => {
  const headers: Record<string, string> = {}
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value === undefined || (isDecoded && ofEncoding.has(name))) continue
    headers[name] = typeof value === "string" ? value : value.join(", ")
  }
  return Headers.fromRecordUnsafe(headers)
}

const textOf = (bytes: Buffer): string => {
  const text = bytes.toString("utf8")
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Bytes of the longest body that is read as a whole; a vendor that sends more is left. */
export const longestBody = 256 * 1024 * 1024

const tooLong = new Error(`its answer is longer than ${longestBody} bytes`)

/** What holds connections open that nobody reads and nobody can read any more. */
const forgotten = new FinalizationRegistry<Exchange>((exchange) => exchange.abort())

export class VendorResponse extends Inspectable.Class
  implements HttpClientResponse.HttpClientResponse, Pipeable.Pipeable
{
  readonly request: HttpClientRequest.HttpClientRequest
  readonly url: string
  readonly status: number
  readonly headers: Headers.Headers
  /** The body, once. */
  readonly source: ByteSource.ByteSource<Failure>
  readonly #setCookies: ReadonlyArray<string> | string
  #bytes: Buffer | undefined

  constructor(
    request: HttpClientRequest.HttpClientRequest,
    url: string,
    exchange: Exchange,
    status: number,
    headers: AnswerHeaders
  ) {
    super()
    this.request = request
    this.url = url
    this.status = status
    const encoding = headers["content-encoding"]
    const codings = encoding === undefined ? [] : codingsOf(String(encoding)) ?? []
    this.headers = headersOf(headers, codings.length > 0)
    this.#setCookies = headers["set-cookie"] ?? []
    const start = decoded(codings, (receiver) => exchange.start(receiver))
    this.source = ByteSource.make((sink) =>
      start({
        chunk: (bytes) => sink.chunk(bytes),
        end: () => sink.end(),
        fail: (error) => sink.fail(Cause.fail(this.#failed(error)))
      })
    )
    exchange.onUnread(() => forgotten.register(this, exchange))
  }

  get [HttpIncomingMessage.TypeId](): typeof HttpIncomingMessage.TypeId {
    return HttpIncomingMessage.TypeId
  }
  get [HttpClientResponse.TypeId](): typeof HttpClientResponse.TypeId {
    return HttpClientResponse.TypeId
  }

  #failed(cause: unknown): Failure {
    return new HttpClientError.HttpClientError({
      reason: new HttpClientError.DecodeError({ request: this.request, response: this, cause })
    })
  }

  #decode<A>(decode: (bytes: Buffer) => A): Effect.Effect<A, Failure> {
    return Effect.flatMap(
      this.bytes,
      (bytes) => Effect.try({ try: () => decode(bytes), catch: (cause) => this.#failed(cause) })
    )
  }

  get cookies(): Cookies.Cookies {
    return Cookies.fromSetCookie(this.#setCookies)
  }
  get remoteAddress(): Option.Option<string> {
    return Option.none()
  }
  get upgrade(): Effect.Effect<Socket.Socket, Failure> {
    return Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.StatusCodeError({
          request: this.request,
          response: this,
          description: "expected 101 Switching Protocols"
        })
      })
    )
  }

  /** All of the body; kept, so that it can be asked for again. */
  get bytes(): Effect.Effect<Buffer, Failure> {
    return Effect.suspend(() =>
      this.#bytes === undefined
        ? Effect.map(
          ByteCollector.collect(this.source, { bytes: longestBody, tooLong: () => this.#failed(tooLong) }),
          (bytes) => this.#bytes = bytes
        )
        : Effect.succeed(this.#bytes)
    )
  }
  get stream(): Stream.Stream<Uint8Array, Failure> {
    return this.source.stream
  }
  get text(): Effect.Effect<string, Failure> {
    return Effect.map(this.bytes, textOf)
  }
  get json(): Effect.Effect<Schema.Json, Failure> {
    return this.#decode((bytes) => bytes.length === 0 ? null : JSON.parse(textOf(bytes)))
  }
  get arrayBuffer(): Effect.Effect<ArrayBuffer, Failure> {
    return Effect.map(this.bytes, (bytes) => new Uint8Array(bytes).buffer)
  }
  get urlParamsBody(): Effect.Effect<UrlParams.UrlParams, Failure> {
    // A leading "?" is form data; URLSearchParams would drop it as a query prefix.
    return this.#decode((bytes) => UrlParams.fromInput(new URLSearchParams(textOf(bytes).replace(/^\?/, "%3F"))))
  }
  get formData(): Effect.Effect<FormData, Failure> {
    return Effect.flatMap(this.arrayBuffer, (body) =>
      Effect.tryPromise({
        try: () => new Response(body, { headers: this.headers }).formData(),
        catch: (cause) => this.#failed(cause)
      }))
  }

  toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "effect/http/HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }
  pipe() {
    return pipeArguments(this, arguments)
  }
}
