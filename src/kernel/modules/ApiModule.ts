/**
 * An API as one value: its routes, its events, its resources, its tables, what providers implement, and what answers.
 *
 * Strata's own APIs and those that a module of the configuration brings are the same kind of value. It imports no
 * implementation: `live` loads it when a server starts, so that clients can import the value for its routes.
 *
 * @example
 * export const PoemsModule = ApiModule.make({
 *   name: "poems",
 *   routes: PoemsRoutes,
 *   live: () => import("./PoemsLive.ts")
 * })
 */
import type { Layer } from "effect"
import type { HttpApiGroup } from "effect/http-api"
import type { AnyProjection } from "../../events/projections/Projection.ts"
import type { Definition } from "../../events/types/Event.ts"
import type { Dialect } from "../dialects/Dialect.ts"
import type { Instance } from "../provider/Instance.ts"
import type { AnyApi, ShapeOf } from "../provider/Provider.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import type { ApiHandlers } from "./ApiHandlers.ts"

/** The implementation: the handlers, and the service behind them. */
export interface ApiLive<Out = never, Error = unknown, Needs = unknown> {
  readonly handlers: ApiHandlers<unknown, unknown>
  /** The services the API gives; of an API that providers implement, made of their instances. Absent: it has none. */
  readonly layer?:
    | Layer.Layer<never, unknown, unknown>
    | ((instances: ReadonlyArray<Instance<never>>) => Layer.Layer<never, unknown, unknown>)
  /** Other APIs that providers implement, above it in the list, whose services the layer uses. */
  readonly uses?: ReadonlyArray<AnyApi>
  // Of the type alone.
  readonly "~Out"?: Out
  readonly "~Error"?: Error
  readonly "~Needs"?: Needs
}

// oxlint-disable-next-line typescript/no-explicit-any -- a list of modules with services of any type
export type AnyApiLive = ApiLive<any, any, any>

/** What an API's file of the implementation exports as `live`. */
export const live = <HandlersError, HandlersNeeds, Out = never, Error = never, Needs = never>(implementation: {
  readonly handlers: ApiHandlers<HandlersError, HandlersNeeds>
  readonly layer?: Layer.Layer<Out, Error, Needs>
}): ApiLive<Out, Error | HandlersError, Exclude<HandlersNeeds, Out> | Needs> => implementation

/** The same of an API that providers implement, or of the registry that goes with one: `layer` is given the instances. */
export const liveOf = <A extends AnyApi, HandlersError, HandlersNeeds, Out, Error, Needs>(
  _contract: A,
  implementation: {
    readonly handlers: ApiHandlers<HandlersError, HandlersNeeds>
    readonly layer: (instances: ReadonlyArray<Instance<ShapeOf<A>>>) => Layer.Layer<Out, Error, Needs>
    readonly uses?: ReadonlyArray<AnyApi>
  }
): ApiLive<Out, Error | HandlersError, Exclude<HandlersNeeds, Out> | Needs> => implementation

export interface ApiModule<
  Name extends string,
  Routes extends HttpApiGroup.Constraint,
  Contract extends AnyApi | undefined,
  Live extends AnyApiLive
> {
  /** Its name in `apis` and `providers` of a configuration, and the identifier of its routes' group. */
  readonly name: Name
  readonly routes: Routes
  /** The events it records besides `api:*` and those of its registries. */
  readonly events: ReadonlyArray<Definition>
  /** The kinds of resources it has registries of. */
  readonly resources: ReadonlyArray<AnyResourceKind>
  /** The tables it keeps with the log, besides those of its registries. From outside: none. */
  readonly projections: ReadonlyArray<AnyProjection>
  /** The dialects of its operations that carry a conversation, by the operation's id. */
  readonly dialects: Readonly<Record<string, Dialect>>
  /** The dialects of its other operations' errors, by the operation's id; absent: OpenAI's. */
  readonly errors: Readonly<Record<string, Dialect>>
  /** What providers implement, where they do. */
  readonly contract: Contract
  /** The API whose resources it is the registry of: it is served with that one, and made of the same instances. */
  readonly registryOf: string | undefined
  /** Served whatever `apis` of a configuration says. */
  readonly always: boolean
  readonly live: () => Promise<{ readonly live: Live }>
}

export type AnyApiModule = ApiModule<string, HttpApiGroup.Constraint, AnyApi | undefined, AnyApiLive>

export const make = <
  Routes extends HttpApiGroup.Constraint,
  Live extends AnyApiLive,
  Contract extends AnyApi | undefined = undefined
>(options: {
  readonly name: HttpApiGroup.Identifier<Routes> & string
  readonly routes: Routes
  readonly events?: ReadonlyArray<Definition>
  readonly resources?: ReadonlyArray<AnyResourceKind>
  readonly projections?: ReadonlyArray<AnyProjection>
  readonly dialects?: Readonly<Record<string, Dialect>>
  readonly errors?: Readonly<Record<string, Dialect>>
  readonly contract?: Contract
  readonly registryOf?: string
  readonly always?: boolean
  readonly live: () => Promise<{ readonly live: Live }>
}): ApiModule<HttpApiGroup.Identifier<Routes> & string, Routes, Contract, Live> => {
  const { always = false, contract, dialects = {}, errors = {}, events = [], projections = [] } = options
  const { registryOf, resources = [] } = options
  const lists = { dialects, errors, events, projections, resources }
  return { ...options, ...lists, always, contract: contract as Contract, registryOf }
}

type LiveOf<Module> = Module extends
  ApiModule<string, HttpApiGroup.Constraint, AnyApi | undefined, infer Live extends AnyApiLive> ? Live
  : never
/** The services that modules give. */
export type OutOf<Module> = Exclude<LiveOf<Module>["~Out"], undefined>
/** How they may fail to start. */
export type ErrorOf<Module> = Exclude<LiveOf<Module>["~Error"], undefined>
/** The services that modules need of somebody else. */
export type NeedsOf<Module> = Exclude<LiveOf<Module>["~Needs"], OutOf<Module> | undefined>
