/** The whole HTTP API: one group per folder of `src/apis`. No server code: clients import this file too. */
import { HttpApi, HttpApiMiddleware, OpenApi } from "effect/http-api"
import {
  BadRequest,
  Conflict,
  Forbidden,
  InternalServerError,
  MisdirectedRequest,
  TooManyRequests,
  Unauthorized
} from "../kernel/http/HttpErrors.ts"
import { describe } from "../kernel/http/OpenApiDocument.ts"
import { version } from "../kernel/http/Version.ts"
import { ConsumerGroupsRoutes } from "./consumer-groups/ConsumerGroupsRoutes.ts"
import { EventsRoutes } from "./events/EventsRoutes.ts"
import { InferenceRoutes } from "./inference/InferenceRoutes.ts"
import { InspectRoutes } from "./inspect/InspectRoutes.ts"
import { ModelsRoutes } from "./models/ModelsRoutes.ts"
import { ProvidersRoutes } from "./providers/ProvidersRoutes.ts"
import { SessionsRoutes } from "./sessions/SessionsRoutes.ts"

/** Turns what the Schemas refuse into OpenAI's envelope. Says of every operation also how it is refused before. */
export class SchemaErrors extends HttpApiMiddleware.Service<SchemaErrors>()("strata/apis/Api/SchemaErrors", {
  error: [
    BadRequest,
    Unauthorized,
    Forbidden,
    Conflict,
    MisdirectedRequest,
    TooManyRequests,
    InternalServerError
  ]
}) {}

export class Api extends HttpApi.make("strata")
  .add(InferenceRoutes)
  .add(ModelsRoutes)
  .add(SessionsRoutes)
  .add(EventsRoutes)
  .add(ConsumerGroupsRoutes)
  .add(ProvidersRoutes)
  .add(InspectRoutes)
  .middleware(SchemaErrors)
  .annotate(HttpApi.ParseOptions, { errors: "all" })
  .annotateMerge(OpenApi.annotations({
    title: "Strata",
    version,
    description: "One server in front of every model vendor, where every request and response is an event and any " +
      "session can be replayed. Chat completions speak OpenAI's dialect.",
    license: { name: "MIT" },
    transform: describe(false)
  }))
{}
