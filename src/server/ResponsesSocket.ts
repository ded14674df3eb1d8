/**
 * Responses over a WebSocket: each message is a request of its own, as if it had been posted, and the events of its stream
 * are messages. One after the other; who closes ends the one that runs.
 */
import { Deferred, Effect, Queue, Stream } from "effect"
import type { Scope } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { Socket } from "effect/socket"
import { field, isFields, parse } from "../events/types/JsonAccess.ts"
import * as HttpBytes from "../kernel/bytes/HttpBytes.ts"
import * as WholeBody from "../kernel/bytes/WholeBody.ts"
import * as ResponsesErrors from "../kernel/dialects/responses/ResponsesErrors.ts"
import { SseReader } from "../kernel/dialects/sse/SseReader.ts"
import * as BodyValues from "../kernel/http/BodyValues.ts"
import { envelope } from "../kernel/http/HttpErrors.ts"
import { sessionHeader } from "../kernel/requests/RequestIds.ts"
import * as ErrorResponses from "./ErrorResponses.ts"
import type { ServerOptions } from "./ServerOptions.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse
type App = Effect.Effect<Response, never, Request | Scope.Scope>

export const path = "/v1/responses"

export interface Limits extends Pick<ServerOptions["Service"], "maxSockets" | "socketIdle"> {
  /** Done when the server stops: what is under way is answered, and then the connection ends. */
  readonly stopping: Deferred.Deferred<void>
}

/** Messages of one connection that wait behind the one that runs. */
const mostWaiting = 16

/** Characters of what a message calls itself that are told. */
const mostOfType = 80

/** Of the handshake, and of what frames a request: each message has its own. */
const isOfConnection = (name: string): boolean =>
  name === "connection" || name === "upgrade" || name === "content-length" || name === "transfer-encoding" ||
  name === "accept" || name === "content-type" || name.startsWith("sec-websocket-")

const asksForSocket = ({ headers, method, url }: Request): boolean =>
  method === "GET" && headers["upgrade"]?.toLowerCase() === "websocket" && url.split("?")[0] === path

/** Asks as whoever lists responses does: who may not, or comes from elsewhere, gets no connection. */
const admission = (app: App, request: Request) =>
  Effect.provideService(app, HttpServerRequest.HttpServerRequest, request.modify({ url: `${path}?limit=1` }))

const invalid = (message: string, param: string | null) => ({
  status: 400,
  ...ResponsesErrors.event({ type: "invalid_request_error", code: "invalid_value", message, param }, 0)
})

/** The body of the request that a message makes, or what is wrong with it. */
type Given = { readonly body: string } | { readonly error: object }

const bodyOf = (message: string | Uint8Array, mostValues: number): Given => {
  const tooMany = typeof message === "string" ? BodyValues.refusalOf(message, mostValues) : undefined
  if (tooMany !== undefined) return { error: { status: 413, ...ResponsesErrors.event(tooMany.error, 0) } }
  const value = typeof message === "string" ? parse(message) : undefined
  if (!isFields(value)) return { error: invalid("A message is a JSON object as text.", null) }
  const { type, ...rest } = value
  if (type !== "response.create") {
    return {
      error: invalid(
        `type: ${
          JSON.stringify(type ?? null).slice(0, mostOfType)
        } is no message of this connection: send response.create.`,
        "type"
      )
    }
  }
  if (rest["background"] === true) {
    return {
      error: invalid("background: a response of a connection is not made in the background: post it.", "background")
    }
  }
  return { body: JSON.stringify({ ...rest, stream: true }) }
}

/** What can't be written again, such as what is nested too deep, is refused as it is in a body that is posted. */
const given = (message: string | Uint8Array, mostValues: number): Given => {
  try {
    return bodyOf(message, mostValues)
  } catch (cause) {
    const { body, status } = ErrorResponses.ofError(cause, Number.MAX_SAFE_INTEGER, () => [])
    return { error: { status, ...ResponsesErrors.event(body.error, 0) } }
  }
}

const requestOf = ({ headers, url }: Request, body: string, session: string | undefined): Request => {
  const kept = Object.entries(headers).filter(([name]) => !isOfConnection(name))
  const web = new globalThis.Request("http://strata.invalid/", {
    method: "POST",
    headers: {
      ...Object.fromEntries(kept),
      ...session === undefined ? {} : { [sessionHeader]: session },
      accept: "text/event-stream",
      "content-type": "application/json"
    },
    body
  })
  return HttpServerRequest.fromWeb(web).modify({ url: url.split("?")[0]! })
}

