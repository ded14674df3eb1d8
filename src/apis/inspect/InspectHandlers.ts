/** Binds the introspection endpoints to the `Inspect` service. */
import { Effect } from "effect"
import type { Operation } from "../../kernel/http/Operations.ts"
import { openApiPath } from "../../kernel/http/Operations.ts"
import { aliased } from "../../kernel/http/PathAliases.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { Inspect } from "./Inspect.ts"
import { InspectRoutes } from "./InspectRoutes.ts"

const toRoute = ({ group, id, method, path, recorded, summary }: Operation) => ({
  operation_id: id,
  method,
  route: openApiPath(path),
  group,
  summary,
  recorded
})

export const InspectHandlers = ApiHandlers.make(
  InspectRoutes,
  Effect.fn(function*(handlers) {
    const inspect = yield* Inspect
    const { aliases, operations } = yield* ServedApi
    const routes = [...operations, ...aliased(operations, aliases)].map(toRoute)
    return handlers.handleAll({
      health: ({ query }) =>
        Effect.filterOrFail(
          inspect.health,
          ({ status }) => query.ready === "false" || status === "ok",
          (health) => health
        ),
      version: () => Effect.succeed({ version: inspect.version }),
      listRoutes: () => Effect.succeed({ data: routes })
    })
  })
)
