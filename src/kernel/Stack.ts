/**
 * The resolver: one memoised Layer per API, built lazily by recursion over what its providers require.
 *
 * The Layer graph is the order: independent providers start side by side, release runs in reverse, and a failed start
 * releases what was built. There is no sorting.
 */
import { Context, Effect, Layer } from "effect"
import type { AnyApi, AnyDefinition, BaseOf, ErrorOf, InstanceInfo, ServiceOf, ShapeOf } from "./Provider.ts"
import type { PlannedProvider, StackPlan } from "./StackPlan.ts"
import { chainOf } from "./StackPlan.ts"

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

const instanceKey = ({ api, provider_id }: PlannedProvider) =>
  Context.Service<unknown>(`strata/instance/${api}/${provider_id}`)

/**
 * Fresh: two instances of one type are two, also where the type always gives the same Layer. What an upstream needs and
 * how it fails stands in the stack's type: its type is in the registry too.
 */
const slotLayer = ({ config, definition, provider_id, provider_type, upstream }: PlannedProvider): UntypedLayer => {
  const nested = upstream === undefined ? undefined : slotLayer(upstream) as InstanceInfo<unknown>["upstream"]
  const made = definition.layer(config as never, { provider_id, provider_type, upstream: nested })
  const { slot } = definition.api
  return Layer.effect(slot, Effect.service(slot)).pipe(Layer.provide(Layer.fresh(made as UntypedLayer)))
}

export const layer = <
  const Registry extends ReadonlyArray<AnyDefinition>,
  const Routers extends ReadonlyArray<AnyRouter>
>(
  plan: StackPlan<Registry>,
  routers: Routers
): Layer.Layer<
  RouterOut<Routers[number]>,
  ErrorOf<Registry[number]> | RouterError<Routers[number]>,
  BaseOf<Registry[number]> | RouterNeeds<Routers[number]>
> => {
  const built = new Map<string, UntypedLayer>()

  const instanceLayer = (planned: PlannedProvider): UntypedLayer => {
    const slot = Layer.effect(instanceKey(planned), Effect.service(planned.definition.api.slot)).pipe(
      Layer.provide(slotLayer(planned))
    )
    const required = new Set(chainOf(planned).flatMap(({ definition }) => definition.requires.map(({ name }) => name)))
    return [...required].reduce<UntypedLayer>((layer, name) => Layer.provide(layer, apiLayer(name)), slot)
  }

  const makeApiLayer = (router: UntypedRouter): UntypedLayer =>
    Layer.suspend(() => {
      const planned = plan.providers.filter(({ api }) => api === router.api.name)
      const service = Layer.unwrap(Effect.contextWith((context: Context.Context<unknown>) =>
        Effect.succeed(router.layer(planned.map((each) => ({
          id: each.provider_id,
          type: each.provider_type,
          service: Context.getUnsafe(context, instanceKey(each))
        }))))
      ))
      const [first, ...rest] = planned.map(instanceLayer)
      return first === undefined ? service : Layer.provide(service, Layer.mergeAll(first, ...rest))
    })

  const apiLayer = (name: string): UntypedLayer => {
    const known = built.get(name)
    if (known !== undefined) return known
    const router = routers.find(({ api }) => api.name === name)
    const made = router === undefined
      ? Layer.effectContext(Effect.die(new Error(`no router for the API ${name}`)))
      : makeApiLayer(router as unknown as UntypedRouter)
    built.set(name, made)
    return made
  }

  const [first, ...rest] = routers.map(({ api }) => apiLayer(api.name))
  return (first === undefined ? Layer.empty : Layer.mergeAll(first, ...rest)) as never
}
