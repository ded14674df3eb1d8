/** Binds the introspection endpoints to the `Inspect` service. */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../Api.ts"
import { openApiPath, operations } from "../Operations.ts"
import { Inspect } from "./Inspect.ts"

const routes = operations.map(({ group, id, method, path, recorded, summary }) => ({
  operation_id: id,
  method,
  route: openApiPath(path),
  group,
  summary,
  recorded
}))

export const InspectHandlers = HttpApiBuilder.group(
  Api,
  "inspect",
  Effect.fn(function*(handlers) {
    const inspect = yield* Inspect
    return handlers.handleAll({
      health: () => inspect.health,
      version: () => Effect.succeed({ version: inspect.version }),
      listRoutes: () => Effect.succeed({ data: routes })
    })
  })
)
