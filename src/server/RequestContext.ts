/** One HTTP request on its way: what came in, and what it is for. */
import { Effect } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import type { HttpServerResponse } from "effect/http"
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
type Handler = Effect.Effect<Response, unknown, never>

/** What surrounds the handler of a route. */
export type Around = (context: RequestContext, handler: Handler) => Effect.Effect<Response, unknown>

const present = <A>(record: Readonly<Record<string, A | undefined>>): Record<string, A> => {
  const output: Record<string, A> = {}
  for (const name in record) if (record[name] !== undefined) output[name] = record[name]
  return output
}

/** The handler of a route with what surrounds it: the router has matched by then, and nobody matches again. */
const surrounded = (handler: Handler, operation: Operation | undefined, around: Around): Handler =>
  Effect.withFiber((fiber) => {
    const request = fiber.getRef(HttpServerRequest.HttpServerRequest as never) as HttpServerRequest.HttpServerRequest
    const { params } = fiber.getRef(HttpRouter.RouteContext as never) as HttpRouter.RouteContext["Service"]
    const query = fiber.getRef(HttpServerRequest.ParsedSearchParams as never) as Match["query"]
    const match = operation === undefined ? undefined : { operation, params: present(params), query }
    return around({ request, match, document: operation === undefined }, handler)
  })

/** A router whose routes are surrounded; `operations`: what they are for. */
export const router = Effect.fnUntraced(function*(operations: ReadonlyArray<Operation>, around: Around) {
  const inner = yield* HttpRouter.make
  const byRoute = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
  const surround = <E, R>(route: HttpRouter.Route<E, R>): HttpRouter.Route<E, R> => ({
    ...route,
    handler: surrounded(route.handler as Handler, byRoute.get(`${route.method} ${route.path}`), around) as never
  })
  return HttpRouter.HttpRouter.of({
    ...inner,
    addAll: (routes) => inner.addAll(routes.map(surround) as never),
    add: (method, path, handler, options) =>
      inner.addAll([surround(HttpRouter.route(method, path, handler as never, options) as never)] as never) as never
  })
})
