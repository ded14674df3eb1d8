/** The whole HTTP application as one effect: routes, documents, and what surrounds every request. */
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { Api, Apis } from "../apis/Apis.ts"
import * as DocumentPaths from "../kernel/http/DocumentPaths.ts"
import type { NeedsOf, OutOf } from "../kernel/modules/ApiModule.ts"
import * as ModuleStart from "../kernel/modules/ModuleStart.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import * as Documents from "./Documents.ts"
import { LoadedApis } from "./LoadedApis.ts"
import * as RequestPipeline from "./RequestPipeline.ts"
import * as SchemaErrorsLive from "./SchemaErrorsLive.ts"

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
    Layer.provide(SchemaErrorsLive.layer)
  )
}))

export const make = Effect.map(
  Effect.all([HttpRouter.toHttpEffect(Layer.mergeAll(routes, Documents.layer)), RequestPipeline.make()]),
  ([app, pipeline]) => pipeline(app)
)
