/** Follows what providers list: at the start, as long as they are watched, and when something unknown is asked for. */
import { Clock, Deferred, Effect, Semaphore } from "effect"
import type { Instance } from "../Instance.ts"
import * as ProviderMonitor from "../ProviderMonitor.ts"
import type { ListedResource, Resource } from "./Resource.ts"
import { prefixed } from "./Resource.ts"
import type { make as makeLog } from "./ResourceLog.ts"
import type { ResourceProvider, ResourcesOf } from "./ResourceProvider.ts"
import * as ResourceTable from "./ResourceTable.ts"

/** How long the start waits for the lists; what is late arrives later. */
const startTimeout = "1 second"
/** Something unknown makes a provider be asked again, at most this often. */
const refreshInterval = 5000

type Log<A> = Effect.Success<ReturnType<typeof makeLog<A>>>

const toResource =
  <A>({ id }: Instance<unknown>, { source }: ResourceProvider<A>) =>
  ({ attributes, provider_resource_id }: ListedResource<A>): Resource<A> => ({
    identifier: prefixed(id, provider_resource_id),
    provider_id: id,
    provider_resource_id,
    source,
    owner: null,
    attributes
  })

/** One provider, asked by one at a time. */
const lister = <Shape, A>(log: Log<A>, instance: Instance<Shape>, resourcesOf: ResourcesOf<Shape, A>) => {
  const lock = Semaphore.makeUnsafe(1)
  let askedAt = 0

  const ask = Effect.fnUntraced(function*(service: Shape) {
    let resources: ReadonlyArray<Resource<A>> | undefined
    const works = yield* ProviderMonitor.look(
      instance,
      Effect.gen(function*() {
        const provider = resourcesOf(service)
        if (provider.list !== undefined) resources = (yield* provider.list).map(toResource(instance, provider))
        if (provider.health !== undefined) yield* provider.health
      })
    )
    if (resources !== undefined) {
      const found = resources
      yield* Effect.catch(
        log.change((table) => Effect.succeed(ResourceTable.listed(table, instance.id, found))),
        ({ message }) => Effect.logWarning(message)
      )
    }
    askedAt = yield* Clock.currentTimeMillis
    return works
  })

  /** Whether it works. One that does not run is not asked: who starts it says why. */
  const now = Effect.matchEffect(instance.service, { onFailure: () => Effect.succeed(false), onSuccess: ask })

  return {
    instance,
    look: lock.withPermit(now),
    refresh: Effect.flatMap(
      Clock.currentTimeMillis,
      (wanted) => lock.withPermit(Effect.suspend(() => wanted - askedAt < refreshInterval ? Effect.void : now))
    )
  }
}

/** Lists what all providers list, and goes on; gives what asks them once more. */
export const make = Effect.fn("ResourceDiscovery.make")(function*<Shape, A>(
  log: Log<A>,
  instances: ReadonlyArray<Instance<Shape>>,
  resourcesOf: ResourcesOf<Shape, A>
) {
  const listers = instances.map((instance) => lister(log, instance, resourcesOf))
  const context = yield* Effect.context<Effect.Services<(typeof listers)[number]["look"]>>()
  const firsts = yield* Effect.forEach(listers, ({ instance, look }) => ProviderMonitor.watch(instance, look))
  const soon = Effect.forEach(
    firsts,
    ({ first, instance }) => Effect.andThen(instance.service, Deferred.await(first)).pipe(Effect.ignore),
    { concurrency: "unbounded", discard: true }
  )
  yield* Effect.timeoutOption(soon, startTimeout)
  yield* Effect.forEach(firsts, ProviderMonitor.demand, { discard: true })

  return {
    refresh: Effect.forEach(listers, ({ refresh }) => refresh, { concurrency: "unbounded", discard: true }).pipe(
      Effect.provideContext(context)
    )
  }
})
