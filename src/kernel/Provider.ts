/** A provider type: which API it implements, how it is configured, what it needs, and the Layer that makes an instance. */
import type { Context, Layer, Schema } from "effect"

/**
 * An API that providers implement: the service callers use, and the slot each instance fills.
 * For a routed API the service is the router over all instances.
 */
export interface ProviderApi<Name extends string, Service, Slot, Shape> {
  readonly name: Name
  readonly service: Context.Key<Service, unknown>
  readonly slot: Context.Key<Slot, Shape>
}

export type AnyApi = ProviderApi<string, unknown, unknown, unknown>
export type ServiceOf<A> = A extends ProviderApi<string, infer Service, infer _Slot, infer _Shape> ? Service : never
export type SlotOf<A> = A extends ProviderApi<string, infer _Service, infer Slot, infer _Shape> ? Slot : never
export type ShapeOf<A> = A extends ProviderApi<string, infer _Service, infer _Slot, infer Shape> ? Shape : never

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

export interface Options<A extends AnyApi, Config, Requires extends ReadonlyArray<AnyApi>, E, R> {
  readonly api: A
  readonly type: `inline::${string}` | `remote::${string}`
  readonly description: string
  readonly config: Schema.ConstraintDecoder<Config> & Schema.Top
  /** APIs it can't work without. */
  readonly requires: Requires
  /** The upstream a configuration asks for, written under its key `upstream`; it is checked with everything else. */
  readonly upstream?: (config: Config) => UpstreamEntry | undefined
  readonly layer: (config: Config, instance: InstanceInfo<SlotOf<A>>) => Layer.Layer<SlotOf<A>, E, R>
}

/** `Base` is what the layer needs beyond the APIs it declares: the program provides it. */
export interface Definition<A extends AnyApi, E, Base> {
  readonly api: A
  readonly type: string
  readonly description: string
  readonly config: Schema.Top
  readonly requires: ReadonlyArray<AnyApi>
  readonly upstream?: (config: never) => UpstreamEntry | undefined
  readonly layer: (
    config: never,
    instance: InstanceInfo<SlotOf<A>>
  ) => Layer.Layer<SlotOf<A>, E | UpstreamError, unknown>
  readonly "~Base": Base
}

export type AnyDefinition = Definition<AnyApi, unknown, unknown>
export type ErrorOf<D> = D extends { readonly layer: (...parameters: never) => Layer.Layer<never, infer E, unknown> } ?
  Exclude<E, UpstreamError>
  : never
export type BaseOf<D> = D extends { readonly "~Base": infer Base } ? Base : never

export const make = <A extends AnyApi, Config, const Requires extends ReadonlyArray<AnyApi>, E, R>(
  options: Options<A, Config, Requires, E, R>
): Definition<A, Exclude<E, UpstreamError>, Exclude<R, ServiceOf<Requires[number]>>> =>
  options as unknown as Definition<A, Exclude<E, UpstreamError>, Exclude<R, ServiceOf<Requires[number]>>>
