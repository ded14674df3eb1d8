/** A provider type: which API it implements, how it is configured, what it needs, and the Layer that makes an instance. */
import { Effect } from "effect"
import type { Context, Layer, Option, Schema } from "effect"
import type { AnyContract, Contract } from "./Compliance.ts"

/**
 * An API that providers implement: the service callers use, and the slot each instance fills.
 * For a routed API the service is the router over all instances.
 */
export interface ProviderApi<Name extends string, Service, Slot, Shape> {
  readonly name: Name
  readonly service: Context.Key<Service, unknown>
  readonly slot: Context.Key<Slot, Shape>
  /** The members of what fills the slot, for providers that are loaded at run time. */
  readonly contract: Contract<Shape>
  /**
   * Asks an instance how it fares; a failure says why it does not work. Absent: nobody asks, or who lists its resources
   * does.
   */
  readonly health?: (service: Shape) => Effect.Effect<void, { readonly message: string }>
}

export interface AnyApi {
  readonly name: string
  readonly service: Context.Key<unknown, unknown>
  readonly slot: Context.Key<unknown, unknown>
  readonly contract: AnyContract
  readonly health?: (service: never) => Effect.Effect<void, { readonly message: string }>
}
export type ServiceOf<A> = A extends { readonly service: Context.Key<infer Service, unknown> } ? Service : never
export type SlotOf<A> = A extends { readonly slot: Context.Key<infer Slot, infer _Shape> } ? Slot : never
export type ShapeOf<A> = A extends { readonly slot: Context.Key<infer _Slot, infer Shape> } ? Shape : never

/** A provider of the same API that stands in another's configuration, under the key `upstream`. */
export interface UpstreamEntry {
  readonly provider_type: string
  readonly config: Schema.JsonObject
}

/** How an upstream fails to start is its own affair: the stack's error names it, who uses the upstream need not. */
export interface UpstreamError {
  readonly _: unique symbol
}

/** What the layer learns of the instance it makes. */
export interface InstanceInfo<Slot> {
  readonly provider_id: string
  readonly provider_type: string
  /** The upstream, under the same provider_id; it starts when the layer provides itself with it, and not otherwise. */
  readonly upstream: Layer.Layer<Slot, UpstreamError> | undefined
}

/** Asks for an API that a provider can do without; satisfied by declaring the API under `optional`. */
export interface Optional<Service> {
  readonly _: unique symbol
  readonly service: Service
}

/**
 * The service of an API declared under `optional`: some where a provider of that API is configured, wherever it stands
 * in the file. It is ready before this provider starts.
 */
export const optional = <Service, Shape>(
  service: Context.Key<Service, Shape>
): Effect.Effect<Option.Option<Shape>, never, Optional<Service>> => Effect.serviceOption(service)

/** `warning`: it still works, and says so at every start; `error`: a configuration that names it is refused. */
export type Deprecation = { readonly warning: string } | { readonly error: string }

/** What its tests have shown of a provider type. */
export interface Status {
  /**
   * `proven`: its contract suite ran against the real server, or recorded traffic of it; `fixture`: against answers written
   * by hand from the public document; `untested`.
   */
  readonly status: "proven" | "fixture" | "untested"
  /** What the suite ran against. */
  readonly against?: string
  /** What is not known, or not done. */
  readonly open?: ReadonlyArray<string>
}

export interface Options<
  A extends AnyApi,
  Config,
  Requires extends ReadonlyArray<AnyApi>,
  Optionals extends ReadonlyArray<AnyApi>,
  E,
  R
> {
  readonly api: A
  readonly type: `inline::${string}` | `remote::${string}`
  /** What a person calls it; default: the name in its type. */
  readonly displayName?: string
  readonly description: string
  readonly config: Schema.ConstraintDecoder<Config> & Schema.Top
  /** APIs it can't work without. */
  readonly requires: Requires
  /** APIs it uses where they are configured, through `Provider.optional`. */
  readonly optional?: Optionals
  /** Why it should not be used any more, and what to use instead. */
  readonly deprecated?: Deprecation
  /** What it can do, in words a person filters by: `streaming`, `tools`, `embeddings` … */
  readonly capabilities?: ReadonlyArray<string>
  /** What its tests have shown; default: it is untested. */
  readonly status?: Status
  /** What a client may send for it with a request, in the header x-strata-provider-data; absent: nothing. */
  readonly providerData?: Schema.Top
  /** The upstream a configuration asks for, written under its key `upstream`; it is checked with everything else. */
  readonly upstream?: (config: Config) => UpstreamEntry | undefined
  readonly layer: (config: Config, instance: InstanceInfo<SlotOf<A>>) => Layer.Layer<SlotOf<A>, E, R>
}

/**
 * `Needs` is what the layer needs, `Base` what of that the program provides: all but the APIs that are declared.
 * The configuration is what `config` decodes to.
 */
