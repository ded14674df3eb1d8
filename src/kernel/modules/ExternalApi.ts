/** An API from outside: routes, what answers them, and who provides it. Strata serves it as one of its own. */
import { Context } from "effect"
import type { Layer } from "effect"
import type { HttpClient } from "effect/http"
import type { HttpApi, HttpApiGroup } from "effect/http-api"
import { HttpApiBuilder } from "effect/http-api"
import type { Inference } from "../../apis/inference/Inference.ts"
import type { Models } from "../../apis/models/Models.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { ProjectionTables } from "../../events/projections/ProjectionTables.ts"
import type { Definition } from "../../events/types/Event.ts"
import type { AccessControl } from "../access/AccessControl.ts"
import type { AnyApi, ServiceOf } from "../provider/Provider.ts"
import type { ProviderHealth } from "../provider/ProviderHealth.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import type { Router } from "../stack/Stack.ts"
import * as ModuleStart from "./ModuleStart.ts"

/** What Strata gives to what comes from outside. The client's calls are recorded. */
export type Host =
  | HttpClient.HttpClient
  | EventHub
  | Inference
  | Models
  | AccessControl
  | ProjectionTables
  | ProviderHealth

type Handlers<Group extends HttpApiGroup.Constraint> = HttpApiBuilder.Handlers.FromGroup<Group>
type Bound<Group extends HttpApiGroup.Constraint, Return> = Layer.Layer<
  HttpApiGroup.Service<"strata", HttpApiGroup.Identifier<Group>>,
  HttpApiBuilder.Handlers.Error<Return>,
  HttpApiBuilder.Handlers.Context<Return>
>
type UntypedLayer = Layer.Layer<never, never, never>

export interface ExternalApi {
  /** Its name in `apis` and `providers` of a configuration, and the identifier of its routes' group. */
  readonly name: string
  readonly group: HttpApiGroup.Top
  /** The handlers, bound to the API that is served. */
  readonly handlers: (api: HttpApi.Top) => UntypedLayer
  readonly events: ReadonlyArray<Definition>
  /** The kinds of resources it has registries of. */
  readonly resources: ReadonlyArray<AnyResourceKind>
  /** Where providers implement it: makes its service of their instances. */
  readonly router: Router<AnyApi, never, unknown, unknown> | undefined
  /** Where it needs no providers: its service. */
  readonly layer: UntypedLayer | undefined
}

interface Options<Group extends HttpApiGroup.Constraint, Return> {
  readonly name: HttpApiGroup.Identifier<Group> & string
  readonly group: Group
  /** Gives every endpoint its handler, as for `HttpApiBuilder.group`. */
  readonly handlers: (handlers: Handlers<Group>) => HttpApiBuilder.Handlers.ValidateReturn<Return>
  /** Events it records besides `api:*` and those of its registries, for the catalog; at version 1. */
  readonly events?: ReadonlyArray<Definition>
  /** The kinds of resources whose registries its router makes, with `ResourceRegistry.make`. */
  readonly resources?: ReadonlyArray<AnyResourceKind>
}

/** What handlers need beyond the host is the API's own service. */
type NeedsOf<Return> = Exclude<HttpApiBuilder.Handlers.Context<Return>, Host>

const make = <Group extends HttpApiGroup.Constraint, Return>(
  options: Options<Group, Return>,
  service: Pick<ExternalApi, "router" | "layer">
): ExternalApi => ({
  name: options.name,
  group: options.group as unknown as HttpApiGroup.Top,
  handlers: (api) =>
    HttpApiBuilder.group(
      api as unknown as HttpApi.HttpApi<"strata", Group>,
      options.name,
      ModuleStart.handlers(options.group as unknown as HttpApiGroup.Top, options.handlers) as never
    ) as unknown as Bound<Group, Return> as unknown as UntypedLayer,
  events: [
    ...options.events ?? [],
    ...(options.resources ?? []).flatMap(({ registered, unregistered }) => [registered, unregistered])
  ],
  resources: options.resources ?? [],
  ...service
})

/** An API that providers implement. */
export const provided = <Group extends HttpApiGroup.Constraint, Return, A extends AnyApi, E, R extends Host>(
  options: Options<Group, Return> & {
    /** The API as providers see it, and what makes its service of their instances. */
    readonly router: [NeedsOf<Return>] extends [ServiceOf<A>] ? Router<A, never, E, R> : never
  }
): ExternalApi => make(options, { router: options.router as never, layer: undefined })

/** An API that answers by itself. */
export const alone = <Group extends HttpApiGroup.Constraint, Return, Service, E>(
  options: Options<Group, Return> & {
    /** Its service. */
    readonly layer: [NeedsOf<Return>] extends [Service] ? Layer.Layer<Service, E, Host> : never
  }
): ExternalApi => make(options, { router: undefined, layer: options.layer as never })

/** The APIs from outside that a server has. */
export const ExternalApis = Context.Reference<ReadonlyArray<ExternalApi>>("strata/kernel/external/ExternalApis", {
  defaultValue: () => []
})
