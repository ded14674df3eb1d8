/**
 * The resolver: one memoised Layer per API, built lazily by recursion over what its providers need.
 *
 * The Layer graph is the order: independent providers start side by side, release runs in reverse, and a failed start
 * releases what was built. There is no sorting.
 */
import { Context, Effect, Layer } from "effect"
import type { ProviderNotCompliant } from "./Compliance.ts"
import * as InstanceStart from "./InstanceStart.ts"
import type { PlannedProvider } from "./PlannedProvider.ts"
import type { AnyApi, AnyDefinition, BaseOf, ConfiguredProvider, ErrorOf, ServiceOf, ShapeOf } from "./Provider.ts"
import { needsOf } from "./ProviderDependencies.ts"
import type { StackPlan } from "./StackPlan.ts"
import type { StartTime } from "./StartTimes.ts"
import { StartTimes } from "./StartTimes.ts"

/** A running instance. */
export interface Instance<Shape> {
  readonly id: string
  readonly type: string
  readonly service: Shape
}

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

const instanceKey = (api: string, id: string) => Context.Service<unknown>(`strata/instance/${api}/${id}`)

/** An instance that is still to be started: `layer` fills the slot of the API. */
interface Startable {
  readonly provider_id: string
  readonly provider_type: string
  readonly layer: UntypedLayer
}

/** Starts the instances side by side, then the router over them. */
const routed = (router: UntypedRouter, instances: ReadonlyArray<Startable>): UntypedLayer => {
  const { name, slot } = router.api
  const running = instances.map(({ layer, provider_id, provider_type }) => {
    const key = instanceKey(name, provider_id)
    const instance = (service: unknown): Instance<unknown> => ({ id: provider_id, type: provider_type, service })
    return { key, instance, layer: Layer.effect(key, Effect.service(slot)).pipe(Layer.provide(layer)) }
  })
  const service = Layer.unwrap(
    Effect.contextWith((context: Context.Context<unknown>) =>
      Effect.succeed(router.layer(running.map(({ instance, key }) => instance(Context.getUnsafe(context, key)))))
    )
  )
  const [first, ...rest] = running.map(({ layer }) => layer)
  return first === undefined ? service : Layer.provide(service, [first, ...rest])
}

/** What an API gives, put together by hand: what its instances need and nobody provides is left in the Layer's type. */
export const api = <A extends AnyApi, Out, E, R, EI = never, RI = never>(
  router: Router<A, Out, E, R>,
  instances: ReadonlyArray<ConfiguredProvider<A, EI, RI>>
): Layer.Layer<Out | ServiceOf<A>, E | EI, R | RI> => {
  const startable = instances as ReadonlyArray<Startable>
  return routed(
    router as unknown as UntypedRouter,
    startable.map((each) => ({ ...each, layer: Layer.fresh(each.layer) }))
  ) as never
}

/** The stack of a plan. Its services are there when all of its instances have started. */
export const layer = <
  const Registry extends ReadonlyArray<AnyDefinition>,
  const Routers extends ReadonlyArray<AnyRouter>
>(
  plan: StackPlan<Registry>,
  routers: Routers
): Layer.Layer<
  RouterOut<Routers[number]> | StartTimes,
  ErrorOf<Registry[number]> | RouterError<Routers[number]> | ProviderNotCompliant,
  BaseOf<Registry[number]> | RouterNeeds<Routers[number]>
> =>
  Layer.suspend(() => {
    const built = new Map<string, UntypedLayer>()
    const times = new Map<PlannedProvider, StartTime>()
    const configured = new Set(plan.providers.map(({ api }) => api))

    /** All at once: one after the other, the later ones would see the earlier ones. */
    const withNeeds = (planned: PlannedProvider): UntypedLayer => {
      const slot = InstanceStart.layer(planned, (each, start) => times.set(each, start))
      const needs = needsOf(planned).filter(({ api, optional }) => !optional || configured.has(api))
      const [first, ...rest] = needs.map(({ api }) => apiLayer(api))
      return first === undefined ? slot : Layer.provide(slot, [first, ...rest])
    }

    const makeApiLayer = (name: string): UntypedLayer => {
      const router = routers.find(({ api }) => api.name === name)
      if (router === undefined) return Layer.effectContext(Effect.die(new Error(`no router for the API ${name}`)))
      return Layer.suspend(() => {
        const planned = plan.providers.filter(({ api }) => api === name)
        const startable = planned.map((each) => ({ ...each, layer: withNeeds(each) }))
        return routed(router as unknown as UntypedRouter, startable)
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
