/** Bytes as Effect's HTTP server answers them, and back. */
import { HttpServerResponse } from "effect/http"
import type { Bytes } from "./Bytes.ts"
import * as ByteSource from "./ByteSource.ts"

type Response = HttpServerResponse.HttpServerResponse

/** What an answer was made of: its dialect is not in its head. */
const origins = new WeakMap<Response, Bytes<unknown>>()

export const toResponse = <E>(bytes: Bytes<E>): Response => {
  const { body, headers, status } = bytes
  const options = { status, headers, contentType: headers["content-type"] }
  const response = typeof body === "string"
    ? HttpServerResponse.text(body, options)
    : HttpServerResponse.stream(body.stream, options)
  origins.set(response, bytes)
  return response
}

export const fromResponse = (response: Response): Bytes<unknown> => {
  const { body, headers, status } = response
  const dialect = origins.get(response)?.dialect
  return {
    status,
    headers,
    body: body._tag === "Stream"
      ? ByteSource.fromStream(body.stream)
      : body._tag === "Uint8Array"
      ? body.text ?? Buffer.from(body.body).toString("utf8")
      : "",
    ...dialect === undefined ? {} : { dialect }
  }
}
