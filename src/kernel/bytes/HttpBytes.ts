/** Bytes as Effect's HTTP server answers them, and back. */
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

export const toResponse = <E>(bytes: Bytes<E>): Response => {
  const { body, dialect, headers, status } = bytes
  const options = { status, headers, contentType: headers["content-type"] }
  const response = typeof body === "string"
    ? HttpServerResponse.text(body, options)
    : body instanceof Uint8Array
    ? HttpServerResponse.uint8Array(body, options)
    : HttpServerResponse.stream(body.stream, options)
  if (dialect !== undefined || isStreamed(bytes)) (response.body as Body)[origin] = bytes
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
