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
import * as AwaitedAnswer from "./AwaitedAnswer.ts"
import type { Cors } from "./Cors.ts"
import type { StreamHeartbeat } from "./StreamHeartbeat.ts"

type Response = HttpServerResponse.HttpServerResponse

type Request = HttpServerRequest.HttpServerRequest

/** Of a request whose body was read, as it was for each answer that streams. */
const connectionOf = (request: Request): ServerResponse | undefined => {
  const connection = NodeHttpServerRequest.toServerResponse(request)
  return connection instanceof ServerResponse && connection.req.complete ? connection : undefined
}

/** True for an answer whose bytes Effect has to write. */
const isEffects = (request: Request, response: Response): boolean =>
  HttpServerResponse.omitsBody(response, request.method === "HEAD") || !Cookies.isEmpty(response.cookies)

const isEvents = ({ headers }: Response): boolean => headers["content-type"]?.startsWith("text/event-stream") === true

const write = (
  source: ByteSource<unknown>,
  connection: ServerResponse,
  response: Response,
  heartbeat: StreamHeartbeat | undefined
) =>
  Effect.suspend(() => {
    const writer = new AnswerWriter(connection, isEvents(response) ? heartbeat : undefined)
    return Effect.flatMap(source.open(writer), (control) => {
      const begin = Effect.sync(() => writer.begin(control, response.status, response.headers))
      // Also where who waits has left before.
      return Effect.onError(
        Effect.andThen(begin, Effect.interruptible(writer.whole)),
        () => Effect.sync(writer.cancel)
      )
    })
  })

/** An answer that is no stream, to who was told that one comes. */
const endWith = ({ body }: Response, connection: ServerResponse): Effect.Effect<void> =>
  Effect.sync(() => {
    const text = body._tag === "Uint8Array" ? Buffer.from(body.body).toString("utf8") : ""
    connection.end(AwaitedAnswer.asFrame(text))
  })

/**
 * What is said of an answer that was written. Effect keeps the last value of each request's fiber for as long as a table of
 * fibers through which many pass: a source would keep all that its stream was made of.
 */
const headOnly = ({ headers, status }: Response): Response => HttpServerResponse.empty({ status, headers })

/** What is written of an answer here; undefined: nothing. */
const written = (
  request: Request,
  response: Response,
  heartbeat: StreamHeartbeat | undefined
): Effect.Effect<void> | undefined => {
  const source = HttpBytes.sourceOf(response)
  if (source === undefined && heartbeat === undefined) return undefined
  const connection = connectionOf(request)
  if (connection === undefined) return undefined
  AwaitedAnswer.end(connection)
  if (source === undefined) return connection.headersSent ? endWith(response, connection) : undefined
  return isEffects(request, response) ? undefined : write(source, connection, response, heartbeat)
}

/**
 * The same application; what it answers with a stream of bytes is written when it is there as Effect's answer.
 * `heartbeat`: of what is written.
 */
export const pass = <E, R>(
  app: Effect.Effect<Response, E, R>,
  heartbeat?: StreamHeartbeat
): Effect.Effect<Response, E, R | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(app, (response) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      const writing = written(request, response, heartbeat)
      return writing === undefined ? Effect.succeed(response) : Effect.as(writing, headOnly(response))
    }))

/** What a stream's head says before the stream is there; pages of other origins may read it. */
const headOf = (request: Request, headers: Readonly<Record<string, string>>, cors: Cors | undefined) => () => {
  const response = HttpServerResponse.empty({
    status: 200,
    headers: { ...headers, "cache-control": "no-cache", "content-type": "text/event-stream; charset=utf-8" }
  })
  return (cors === undefined ? response : cors.allow(request, response)).headers
}

/** Who waits for a stream is told that it is on its way, where it is long in coming. */
export const awaiting = (heartbeat: StreamHeartbeat | undefined, cors: Cors | undefined) =>
  heartbeat === undefined
    ? undefined
    : (request: Request, headers: Readonly<Record<string, string>>): void => {
      const connection = connectionOf(request)
      if (connection !== undefined) {
        AwaitedAnswer.begin(connection, headOf(request, headers, cors), heartbeat)
      }
    }
