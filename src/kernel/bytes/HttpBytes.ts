/** Bytes as Effect's HTTP server answers them, and back. */
import { HttpServerResponse } from "effect/http"
import type { Bytes } from "./Bytes.ts"
import { isStreamed } from "./Bytes.ts"
import * as ByteSource from "./ByteSource.ts"

type Response = HttpServerResponse.HttpServerResponse

/**
 * What a streamed body was made of: it stays with the body when a header is added. A `WeakMap` would keep each answer
 * until the next collection of all garbage.
 */
const origin: unique symbol = Symbol.for("strata/kernel/bytes/HttpBytes/origin")

type Body = Response["body"] & { [origin]?: Bytes<unknown> & { readonly body: ByteSource.ByteSource<unknown> } }

export const toResponse = <E>(bytes: Bytes<E>): Response => {
  const { body, headers, status } = bytes
  const options = { status, headers, contentType: headers["content-type"] }
  if (!isStreamed(bytes)) return HttpServerResponse.text(body as string, options)
  const response = HttpServerResponse.stream(bytes.body.stream, options)
  ;(response.body as Body)[origin] = bytes
  return response
}

/** Where the bytes of an answer come from that was made of such; undefined of others. */
export const sourceOf = ({ body }: Response): ByteSource.ByteSource<unknown> | undefined => (body as Body)[origin]?.body

export const fromResponse = (response: Response): Bytes<unknown> => {
  const { body, headers, status } = response
  const dialect = (body as Body)[origin]?.dialect
  return {
    status,
    headers,
    body: body._tag === "Stream"
      ? sourceOf(response) ?? ByteSource.fromStream(body.stream)
      : body._tag === "Uint8Array"
      ? body.text ?? Buffer.from(body.body).toString("utf8")
      : "",
    ...dialect === undefined ? {} : { dialect }
  }
}