const failureOf = (response: Response): object => {
  const { body, status } = HttpBytes.fromResponse(response)
  const value = typeof body === "string" || body instanceof Uint8Array ? parse(WholeBody.textOf(body)) : undefined
  const error = field(value, "error") ?? { type: "server_error", message: `The request failed with status ${status}.` }
  return { status, ...ResponsesErrors.event(error, 0) }
}

/** Sends what comes of a response. */
const answer = (response: Response, write: (text: string) => Effect.Effect<void, Socket.SocketError>) => {
  if (response.body._tag !== "Stream") return write(JSON.stringify(failureOf(response)))
  const reader = new SseReader()
  const eventsIn = (frames: ReturnType<SseReader["feed"]>) =>
    frames.flatMap(({ event }) =>
      event === undefined || event.data === "" || event.data === "[DONE]" ? [] : [event.data]
    )
  return response.body.stream.pipe(
    Stream.map((bytes) => eventsIn(reader.feed(bytes))),
    Stream.concat(Stream.suspend(() => Stream.succeed(eventsIn(reader.end())))),
    Stream.runForEach((events) => Effect.forEach(events, write, { discard: true })),
    // What broke a stream is in the log; its frames have ended.
    Effect.catchIf(
      (error): error is never => !isSocketError(error),
      () =>
        write(JSON.stringify({ status: 500, ...ResponsesErrors.event({ message: "The stream was broken off." }, 0) }))
    )
  )
}

const isSocketError = (error: unknown): error is Socket.SocketError => field(error, "_tag") === "SocketError"

const nothingAsked = new Socket.CloseEvent(1000, "Nothing was asked for too long. Connect again.")
const serverStops = new Socket.CloseEvent(1001, "The server is stopping. Connect again.")

const converse = Effect.fnUntraced(function*(app: App, request: Request, { socketIdle, stopping }: Limits) {
  const socket = yield* Effect.orDie(request.upgrade)
  const { pull } = yield* socket.reader
  const { write } = yield* socket.writer
  const waiting = yield* Queue.bounded<string | Uint8Array>(mostWaiting)
  const mostValues = yield* BodyValues.MostBodyValues
  let session: string | undefined = request.headers[sessionHeader]
  const reading = Effect.forever(Effect.flatMap(pull, (messages) => Queue.offerAll(waiting, messages)))
  const stopped = Effect.as(Deferred.await(stopping), serverStops)
  const next = Effect.raceFirst(
    Effect.timeoutOrElse(Queue.take(waiting), { duration: socketIdle, orElse: () => Effect.succeed(nothingAsked) }),
    stopped
  )
  /** False at the end of the connection. */
  const serve = Effect.gen(function*() {
    const message = yield* next
    if (message instanceof Socket.CloseEvent) {
      yield* write(message)
      return false
    }
    const read = given(message, mostValues)
    if ("error" in read) {
      yield* write(JSON.stringify(read.error))
      return true
    }
    const asked = requestOf(request, read.body, session)
    yield* Effect.flatMap(app, (response) => {
      // One conversation stands in one session.
      session ??= response.headers[sessionHeader]
      return answer(response, write)
    }).pipe(Effect.provideService(HttpServerRequest.HttpServerRequest, asked), Effect.scoped)
    return true
  })
  // Whoever closes fails the reader.
  return yield* Effect.raceFirst(reading, Effect.repeat(serve, { while: (goesOn) => goesOn }))
})

const tooMany = ({ maxSockets }: Limits) =>
  HttpServerResponse.jsonUnsafe(
    envelope(
      `${maxSockets} WebSockets are open already (server.max_websockets). Try again later, or post the request.`,
      {
        type: "overloaded_error"
      }
    ),
    { status: 503 }
  )

/** The same application, that answers `GET /v1/responses` with a connection where one is asked for. */
export const over = (app: App, limits: Limits): App => {
  let open = 0
  return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
    if (!asksForSocket(request)) return app
    return Effect.flatMap(admission(app, request), (admitted) => {
      if (admitted.status >= 300) return Effect.succeed(admitted)
      if (open >= limits.maxSockets) return Effect.succeed(tooMany(limits))
      open++
      return converse(app, request, limits).pipe(
        Effect.scoped,
        // The server that stops ends what takes too long.
        Effect.interruptible,
        Effect.exit,
        Effect.as(HttpServerResponse.empty()),
        Effect.ensuring(Effect.sync(() => open--))
      )
    })
  })
}
