/** Binds the introspection endpoints to the `Inspect` service. */
import { Effect } from "effect"
import type { Operation } from "../../kernel/http/Operations.ts"
import { openApiPath } from "../../kernel/http/Operations.ts"
import { aliased } from "../../kernel/http/PathAliases.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import type { Served } from "../../kernel/modules/ServedApi.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import type { PlannedProvider } from "../../kernel/provider/PlannedProvider.ts"
import { CurrentPlan } from "../../kernel/stack/CurrentPlan.ts"
import { Inspect } from "./Inspect.ts"
import type { Route, RoutesQuery } from "./InspectModels.ts"
import { InspectRoutes } from "./InspectRoutes.ts"

const toRoute =
  (typesOf: (group: string) => ReadonlyArray<string>) =>
  ({ group, id, method, path, recorded, summary }: Operation): Route => ({
    operation_id: id,
    method,
    route: openApiPath(path),
    group,
    summary,
    recorded,
    provider_types: typesOf(group)
  })

const isOf = ({ api_filter }: RoutesQuery) => ({ route }: Route): boolean =>
  api_filter === undefined || route.startsWith(`/${api_filter}/`)

/** Of the API that a group of routes belongs to: of a registry, the one whose resources it keeps. */
const typesOf = ({ modules }: Served, providers: ReadonlyArray<PlannedProvider>) => (group: string) => {
  const module = modules.find(({ routes }) => routes.identifier === group)
  const api = module?.registryOf ?? module?.name
  return [...new Set(providers.filter((each) => each.api === api).map(({ provider_type }) => provider_type))]
}

export const InspectHandlers = ApiHandlers.make(
  InspectRoutes,
  Effect.fn(function*(handlers) {
    const inspect = yield* Inspect
    const served = yield* ServedApi
    const { providers } = yield* CurrentPlan
    const { aliases, operations } = served
    const routes = [...operations, ...aliased(operations, aliases)].map(toRoute(typesOf(served, providers)))
    return handlers.handleAll({
      health: ({ query }) =>
        Effect.filterOrFail(
          inspect.health,
          ({ status }) => !query.ready || status === "ok",
          (health) => health
        ),
      version: () => Effect.succeed({ version: inspect.version }),
      listRoutes: ({ query }) => Effect.succeed({ data: routes.filter(isOf(query)) })
    })
  })
)
