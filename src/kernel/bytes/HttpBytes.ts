/** Bytes as Effect's HTTP server answers them, and back. */
import { Inspectable } from "effect"
import type { Stream } from "effect"
import type { HttpBody } from "effect/http"
import { HttpServerResponse } from "effect/http"
import type { Bytes } from "./Bytes.ts"
import { isStreamed } from "./Bytes.ts"
import * as ByteSource from "./ByteSource.ts"
import * as WholeBody from "./WholeBody.ts"

type Response = HttpServerResponse.HttpServerResponse

/**
 * What a body was made of that streams, or has a dialect: it stays with the body when a header is added. A `WeakMap`
 * would keep each answer until the next collection of all garbage.
 */
const origin: unique symbol = Symbol.for("strata/kernel/bytes/HttpBytes/origin")

type Body = Response["body"] & { [origin]?: Bytes<unknown> }

type Streamed<E> = Bytes<E> & { readonly body: ByteSource.ByteSource<E> }

/**
 * A body that streams, as Effect describes one. The stream is made where Effect writes the answer, which it seldom does: each
 * that is made keeps all that its answer was made of until V8's next collection of all garbage, for Effect makes it by
 * `Object.create` with a function of its own.
 */
class SourceBody<E> extends Inspectable.Class implements HttpBody.Stream {
  readonly "~effect/http/HttpBody" = "~effect/http/HttpBody"
  readonly _tag = "Stream"
  readonly contentType: string
  readonly contentLength = undefined
  readonly [origin]: Streamed<E>

  constructor(bytes: Streamed<E>) {
    super()
    this.contentType = bytes.headers["content-type"] ?? "application/octet-stream"
    this[origin] = bytes
  }

  get stream(): Stream.Stream<Uint8Array, unknown> {
    return this[origin].body.stream
  }

  toJSON(): unknown {
    return { _id: "effect/HttpBody", _tag: this._tag, contentType: this.contentType, contentLength: this.contentLength }
  }
}

export const toResponse = <E>(bytes: Bytes<E>): Response => {
  const { body, dialect, headers, status } = bytes
  if (isStreamed(bytes)) {
    return HttpServerResponse.setBody(HttpServerResponse.empty({ status, headers }), new SourceBody(bytes))
  }
  const options = { status, headers, contentType: headers["content-type"] }
  const response = typeof body === "string"
    ? HttpServerResponse.text(body, options)
    : HttpServerResponse.uint8Array(body as Uint8Array, options)
  if (dialect !== undefined) (response.body as Body)[origin] = bytes
  return response
}

/** Where the bytes of an answer come from that was made of such; undefined of others. */
export const sourceOf = ({ body }: Response): ByteSource.ByteSource<unknown> | undefined => {
  const bytes = (body as Body)[origin]
  return bytes !== undefined && isStreamed(bytes) ? bytes.body : undefined
}

export const fromResponse = (response: Response): Bytes<unknown> => {
  const { body, headers, status } = response
  const dialect = (body as Body)[origin]?.dialect
  return {
    status,
    headers,
    body: body._tag === "Stream"
      ? sourceOf(response) ?? ByteSource.fromStream(body.stream)
      : body._tag === "Uint8Array"
      ? body.text ?? WholeBody.of(body.body)
      : "",
    ...dialect === undefined ? {} : { dialect }
  }
}
