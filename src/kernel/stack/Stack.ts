/**
 * The resolver: one memoised Layer per API, built lazily by recursion over what its providers need.
 *
 * The Layer graph is the order: independent providers start side by side, release runs in reverse, and a failed start
 * releases what was built. There is no sorting.
 */
import { Context, Effect, Layer } from "effect"
import type { ProviderNotCompliant } from "../provider/Compliance.ts"
import type { Instance } from "../provider/Instance.ts"
import { running } from "../provider/Instance.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import type {
  AnyApi,
  AnyDefinition,
  BaseOf,
  ConfiguredProvider,
  ErrorOf,
  ProviderApi,
  ServiceOf,
  ShapeOf
} from "../provider/Provider.ts"
import { needsOf } from "../provider/ProviderDependencies.ts"
import type { ProviderHealth } from "../provider/ProviderHealth.ts"
import type { StartTime } from "../provider/StartTimes.ts"
import { StartTimes } from "../provider/StartTimes.ts"
import type { SystemRequests } from "../system/SystemRequests.ts"
import * as InstanceStart from "./InstanceStart.ts"
import type { RequiredProviderDown } from "./ProviderMonitor.ts"
import type { ProviderNotStarted } from "./ProviderNotStarted.ts"
import type { StackPlan } from "./StackPlan.ts"
import * as SupervisedInstance from "./SupervisedInstance.ts"

/** Makes of an API's instances its service, and the registry that goes with it where the API is one of a pair. */
export interface Router<A extends AnyApi, Out, E, R> {
  readonly api: A
  readonly layer: (instances: ReadonlyArray<Instance<ShapeOf<A>>>) => Layer.Layer<Out | ServiceOf<A>, E, R>
  /** The APIs among the routers whose services its layer uses. */
  readonly uses?: ReadonlyArray<AnyApi>
}

type AnyLayer = Layer.Layer<never, unknown, unknown>
interface AnyRouter {
  readonly api: AnyApi
  readonly layer: (instances: ReadonlyArray<Instance<never>>) => AnyLayer
  readonly uses?: ReadonlyArray<AnyApi>
}
type LayerOf<R> = R extends { readonly layer: (...parameters: never) => infer L } ? L : never
type RouterOut<R> = LayerOf<R> extends Layer.Layer<infer Out, unknown, unknown> ? Out : never
type RouterError<R> = LayerOf<R> extends Layer.Layer<never, infer E, unknown> ? E : never
type RouterNeeds<R> = LayerOf<R> extends Layer.Layer<never, unknown, infer N> ? N : never

/** An instance that is still to be started: `layer` makes it the service of `key`. */
interface Startable<Shape, E, R> {
  readonly key: Context.Service<Started, Instance<Shape>>
  readonly layer: Layer.Layer<Started, E, R>
}

interface Started {
  readonly _: unique symbol
}

const instanceKey = <Shape>(api: string, id: string): Startable<Shape, never, never>["key"] =>
  Context.Service(`strata/instance/${api}/${id}`)

/** Starts the instances side by side, then the router over them. */
const routed = <Shape, Out, E, R, EI, RI>(
  router: (instances: ReadonlyArray<Instance<Shape>>) => Layer.Layer<Out, E, R>,
  instances: ReadonlyArray<Startable<Shape, EI, RI>>
): Layer.Layer<Out, E | EI, R | RI> => {
  const service = Layer.unwrap(
    Effect.map(
      Effect.context<never>(),
      (context) => router(instances.map(({ key }) => Context.getUnsafe(context, key)))
    )
  )
  const [first, ...rest] = instances.map(({ layer }) => layer)
  return first === undefined ? service : Layer.provide(service, [first, ...rest])
}

/** What an API gives, put together by hand: what its instances need and nobody provides is left in the Layer's type. */
export const api = <Name extends string, Service, Slot, Shape, Out, E, R, EI = never, RI = never>(
  router: Router<ProviderApi<Name, Service, Slot, Shape>, Out, E, R>,
  instances: ReadonlyArray<ConfiguredProvider<ProviderApi<Name, Service, Slot, Shape>, EI, RI>>
): Layer.Layer<Out | Service, E | EI, R | RI> => {
  const { name, slot } = router.api
  const startable = instances.map(({ layer, provider_id, provider_type }): Startable<Shape, EI, RI> => {
    const key = instanceKey<Shape>(name, provider_id)
    const instance = (service: Shape) => running({ api: name, id: provider_id, type: provider_type, service })
    const started = Layer.effect(key, Effect.map(Effect.service(slot), instance))
    return { key, layer: started.pipe(Layer.provide(Layer.fresh(layer))) }
  })
  return routed(router.layer, startable)
}

/** The stack of a plan. Its services are there when each of its instances has started, or could not. */
export const layer = <
  const Registry extends ReadonlyArray<AnyDefinition>,
  const Routers extends ReadonlyArray<AnyRouter>
>(
  plan: StackPlan<Registry>,
  routers: Routers
): Layer.Layer<
  RouterOut<Routers[number]> | StartTimes,
  | ErrorOf<Registry[number]>
  | RouterError<Routers[number]>
  | ProviderNotCompliant
  | ProviderNotStarted
  | RequiredProviderDown,
  BaseOf<Registry[number]> | RouterNeeds<Routers[number]> | ProviderHealth | SystemRequests
> =>
  Layer.suspend(() => {
    const built = new Map<string, AnyLayer>()
    const times = new Map<PlannedProvider, StartTime>()
    const configured = new Set(plan.providers.map(({ api }) => api))

    /** All at once: one after the other, the later ones would see the earlier ones. */
    const withNeeds = (planned: PlannedProvider): Startable<unknown, unknown, unknown> => {
      const key = instanceKey<unknown>(planned.api, planned.provider_id)
      const slot = InstanceStart.layer(planned, (each, start) => times.set(each, start))
      const instance = SupervisedInstance.layer(planned, key, slot)
      const needs = needsOf(planned).filter(({ api, optional }) => !optional || configured.has(api))
      const [first, ...rest] = needs.map(({ api }) => apiLayer(api))
      return { key, layer: first === undefined ? instance : Layer.provide(instance, [first, ...rest]) }
    }

    const makeApiLayer = (name: string): AnyLayer => {
      const router = routers.find(({ api }) => api.name === name)
      if (router === undefined) return Layer.effectContext(Effect.die(new Error(`no router for the API ${name}`)))
      // The instances of its API fill the slot that it reads: the plan has checked it.
      const make = router.layer as (instances: ReadonlyArray<Instance<unknown>>) => AnyLayer
      const [first, ...rest] = (router.uses ?? []).map(({ name }) => apiLayer(name))
      const made = Layer.suspend(() => routed(make, plan.providers.filter(({ api }) => api === name).map(withNeeds)))
      return first === undefined ? made : Layer.provide(made, [first, ...rest])
    }

    const apiLayer = (name: string): AnyLayer => {
      const existing = built.get(name)
      if (existing !== undefined) return existing
      const made = makeApiLayer(name)
      built.set(name, made)
      return made
    }

    const startTimes: AnyLayer = Layer.sync(StartTimes, () => ({
      get: (planned: PlannedProvider) => times.get(planned)
    }))
    const whole: AnyLayer = Layer.mergeAll(startTimes, ...routers.map(({ api }) => apiLayer(api.name)))
    // What is looked up by an API's name has no type: together it gives, fails with and needs what all of them do.
    return whole as ReturnType<typeof layer<Registry, Routers>>
  })
