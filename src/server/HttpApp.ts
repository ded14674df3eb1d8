/** The whole HTTP application as one effect: routes, documents, and what surrounds every request. */
import { Context, Effect, Layer } from "effect"
import type { Scope } from "effect"
import { HttpRouter, HttpServerError, HttpServerRequest } from "effect/http"
import type { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { Api, Apis } from "../apis/Apis.ts"
import * as DocumentPaths from "../kernel/http/DocumentPaths.ts"
import type { NeedsOf, OutOf } from "../kernel/modules/ApiModule.ts"
import * as BytesHandler from "../kernel/modules/BytesHandler.ts"
import { InProcessOperations } from "../kernel/modules/InProcessOperations.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import * as ModuleStart from "../kernel/modules/ModuleStart.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import * as Admission from "./Admission.ts"
import * as Documents from "./Documents.ts"
import { LoadedApis } from "./LoadedApis.ts"
import * as OperationFinder from "./OperationFinder.ts"
import * as RequestContext from "./RequestContext.ts"
import * as RequestPipeline from "./RequestPipeline.ts"
import * as RequestRun from "./RequestRun.ts"
import * as SchemaErrors from "./SchemaErrors.ts"

type Services = OutOf<Apis> | NeedsOf<Apis>

/** Its type is that of Strata's own API; what is served was checked when the modules were put together. */
const routes = Layer.unwrap(Effect.gen(function*() {
  const { api, modules } = yield* ServedApi
  const served = (yield* LoadedApis).filter(({ module }) => modules.includes(module))
  const [first, ...rest] = served.map(({ external, live, module: { name } }) => {
    const bound = () => live.handlers.bind(api) as Layer.Layer<never, never, Services>
    return external ? ModuleStart.layer(name, "handlers", bound) : bound()
  })
  const handlers = first === undefined ? Layer.empty : Layer.mergeAll(first, ...rest)
  return HttpApiBuilder.layer(api as unknown as typeof Api, { openapiPath: DocumentPaths.openApi }).pipe(
    Layer.provide(
      handlers as unknown as Layer.Layer<
        Layer.Services<ReturnType<typeof HttpApiBuilder.layer<"strata", Apis["routes"]>>>,
        never,
        Services
      >
    ),
    Layer.provide(SchemaErrors.layer)
  )
}))

const isUnrouted = (error: unknown): error is HttpServerError.HttpServerError =>
  HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"

type App = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  HttpServerRequest.HttpServerRequest | Scope.Scope
>

export const make = Effect.gen(function*() {
  const surround = yield* RequestPipeline.make
  const { aliases, operations } = yield* ServedApi
  const direct = new Map<string, BytesHandler.Direct>()
  const { errorDialects } = yield* ModuleSet.Modules
  const router = yield* RequestContext.router({ operations, dialects: errorDialects, direct }, surround)
  yield* Layer.build(
    Layer.mergeAll(routes, Documents.layer).pipe(
      Layer.provide([
        Layer.succeed(HttpRouter.HttpRouter, router),
        Layer.succeed(BytesHandler.DirectHandlers, direct)
      ])
    ) as Layer.Layer<
      never,
      Layer.Error<typeof routes>,
      Exclude<
        Layer.Services<typeof routes>,
        HttpRouter.HttpRouter | HttpRouter.Request<"Error", HttpServerError.HttpServerError>
      >
    >
  )
  const { askedDirectly } = yield* RequestRun.make
  const { inProcess } = yield* Admission.make()
  yield* Effect.flatMap(InProcessOperations, ({ serve }) =>
    serve({
      ...inProcess,
      asked: ({ id, method, path }) => {
        const handler = direct.get(`${method} ${path}`)
        return handler === undefined ? undefined : askedDirectly(handler, errorDialects.get(id))
      }
    }))
  // What surrounds a route answers every other failure.
  const byPath = new Map(operations.map(({ id, path }) => [path, errorDialects.get(id)]))
  const routed = Effect.catchIf(
    router.asHttpEffect(),
    isUnrouted,
    (error) => RequestContext.unrouted(surround, error, byPath.get(error.reason.request.url.split("?")[0]!))
  ) as App
  const { isIrregular, normalize } = OperationFinder.make(operations, aliases)
  return Effect.withFiber((fiber) => {
    const request = Context.getUnsafe(fiber.context, HttpServerRequest.HttpServerRequest)
    return isIrregular.test(request.url)
      ? Effect.provideService(routed, HttpServerRequest.HttpServerRequest, normalize(request))
      : routed
  }) as App
})
