/** The whole HTTP application as one effect: routes, documents, and what surrounds every request. */
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { Api } from "../apis/Api.ts"
import { ConsumerGroupsHandlers } from "../apis/consumer-groups/ConsumerGroupsHandlers.ts"
import { EventsHandlers } from "../apis/events/EventsHandlers.ts"
import { InferenceHandlers } from "../apis/inference/InferenceHandlers.ts"
import { InspectHandlers } from "../apis/inspect/InspectHandlers.ts"
import { ModelsHandlers } from "../apis/models/ModelsHandlers.ts"
import { ProvidersHandlers } from "../apis/providers/ProvidersHandlers.ts"
import { SessionsHandlers } from "../apis/sessions/SessionsHandlers.ts"
import * as DocumentPaths from "../kernel/http/DocumentPaths.ts"
import { ExternalApis } from "../kernel/modules/ExternalApi.ts"
import * as ModuleStart from "../kernel/modules/ModuleStart.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import * as Documents from "./Documents.ts"
import * as RequestPipeline from "./RequestPipeline.ts"
import * as SchemaErrorsLive from "./SchemaErrorsLive.ts"

const handlers = Layer.mergeAll(
  ConsumerGroupsHandlers,
  EventsHandlers,
  InferenceHandlers,
  InspectHandlers,
  ModelsHandlers,
  ProvidersHandlers,
  SessionsHandlers
)

/** Its type is that of Strata's own API, so that the compiler misses no handlers; those from outside were checked. */
const routes = Layer.unwrap(Effect.gen(function*() {
  const { api } = yield* ServedApi
  const external = (yield* ExternalApis).filter(({ name }) => name in api.groups)
    .map(({ handlers, name }) => ModuleStart.layer(name, "handlers", () => handlers(api)))
  return HttpApiBuilder.layer(api as unknown as typeof Api, { openapiPath: DocumentPaths.openApi }).pipe(
    Layer.provide([handlers, ...external]),
    Layer.provide(SchemaErrorsLive.layer)
  )
}))

export const make = Effect.map(
  Effect.all([HttpRouter.toHttpEffect(Layer.mergeAll(routes, Documents.layer)), RequestPipeline.make()]),
  ([app, pipeline]) => pipeline(app)
)
