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
  ServiceOf,
  ShapeOf
} from "../provider/Provider.ts"
import { needsOf } from "../provider/ProviderDependencies.ts"
import type { ProviderHealth } from "../provider/ProviderHealth.ts"
import type { StartTime } from "../provider/StartTimes.ts"
import { StartTimes } from "../provider/StartTimes.ts"
import * as InstanceStart from "./InstanceStart.ts"
import type { RequiredProviderDown } from "./ProviderMonitor.ts"
import type { ProviderNotStarted } from "./ProviderNotStarted.ts"
import type { StackPlan } from "./StackPlan.ts"
import * as SupervisedInstance from "./SupervisedInstance.ts"

/** Makes of an API's instances its service, and the registry that goes with it where the API is one of a pair. */
export interface Router<A extends AnyApi, Out, E, R> {
  readonly api: A
  readonly layer: (instances: ReadonlyArray<Instance<ShapeOf<A>>>) => Layer.Layer<Out | ServiceOf<A>, E, R>
}

type AnyRouter = {
  readonly api: AnyApi
  readonly layer: (instances: never) => Layer.Layer<never, unknown, unknown>
}
type RouterOut<R> = R extends { readonly layer: (...parameters: never) => Layer.Layer<infer Out, unknown, unknown> }
  ? Out
  : never
type RouterError<R> = R extends { readonly layer: (...parameters: never) => Layer.Layer<never, infer E, unknown> } ? E
  : never
type RouterNeeds<R> = R extends { readonly layer: (...parameters: never) => Layer.Layer<never, unknown, infer N> } ? N
  : never

type UntypedLayer = Layer.Layer<unknown, unknown, unknown>
type UntypedRouter = {
  readonly api: AnyApi
  readonly layer: (instances: ReadonlyArray<Instance<unknown>>) => UntypedLayer
}

/** An instance that is still to be started: `layer` makes it the service of `key`. */
interface Startable {
  readonly key: Context.Service<unknown, Instance<unknown>>
  readonly layer: UntypedLayer
}

const instanceKey = (api: string, id: string): Startable["key"] => Context.Service(`strata/instance/${api}/${id}`)

/** Starts the instances side by side, then the router over them. */
const routed = (router: UntypedRouter, instances: ReadonlyArray<Startable>): UntypedLayer => {
  const service = Layer.unwrap(
    Effect.contextWith((context: Context.Context<unknown>) =>
      Effect.succeed(router.layer(instances.map(({ key }) => Context.getUnsafe(context, key))))
    )
  )
  const [first, ...rest] = instances.map(({ layer }) => layer)
  return first === undefined ? service : Layer.provide(service, [first, ...rest])
}

/** What an API gives, put together by hand: what its instances need and nobody provides is left in the Layer's type. */
export const api = <A extends AnyApi, Out, E, R, EI = never, RI = never>(
  router: Router<A, Out, E, R>,
  instances: ReadonlyArray<ConfiguredProvider<A, EI, RI>>
): Layer.Layer<Out | ServiceOf<A>, E | EI, R | RI> => {
  const { name, slot } = router.api
  const startable = instances.map(({ layer, provider_id, provider_type }): Startable => {
    const key = instanceKey(name, provider_id)
    const instance = (service: unknown) => running({ api: name, id: provider_id, type: provider_type, service })
    const started = Layer.effect(key, Effect.map(Effect.service(slot), instance))
    return { key, layer: started.pipe(Layer.provide(Layer.fresh(layer as UntypedLayer))) }
  })
  return routed(router as unknown as UntypedRouter, startable) as never
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
  BaseOf<Registry[number]> | RouterNeeds<Routers[number]> | ProviderHealth
> =>
  Layer.suspend(() => {
    const built = new Map<string, UntypedLayer>()
    const times = new Map<PlannedProvider, StartTime>()
    const configured = new Set(plan.providers.map(({ api }) => api))

    /** All at once: one after the other, the later ones would see the earlier ones. */
    const withNeeds = (planned: PlannedProvider): Startable => {
      const key = instanceKey(planned.api, planned.provider_id)
      const slot = InstanceStart.layer(planned, (each, start) => times.set(each, start))
      const instance = SupervisedInstance.layer(planned, key, slot)
      const needs = needsOf(planned).filter(({ api, optional }) => !optional || configured.has(api))
      const [first, ...rest] = needs.map(({ api }) => apiLayer(api))
      return { key, layer: first === undefined ? instance : Layer.provide(instance, [first, ...rest]) }
    }

    const makeApiLayer = (name: string): UntypedLayer => {
      const router = routers.find(({ api }) => api.name === name)
      if (router === undefined) return Layer.effectContext(Effect.die(new Error(`no router for the API ${name}`)))
      return Layer.suspend(() => {
        const planned = plan.providers.filter(({ api }) => api === name)
        return routed(router as unknown as UntypedRouter, planned.map(withNeeds))
      })
    }

    const apiLayer = (name: string): UntypedLayer => {
      const known = built.get(name)
      if (known !== undefined) return known
      const made = makeApiLayer(name)
      built.set(name, made)
      return made
    }

    const startTimes = Layer.sync(StartTimes, () => ({ get: (planned: PlannedProvider) => times.get(planned) }))
    return Layer.mergeAll(startTimes as UntypedLayer, ...routers.map(({ api }) => apiLayer(api.name)))
  }) as never
