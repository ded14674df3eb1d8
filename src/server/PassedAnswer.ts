/**
 * Gives streamed answers to their connections by callbacks: the one place that writes beneath `HttpServerResponse`. Who
 * asks without a connection gets the answer as Effect's.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect } from "effect"
import { Cookies, HttpServerRequest, HttpServerResponse } from "effect/http"
import { ServerResponse } from "node:http"
import type { ByteSource } from "../kernel/bytes/ByteSource.ts"
import * as HttpBytes from "../kernel/bytes/HttpBytes.ts"
import { AnswerWriter } from "./AnswerWriter.ts"

type Response = HttpServerResponse.HttpServerResponse

/** Of a request whose body was read, as it was for each answer that streams. */
const connectionOf = (request: HttpServerRequest.HttpServerRequest, response: Response): ServerResponse | undefined => {
  if (HttpServerResponse.omitsBody(response, request.method === "HEAD") || !Cookies.isEmpty(response.cookies)) {
    return undefined
  }
  const connection = NodeHttpServerRequest.toServerResponse(request)
  return connection instanceof ServerResponse && connection.req.complete ? connection : undefined
}

const write = (source: ByteSource<unknown>, connection: ServerResponse, { headers, status }: Response) =>
  Effect.suspend(() => {
    const writer = new AnswerWriter(connection)
    return Effect.flatMap(source.open(writer), (control) => {
      const begin = Effect.onError(
        Effect.sync(() => writer.begin(control, status, headers)),
        () => Effect.sync(control.cancel)
      )
      return Effect.andThen(begin, Effect.interruptible(writer.whole))
    })
  })

/** The same application; what it answers with a stream of bytes is written when it is there as Effect's answer. */
export const pass = <E, R>(
  app: Effect.Effect<Response, E, R>
): Effect.Effect<Response, E, R | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(app, (response) => {
    const source = HttpBytes.sourceOf(response)
    if (source === undefined) return Effect.succeed(response)
    return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      const connection = connectionOf(request, response)
      return connection === undefined
        ? Effect.succeed(response)
        : Effect.as(write(source, connection, response), response)
    })
  })
