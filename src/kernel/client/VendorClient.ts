/**
 * The `HttpClient` that reaches vendors: undici's `dispatch`, whose callbacks give bytes with back-pressure. An interrupted
 * request is destroyed at once.
 */
import { Effect, Layer, Result, Stream } from "effect"
import type { Scope } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import type { LookupFunction } from "node:net"
import type { Connections } from "./Connections.ts"
import { Exchange } from "./Exchange.ts"
import * as RequestTarget from "./RequestTarget.ts"
import type { TimeLimits } from "./TimeLimits.ts"
import { defaults } from "./TimeLimits.ts"
import { VendorResponse } from "./VendorResponse.ts"

type Request = HttpClientRequest.HttpClientRequest
type Failure = HttpClientError.HttpClientError

type Dispatched = Parameters<Connections["dispatch"]>[1]
type Body = Exclude<Dispatched["body"], undefined>

const dedicate: unique symbol = Symbol.for("strata/kernel/client/VendorClient/dedicate")

type Dedicate = (
  limits: TimeLimits,
  lookup?: LookupFunction
) => Effect.Effect<HttpClient.HttpClient, never, Scope.Scope>

/** A client that can be given connections of its own. */
interface Dedicable extends HttpClient.HttpClient {
  readonly [dedicate]: Dedicate
}

const isDedicable = (client: HttpClient.HttpClient): client is Dedicable => dedicate in client

/**
 * The same client with connections and time limits of its own, until the scope closes. One that reaches no network, such
 * as that of a replay, stays as it is. Asked of the client in context, before anything is added to it.
 */
export const dedicated = (
  client: HttpClient.HttpClient,
  limits: TimeLimits,
  lookup?: LookupFunction
): Effect.Effect<HttpClient.HttpClient, never, Scope.Scope> =>
  isDedicable(client) ? client[dedicate](limits, lookup) : Effect.succeed(client)

/** `wrapped` is another view of `client`: it is dedicated as that is. */
export const wrap = (
  client: HttpClient.HttpClient,
  wrapped: (client: HttpClient.HttpClient) => HttpClient.HttpClient
): HttpClient.HttpClient =>
  isDedicable(client)
    ? withDedicate(
      wrapped(client),
      (limits, lookup) => Effect.map(client[dedicate](limits, lookup), (own) => wrap(own, wrapped))
    )
    : wrapped(client)

const withDedicate = (client: HttpClient.HttpClient, make: Dedicate): Dedicable =>
  Object.assign(client, { [dedicate]: make })

interface Content {
  readonly body: Body
  readonly type?: string
}

const formContent = (form: FormData): Effect.Effect<Content> => {
  const encoded = new Response(form)
  const type = encoded.headers.get("content-type")!
  return Effect.map(Effect.promise(() => encoded.arrayBuffer()), (bytes) => ({ body: new Uint8Array(bytes), type }))
}

const contentOf = ({ body }: Request): Content | Effect.Effect<Content> => {
  switch (body._tag) {
    case "Empty":
      return { body: null }
    case "Uint8Array":
      return { body: body.body }
    case "Raw":
      return { body: body.body as Body }
    case "FormData":
      return formContent(body.formData)
    case "Stream":
      return Effect.map(
        Stream.toAsyncIterableEffect(Stream.mapError(body.stream, errorOf)),
        (body) => ({ body: body as unknown as Body })
      )
  }
}

/** undici waits for ever for a body that breaks with what is no error. */
const errorOf = (error: unknown): Error =>
  error instanceof Error ? error : new Error("the body broke off while it was sent", { cause: error })

/** Compression costs a stream its pace, and the recording its bytes. */
const notCompressed = ["accept-encoding", "identity"] as const

const headersOf = ({ headers }: Request, type: string | undefined): Array<string> => {
  const flat: Array<string> = "accept-encoding" in headers ? [] : [...notCompressed]
  for (const name of Object.keys(headers)) {
    if (type === undefined || name !== "content-type") flat.push(name, headers[name]!)
  }
  if (type !== undefined) flat.push("content-type", type)
  return flat
}

const make = (connections: Connections, limits: TimeLimits): HttpClient.HttpClient => {
  const targetOf = RequestTarget.make()

  const exchange = (request: Request, target: RequestTarget.RequestTarget, { body, type }: Content) =>
    Effect.callback<VendorResponse, Failure>((resume) => {
      const { href, origin, path } = target
      const options = { origin, path, method: request.method, headers: headersOf(request, type), body } as Dispatched
      const exchange: Exchange = new Exchange({
        limits,
        repeatable: body === null || body instanceof Uint8Array,
        dispatch: (sent, fresh) => connections.dispatch(origin, options, sent, fresh),
        begun: (status, headers) =>
          resume(Effect.succeed(new VendorResponse(request, href, exchange, status, headers))),
        failed: (cause) =>
          resume(Effect.fail(
            new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
          ))
      })
      exchange.send()
      return Effect.sync(() => exchange.abort())
    })

  const send = (request: Request): Effect.Effect<VendorResponse, Failure> => {
    const target = targetOf(request)
    if (Result.isFailure(target)) {
      const reason = new HttpClientError.InvalidUrlError({ request, cause: target.failure })
      return Effect.fail(new HttpClientError.HttpClientError({ reason }))
    }
    const content = contentOf(request)
    return Effect.isEffect(content)
      ? Effect.flatMap(content, (content) => exchange(request, target.success, content))
      : exchange(request, target.success, content)
  }

  return HttpClient.makeWith<never, never, Failure, never>(Effect.flatMap(send), Effect.succeed)
}

/** Connections are opened when they are needed; those of an instance that has gone end with their last answer. */
export const layer: Layer.Layer<HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient,
  Effect.gen(function*() {
    const undici = yield* Effect.promise(() => import("./Connections.ts"))
    const open = new Set<Connections>()
    yield* Effect.addFinalizer(() => Effect.forEach(open, ({ destroy }) => destroy, { concurrency: "unbounded" }))

    const connect = (limits: TimeLimits, lookup?: LookupFunction): Connections => {
      const connections = new undici.Connections(limits, lookup)
      open.add(connections)
      return connections
    }
    // Nobody waits for the answers that are still read.
    const release = (connections: Connections) =>
      Effect.forkDetach(Effect.andThen(connections.close, Effect.sync(() => open.delete(connections))), {
        startImmediately: true
      })

    const own: Dedicate = (limits, lookup) =>
      Effect.map(
        Effect.acquireRelease(Effect.sync(() => connect(limits, lookup)), release),
        (connections) => withDedicate(make(connections, limits), own)
      )
    return withDedicate(make(connect(defaults), defaults), own)
  })
)
