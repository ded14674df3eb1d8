/** One HTTP request on its way: what came in, and what it is for. */
import { Context, Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Operation } from "../kernel/http/Operations.ts"

/** The operation a request is for, and how its route fits. */
export interface Match {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | ReadonlyArray<string>>>
}

export interface RequestContext {
  readonly request: HttpServerRequest.HttpServerRequest
  /** Undefined: it is for no operation. */
  readonly match: Match | undefined
  /** True for a document, such as the description of the API. */
  readonly document: boolean
}

type Response = HttpServerResponse.HttpServerResponse
type Handler<E = unknown, R = never> = Effect.Effect<Response, E, R>

/** What surrounds the handler of a route. */
export type Around = (context: RequestContext, handler: Handler) => Effect.Effect<Response, unknown>

const present = <A>(record: Readonly<Record<string, A | undefined>>): Record<string, A> => {
  const output: Record<string, A> = {}
  for (const name in record) if (record[name] !== undefined) output[name] = record[name]
  return output
}

/** The handler of a route with what surrounds it: the router has matched by then, and nobody matches again. */
const surrounded = <E, R>(
  handler: Handler<E, R>,
  operation: Operation | undefined,
  around: Around
): Handler<E, R> =>
  Effect.withFiber(({ context }) => {
    const request = Context.getUnsafe(context, HttpServerRequest.HttpServerRequest)
    const { params } = Context.getUnsafe(context, HttpRouter.RouteContext)
    const query = Context.getUnsafe(context, HttpServerRequest.ParsedSearchParams)
    const match = operation === undefined ? undefined : { operation, params: present(params), query }
    // What it needs, the router sees to, and its failures are answered around it: its type is for the router alone.
    return around({ request, match, document: operation === undefined }, handler as Handler<E>) as Handler<E>
  })

type Given<E, R> = Response | Handler<E, R> | ((request: HttpServerRequest.HttpServerRequest) => Handler<E, R>)

const toHandler = <E, R>(given: Given<E, R>): Handler<E, R> =>
  typeof given === "function"
    ? Effect.withFiber(({ context }) => given(Context.getUnsafe(context, HttpServerRequest.HttpServerRequest)))
    : HttpServerResponse.isHttpServerResponse(given)
    ? Effect.succeed(given)
    : given

/** A router whose routes are surrounded; `operations`: what they are for. */
export const router = Effect.fnUntraced(function*(operations: ReadonlyArray<Operation>, around: Around) {
  const inner = yield* HttpRouter.make
  const byRoute = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
  const surround = <E, R>(method: string, path: string, handler: Handler<E, R>) =>
    surrounded(handler, byRoute.get(`${method} ${path}`), around)
  return HttpRouter.HttpRouter.of({
    ...inner,
    addAll: <const Routes extends ReadonlyArray<HttpRouter.Route<unknown, unknown>>>(routes: Routes) =>
      // Each of its own type, as before.
      inner.addAll(
        routes.map((route) => ({
          ...route,
          handler: surround(route.method, route.path, route.handler)
        })) as unknown as Routes
      ),
    add: (method, path, handler, options) =>
      inner.add(method, path, surround(method, path, toHandler(handler)), options)
  })
})
