/** The whole HTTP application as one effect: routes, documents, and what surrounds every request. */
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../apis/Api.ts"
import { ConsumerGroupsHandlers } from "../apis/consumer-groups/ConsumerGroupsHandlers.ts"
import { EventsHandlers } from "../apis/events/EventsHandlers.ts"
import { InferenceHandlers } from "../apis/inference/InferenceHandlers.ts"
import { InspectHandlers } from "../apis/inspect/InspectHandlers.ts"
import { ModelsHandlers } from "../apis/models/ModelsHandlers.ts"
import { ProvidersHandlers } from "../apis/providers/ProvidersHandlers.ts"
import { SessionsHandlers } from "../apis/sessions/SessionsHandlers.ts"
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

const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api, { openapiPath: Documents.openApiPath }).pipe(
    Layer.provide(handlers),
    Layer.provide(SchemaErrorsLive.layer)
  ),
  Documents.layer
)

export const make = Effect.map(
  Effect.all([HttpRouter.toHttpEffect(routes), RequestPipeline.make()]),
  ([app, pipeline]) => pipeline(app)
)
