/** Reads the body of a request whose length is known beforehand: by callbacks, without a stream around it. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect } from "effect"
import { HttpServerError } from "effect/http"
import type { HttpServerRequest } from "effect/http"
import { IncomingMessage } from "node:http"

type Request = HttpServerRequest.HttpServerRequest

const nothing = new Uint8Array()

const failure = (request: Request, cause: unknown) =>
  new HttpServerError.HttpServerError({ reason: new HttpServerError.RequestParseError({ request, cause }) })

/** As Effect reads it: whoever asks for it again gets it again. */
export const ofEffect = (request: Request): Effect.Effect<Uint8Array, HttpServerError.HttpServerError> =>
  Effect.map(request.arrayBuffer, (buffer) => new Uint8Array(buffer))

/** All of it; Effect reads what is longer than `maxBytes`, or may be. */
export const read = (
  request: Request,
  maxBytes: number
): Effect.Effect<Uint8Array, HttpServerError.HttpServerError> => {
  const { "content-length": length, expect } = request.headers
  const source = NodeHttpServerRequest.toIncomingMessage(request)
  const isBounded = length !== undefined && Number(length) <= maxBytes && expect === undefined
  if (!isBounded || !(source instanceof IncomingMessage) || source.readableEnded || source.destroyed) {
    return ofEffect(request)
  }
  return Effect.callback((resume) => {
    const chunks: Array<Uint8Array> = []
    const chunk = (bytes: Uint8Array) => void chunks.push(bytes)
    const end = () => {
      leave()
      resume(Effect.succeed(chunks.length > 1 ? Buffer.concat(chunks) : chunks[0] ?? nothing))
    }
    const fail = (cause: unknown) => {
      leave()
      resume(Effect.fail(failure(request, cause)))
    }
    const close = () => fail(new Error("the connection was closed before the body was complete"))
    const leave = () => source.off("data", chunk).off("end", end).off("error", fail).off("close", close)
    source.on("data", chunk).on("end", end).on("error", fail).on("close", close)
    return Effect.sync(() => void leave())
  })
}
