/** What answers the routes of one group. It is bound to the API that serves the group when that is put together. */
import { Effect } from "effect"
import type { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { HttpApi, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import type { identifier } from "../http/StrataApi.ts"
import * as BytesHandler from "./BytesHandler.ts"
import * as ModuleStart from "./ModuleStart.ts"

type Handlers<Group extends HttpApiGroup.Constraint> = HttpApiBuilder.Handlers.FromGroup<
  HttpApiGroup.WithIdentifier<Group, HttpApiGroup.Identifier<Group>>
>

/** `Error`: how building the handlers may fail; `Needs`: the services they use. */
export interface ApiHandlers<Error, Needs> {
  readonly bind: (api: HttpApi.Top) => Layer.Layer<never, Error, Needs>
}

interface Built {
  readonly handlers: ReadonlyMap<string, { readonly endpoint: HttpApiEndpoint.Top; readonly handler: object }>
}

/** Says which of them can be asked directly, where somebody does. */
const registerDirect = (api: HttpApi.Top, group: HttpApiGroup.Top, { handlers }: Built) =>
  Effect.map(BytesHandler.DirectHandlers, (registered) => {
    if (registered === undefined) return
    for (const { endpoint, handler } of handlers.values()) {
      const direct = BytesHandler.direct(api, group, endpoint, handler)
      if (direct !== undefined) registered.set(`${endpoint.method} ${endpoint.path}`, direct)
    }
  })

/** `build` gives every endpoint of the group its handler, as for `HttpApiBuilder.group`. */
export const make = <Group extends HttpApiGroup.Constraint, Return>(
  routes: Group,
  build: (handlers: Handlers<Group>) => HttpApiBuilder.Handlers.ValidateReturn<Return>
): ApiHandlers<HttpApiBuilder.Handlers.Error<Return>, HttpApiBuilder.Handlers.Context<Return>> => {
  // HttpApi's types know a group by the API it stands in; here the API is put together at run time.
  const group = routes as unknown as HttpApiGroup.Top
  const complete = ModuleStart.handlers(group, build)
  return {
    bind: (api) =>
      HttpApiBuilder.group(
        api as unknown as HttpApi.HttpApi<typeof identifier, Group>,
        group.identifier as HttpApiGroup.Identifier<Group>,
        ((handlers: never) =>
          Effect.tap(
            complete(handlers),
            (built) => registerDirect(api, group, built as Built)
          )) as unknown as typeof build
      )
  }
}