export interface Definition<A extends AnyApi, E, Base, Config = never, Needs = unknown> {
  readonly api: A
  readonly type: string
  readonly displayName: string
  readonly description: string
  readonly config: Schema.Top
  readonly requires: ReadonlyArray<AnyApi>
  readonly optional: ReadonlyArray<AnyApi>
  readonly deprecated?: Deprecation
  readonly capabilities: ReadonlyArray<string>
  readonly status: Status
  readonly providerData?: Schema.Top
  /** From outside this repository: its instances are held against the API's contract when they start. */
  readonly external: boolean
  readonly upstream?: (config: Config) => UpstreamEntry | undefined
  readonly layer: (config: Config, instance: InstanceInfo<SlotOf<A>>) => Layer.Layer<SlotOf<A>, E, Needs>
  /** Of the type alone. */
  readonly "~Base"?: Base
}

/** Of any type: what its Schema decodes is given to `upstreamOf` and `layerOf`. */
export type AnyDefinition = Definition<AnyApi, unknown, unknown>
export type ErrorOf<D> = D extends { readonly layer: (...parameters: never) => Layer.Layer<never, infer E, unknown> } ?
  E
  : never
export type BaseOf<D> = D extends { readonly "~Base"?: infer Base } ? Exclude<Base, undefined> : never

export const make = <
  A extends AnyApi,
  Config,
  const Requires extends ReadonlyArray<AnyApi>,
  E,
  R,
  const Optionals extends ReadonlyArray<AnyApi> = readonly []
>(
  options: Options<A, Config, Requires, Optionals, E, R>
): Definition<
  A,
  Exclude<E, UpstreamError>,
  Exclude<R, ServiceOf<Requires[number]> | Optional<ServiceOf<Optionals[number]>>>,
  Config,
  Exclude<R, Optional<ServiceOf<Optionals[number]>>>
> => ({
  displayName: options.type.replace(/^.*::/, ""),
  optional: [],
  capabilities: [],
  status: { status: "untested" },
  external: false,
  ...options,
  // An upstream's failure stands with its own type; what is optional is asked for by `Effect.serviceOption`.
  layer: options.layer as (config: Config, instance: InstanceInfo<SlotOf<A>>) => Layer.Layer<
    SlotOf<A>,
    Exclude<E, UpstreamError>,
    Exclude<R, Optional<ServiceOf<Optionals[number]>>>
  >
})

/** Why it should not be used any more; undefined: it may be used, or not at all. */
export const warningOf = ({ deprecated }: AnyDefinition): string | undefined =>
  deprecated !== undefined && "warning" in deprecated ? deprecated.warning : undefined

/** Why it can't be used any more; undefined: it can. */
export const refusalOf = ({ deprecated }: AnyDefinition): string | undefined =>
  deprecated !== undefined && "error" in deprecated ? deprecated.error : undefined

/** The definition of a provider that was loaded at run time. */
export const external = <D extends AnyDefinition>(definition: D): D => ({ ...definition, external: true })

/** An instance whose Layer asks for what it needs: to put a stack together in code. */
export interface ConfiguredProvider<A extends AnyApi, E, R> {
  readonly api: A
  readonly provider_id: string
  readonly provider_type: string
  readonly layer: Layer.Layer<SlotOf<A>, E, R>
}

/** An instance by hand: what it needs and nobody provides does not compile where the program is run. */
export const configured = <A extends AnyApi, E, Base, Config, Needs>(
  definition: Definition<A, E, Base, Config, Needs>,
  options: {
    readonly provider_id: string
    readonly config: NoInfer<Config>
    readonly upstream?: Layer.Layer<SlotOf<A>, UpstreamError>
  }
): ConfiguredProvider<A, E, Needs> => {
  const { config, provider_id, upstream } = options
  const { api, type } = definition
  return {
    api,
    provider_id,
    provider_type: type,
    layer: definition.layer(config, { provider_id, provider_type: type, upstream })
  }
}

// In a registry stand definitions of different types. That this configuration, or service, is of this one, its Schema or
// its slot has seen to; the compiler can't.

/** The upstream that a decoded configuration asks for. */
export const upstreamOf = ({ upstream }: AnyDefinition, config: unknown): UpstreamEntry | undefined =>
  upstream?.(config as never)

/** What makes an instance of a decoded configuration. */
export const layerOf = (
  { layer }: AnyDefinition,
  config: unknown,
  instance: InstanceInfo<unknown>
): Layer.Layer<unknown, unknown, unknown> => layer(config as never, instance)

/** How an instance says that it works, where its API has a way. */
export const healthOf = (
  { health }: AnyApi,
  service: unknown
): Effect.Effect<void, { readonly message: string }> | undefined => health?.(service as never)
