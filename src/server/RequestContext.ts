/** What a request is for, as the router has matched it; and a router whose routes have something around them. */
import { Context, Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Dialect } from "../kernel/dialects/Dialect.ts"
import type { OperationDialects } from "../kernel/dialects/Dialects.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import type { Direct } from "../kernel/modules/BytesHandler.ts"

/** The operation a request is for, and how its route fits. */
export interface Match {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | ReadonlyArray<string>>>
}

/** What is the same for each request of a route. */
export interface Route {
  /** Undefined: a document, such as the description of the API, or no route at all. */
  readonly operation: Operation | undefined
  readonly isRecorded: boolean
  /** Those its body may have. */
  readonly contentTypes: ReadonlySet<string>
  /** What its errors are written in; undefined: OpenAI's. */
  readonly dialect: Dialect | undefined
  /** Answers its payload without the router's handler; undefined: nothing does. */
  readonly direct: Direct | undefined
}

type Response = HttpServerResponse.HttpServerResponse
export type Handler<E = unknown, R = never> = Effect.Effect<Response, E, R>

/** Puts something around the handler of a route. */
export type Surround = (route: Route, handler: Handler) => Handler<unknown, HttpServerRequest.HttpServerRequest>

const noRoute: Route = {
  operation: undefined,
  isRecorded: true,
  contentTypes: new Set(),
  dialect: undefined,
  direct: undefined
}
const document: Route = { ...noRoute, isRecorded: false }

interface Given {
  readonly operations: ReadonlyArray<Operation>
  readonly dialects: OperationDialects
  readonly direct: ReadonlyMap<string, Direct>
}

const routeOf = (name: string, operation: Operation | undefined, { dialects, direct }: Given): Route =>
  operation === undefined ? document : {
    operation,
    isRecorded: operation.recorded,
    contentTypes: new Set(operation.contentTypes),
    dialect: dialects.get(operation.id),
    direct: direct.get(name)
  }

type GivenHandler<E, R> = Response | Handler<E, R> | ((request: HttpServerRequest.HttpServerRequest) => Handler<E, R>)

const toHandler = <E, R>(given: GivenHandler<E, R>): Handler<E, R> =>
  typeof given === "function"
    ? Effect.withFiber(({ context }) => given(Context.getUnsafe(context, HttpServerRequest.HttpServerRequest)))
    : HttpServerResponse.isHttpServerResponse(given)
    ? Effect.succeed(given)
    : given

/** A router whose routes are surrounded; `operations`: what they are for. */
export const router = Effect.fnUntraced(function*(given: Given, surround: Surround) {
  const inner = yield* HttpRouter.make
  const byRoute = new Map(given.operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
  // What a handler needs, the router sees to, and its failures are answered around it: its type is for the router alone.
  const surrounded = <E, R>(method: string, path: string, handler: Handler<E, R>) => {
    const name = `${method} ${path}`
    return surround(routeOf(name, byRoute.get(name), given), handler as Handler) as Handler<E, R>
  }
  return HttpRouter.HttpRouter.of({
    ...inner,
    addAll: <const Routes extends ReadonlyArray<HttpRouter.Route<unknown, unknown>>>(routes: Routes) =>
      // Each of its own type, as before.
      inner.addAll(
        routes.map((route) => ({
          ...route,
          handler: surrounded(route.method, route.path, route.handler)
        })) as unknown as Routes
      ),
    add: (method, path, handler, options) =>
      inner.add(method, path, surrounded(method, path, toHandler(handler)), options)
  })
})

/** What no route takes is surrounded, too: it may be refused before, and is recorded as what it is. */
export const unrouted = (surround: Surround, error: unknown, dialect: Dialect | undefined) =>
  surround(dialect === undefined ? noRoute : { ...noRoute, dialect }, Effect.fail(error))
