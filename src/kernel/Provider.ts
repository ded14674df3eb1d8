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

/** What the layer learns of the instance it makes. */
export interface InstanceInfo {
  readonly provider_id: string
  readonly provider_type: string
}

export interface Options<A extends AnyApi, Config, Requires extends ReadonlyArray<AnyApi>, E, R> {
  readonly api: A
  readonly type: `inline::${string}` | `remote::${string}`
  readonly description: string
  readonly config: Schema.ConstraintDecoder<Config> & Schema.Top
  /** APIs it can't work without. */
  readonly requires: Requires
  readonly layer: (config: Config, instance: InstanceInfo) => Layer.Layer<SlotOf<A>, E, R>
}

/** `Base` is what the layer needs beyond the APIs it declares: the program provides it. */
export interface Definition<A extends AnyApi, E, Base> {
  readonly api: A
  readonly type: string
  readonly description: string
  readonly config: Schema.Top
  readonly requires: ReadonlyArray<AnyApi>
  readonly layer: (config: never, instance: InstanceInfo) => Layer.Layer<SlotOf<A>, E, unknown>
  readonly "~Base": Base
}

export type AnyDefinition = Definition<AnyApi, unknown, unknown>
export type ErrorOf<D> = D extends { readonly layer: (...parameters: never) => Layer.Layer<never, infer E, unknown> } ?
  E
  : never
export type BaseOf<D> = D extends { readonly "~Base": infer Base } ? Base : never

export const make = <A extends AnyApi, Config, const Requires extends ReadonlyArray<AnyApi>, E, R>(
  options: Options<A, Config, Requires, E, R>
): Definition<A, E, Exclude<R, ServiceOf<Requires[number]>>> =>
  options as unknown as Definition<A, E, Exclude<R, ServiceOf<Requires[number]>>>
