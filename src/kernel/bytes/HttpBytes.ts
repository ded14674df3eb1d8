/** Bytes as Effect's HTTP server answers them, and back. */
import { HttpServerResponse } from "effect/http"
import type { Bytes } from "./Bytes.ts"
import { isStreamed } from "./Bytes.ts"
import * as ByteSource from "./ByteSource.ts"
import * as WholeBody from "./WholeBody.ts"

type Response = HttpServerResponse.HttpServerResponse

/** What an answer was made of: its dialect is not in its head. By its body, which stays when a header is added. */
const origins = new WeakMap<Response["body"], Bytes<unknown>>()

export const toResponse = <E>(bytes: Bytes<E>): Response => {
  const { body, headers, status } = bytes
  const options = { status, headers, contentType: headers["content-type"] }
  const response = typeof body === "string"
    ? HttpServerResponse.text(body, options)
    : body instanceof Uint8Array
    ? HttpServerResponse.uint8Array(body, options)
    : HttpServerResponse.stream(body.stream, options)
  origins.set(response.body, bytes)
  return response
}

/** Where the bytes of an answer come from that was made of such; undefined of others. */
export const sourceOf = ({ body }: Response): ByteSource.ByteSource<unknown> | undefined => {
  const bytes = origins.get(body)
  return bytes !== undefined && isStreamed(bytes) ? bytes.body : undefined
}

export const fromResponse = (response: Response): Bytes<unknown> => {
  const { body, headers, status } = response
  const dialect = origins.get(body)?.dialect
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
