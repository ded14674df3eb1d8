/** Serves the application on a port. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ByteSize, Context, Deferred, Duration, Effect, Layer, Predicate, Schema, Scope } from "effect"
import { HttpIncomingMessage, HttpServer } from "effect/http"
import type { HttpServerError } from "effect/http"
import { createServer } from "node:http"
import type { Server } from "node:http"
import { withinTime } from "../kernel/provider/WithinTime.ts"
import { AwaitedStreams } from "../kernel/requests/AwaitedStream.ts"
import { Stopping } from "../kernel/requests/Stopping.ts"
import { Supervision } from "../kernel/stack/Supervision.ts"
import { CurrentCors } from "./Cors.ts"
import * as HttpApp from "./HttpApp.ts"
import * as PassedAnswer from "./PassedAnswer.ts"
import * as ResponsesSocket from "./ResponsesSocket.ts"
import { ServerOptions } from "./ServerOptions.ts"
import * as StreamHeartbeat from "./StreamHeartbeat.ts"

export interface Options {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** How long running requests may take to end when the server stops, milliseconds. */
  readonly shutdownTimeout: number
}

/** The server can't listen; the message says what to do. */
export class AddressUnavailable extends Schema.TaggedError<AddressUnavailable>()("AddressUnavailable", {
  message: Schema.String
}) {}

const explain = ({ host, port }: Options) => ({ cause }: HttpServerError.ServeError) => {
  const code = Predicate.hasProperty(cause, "code") ? cause.code : undefined
  const message = code === "EADDRINUSE"
    ? `Port ${port} on ${host} is taken by another program. Stop it, or choose another port: --port`
    : code === "EACCES"
    ? `Port ${port} on ${host} needs more rights than this user has. Choose one above 1023: --port`
    : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
    ? `${host} is no address of this machine. Name another: --host`
    : `The server can't listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`
  return new AddressUnavailable({ message })
}

/** Built last, so that it is released first: the streams that never end by themselves end before the server waits. */
const announceStop = Layer.effectDiscard(Effect.gen(function*() {
  const stopping = yield* Stopping
  yield* Effect.addFinalizer(() => Deferred.succeed(stopping, undefined))
}))

/** A request adds fewer services than this to the context that it begins with: until then none of it is copied. */
const mostAdded = 32

const prepared = <A, E, R>(serving: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.updateContext(
    serving,
    ({ mapUnsafe }: Context.Context<R>) => Context.makeUnsafe<R>(mapUnsafe, { maxDepth: mostAdded })
  )

const serve = Effect.gen(function*() {
  const options = yield* ServerOptions
  const stopping = yield* Stopping
  const { maxBodyBytes, streamHeartbeat } = options
  const app = yield* HttpApp.make
  const heartbeat = yield* StreamHeartbeat.make(streamHeartbeat)
  yield* prepared(
    HttpServer.serveEffect(PassedAnswer.pass(ResponsesSocket.over(app, { ...options, stopping }), heartbeat))
  ).pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBodyBytes)),
    Effect.provideService(AwaitedStreams, PassedAnswer.awaiting(heartbeat, yield* CurrentCors))
  )
})

/** Serves until its scope closes. Requests that a provider does not let go of are left behind, with their connections. */
const serveBounded = Effect.fnUntraced(function*(server: Server, shutdownTimeout: number) {
  const { releaseTimeout } = yield* Supervision
  const limit = Duration.sum(Duration.millis(shutdownTimeout), releaseTimeout)
  const scope = yield* Scope.make()
  const leftBehind = (message: string) =>
    Effect.andThen(
      Effect.logWarning(
        `Requests are left behind: ${message}. Their provider can't be interrupted, or the log not be written.`
      ),
      Effect.sync(() => server.closeAllConnections())
    )
  yield* Effect.addFinalizer((exit) =>
    withinTime(Scope.close(scope, exit), { limit, late: "they did not end" }).pipe(
      Effect.catchTag("NoResult", ({ message }) => leftBehind(message))
    )
  )
  yield* Scope.provide(serve, scope)
})

export const layer = (options: Options) =>
  Layer.suspend(() => {
    const server = createServer()
    return announceStop.pipe(
      Layer.provideMerge(Layer.effectDiscard(serveBounded(server, options.shutdownTimeout))),
      Layer.provideMerge(
        Layer.unwrap(Effect.map(ServerOptions, ({ maxBodyBytes }) =>
          NodeHttpServer.layer(() => server, {
            host: options.host,
            port: options.port,
            gracefulShutdownTimeout: options.shutdownTimeout,
            // 0 would be without a limit.
            websocket: { maxPayload: Math.max(1, maxBodyBytes) }
          }))).pipe(Layer.catch((error) => Layer.effectContext(Effect.fail(explain(options)(error)))))
      )
    )
  })
