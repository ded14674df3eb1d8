/** What all of Strata's HTTP API has in common, whatever groups of routes it is made of. */
import { flow } from "effect"
import { HttpApi, HttpApiMiddleware, OpenApi } from "effect/http-api"
import type { HttpApiGroup } from "effect/http-api"
import { describeWires } from "./DescribedWire.ts"
import {
  BadRequest,
  Conflict,
  Forbidden,
  InternalServerError,
  MisdirectedRequest,
  TooManyRequests,
  Unauthorized
} from "./HttpErrors.ts"
import { describe } from "./OpenApiDocument.ts"
import { aliasesOf, describeAliases } from "./PathAliases.ts"
import { version } from "./Version.ts"

/** Turns what the Schemas refuse into OpenAI's envelope. Says of every operation also how it is refused before. */
export class SchemaErrors extends HttpApiMiddleware.Service<SchemaErrors>()("strata/kernel/http/SchemaErrors", {
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

/** The name of the API, by which handlers find the group they belong to. */
export const identifier = "strata"

/** The API of these groups, under their own paths. `authenticated`: its document says how; default false. */
export const make = (groups: ReadonlyArray<HttpApiGroup.Top>, { authenticated = false } = {}): HttpApi.Top => {
  const api = groups.reduce<HttpApi.Top>(
    (api, group) => api.add(group) as unknown as HttpApi.Top,
    HttpApi.make(identifier) as unknown as HttpApi.Top
  )
  return api
    .middleware(SchemaErrors)
    .annotate(HttpApi.ParseOptions, { errors: "all" })
    .annotateMerge(OpenApi.annotations({
      title: "Strata",
      version,
      description: "One server in front of every model vendor, where every request and response is an event and any " +
        "session can be replayed. Chat completions speak OpenAI's dialect.",
      license: { name: "MIT" },
      transform: flow(describeWires(api), describeAliases(aliasesOf(api)), describe(authenticated))
    })) as unknown as HttpApi.Top
}
