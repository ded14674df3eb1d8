/** Follows what providers list: at the start, as long as they are watched, and when something unknown is asked for. */
import { Clock, Deferred, Effect, Fiber, Semaphore } from "effect"
import type { Scope } from "effect"
import type { Instance } from "../provider/Instance.ts"
import { subjectOf } from "../provider/Instance.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { statusOf } from "../stack/HealthReport.ts"
import * as ProviderMonitor from "../stack/ProviderMonitor.ts"
import * as SystemOperations from "../system/SystemOperations.ts"
import { SystemRequests } from "../system/SystemRequests.ts"
import type { ListedResource, Resource } from "./Resource.ts"
import { isStorable, prefixed } from "./Resource.ts"
import type { make as makeLog } from "./ResourceLog.ts"
import type { ResourceProvider, ResourcesOf } from "./ResourceProvider.ts"
import * as ResourceTable from "./ResourceTable.ts"
import * as StoredAttributes from "./StoredAttributes.ts"

/** How long the start waits for the lists; what is late arrives later. */
const startTimeout = "1 second"
/** Something unknown makes a provider be asked again, at most this often. */
const refreshInterval = 5000
/** How long who asks for something unknown waits for the lists; what is late is there the next time. */
const refreshTimeout = "1 second"

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
const lister = <Shape, A>(
  log: Log<A>,
  instance: Instance<Shape>,
  resourcesOf: ResourcesOf<Shape, A>,
  system: SystemRequests["Service"],
  scope: Scope.Scope
) => {
  const lock = Semaphore.makeUnsafe(1)
  let askedAt = 0

  const ask = Effect.fnUntraced(function*(service: Shape) {
    let changes: ResourceTable.Changes<A> = ResourceTable.nothing
    const works = yield* ProviderMonitor.probe(
      instance,
      Effect.gen(function*() {
        const provider = resourcesOf(service)
        if (provider.list !== undefined) {
          const listed = (yield* provider.list).filter((each) => isStorable(each.provider_resource_id))
          const resources = yield* StoredAttributes.of(listed.map(toResource(instance, provider)))
          // What it lists is there before it has said whether it works, which may take longer.
          yield* Effect.catch(
            log.change((table) => Effect.sync(() => changes = ResourceTable.listed(table, instance.id, resources))),
            ({ message }) => Effect.logWarning(message)
          )
        }
        if (provider.health !== undefined) yield* provider.health
      })
    )
    askedAt = yield* Clock.currentTimeMillis
    return { works, changes }
  })

  /** A request of its own; `causation_id`: the first event of the one that needs it. */
  const discover = (service: Shape, causation_id: string | null) =>
    system.run(
      SystemOperations.Discovery,
      { ...subjectOf(instance), causation_id },
      ask(service),
      ({ changes: { registered, unregistered }, works }) => ({
        status: statusOf(works),
        registered: registered.length,
        unregistered: unregistered.length
      })
    )

  /** Whether it works. One that does not run is not asked: who starts it says why. */
  const now = (causation_id: string | null) =>
    Effect.matchEffect(instance.service, {
      onFailure: () => Effect.succeed(false),
      onSuccess: (service) => Effect.map(discover(service, causation_id), ({ works }) => works)
    })

  const refresh = Effect.gen(function*() {
    const recording = yield* CurrentRecording
    const wanted = yield* Clock.currentTimeMillis
    yield* lock.withPermit(
      Effect.suspend(() => wanted - askedAt < refreshInterval ? Effect.void : now(recording?.origin ?? null))
    )
  })

  return {
    instance,
    probe: lock.withPermit(now(null)),
    /** It goes on when who wanted it no longer waits. One that does not work is asked by who watches it. */
    refresh: Effect.suspend(() =>
      instance.lastCheck.works === false ? Effect.void : Effect.flatMap(Effect.forkIn(refresh, scope), Fiber.join)
    )
  }
}

/** Lists what all providers list, and goes on; gives what asks them once more. */
export const make = Effect.fn("ResourceDiscovery.make")(function*<Shape, A>(
  log: Log<A>,
  instances: ReadonlyArray<Instance<Shape>>,
  resourcesOf: ResourcesOf<Shape, A>
) {
  const scope = yield* Effect.scope
  const system = yield* SystemRequests
  const listers = instances.map((instance) => lister(log, instance, resourcesOf, system, scope))
  const context = yield* Effect.context<Effect.Services<(typeof listers)[number]["probe"]>>()
  const firsts = yield* Effect.forEach(listers, ({ instance, probe }) => ProviderMonitor.watch(instance, probe))
  const soon = Effect.forEach(
    firsts,
    ({ first, instance }) => Effect.andThen(instance.service, Deferred.await(first)).pipe(Effect.ignore),
    { concurrency: "unbounded", discard: true }
  )
  yield* Effect.timeoutOption(soon, startTimeout)
  yield* Effect.forEach(firsts, ProviderMonitor.requireHealthy, { discard: true })

  return {
    refresh: Effect.forEach(listers, ({ refresh }) => refresh, { concurrency: "unbounded", discard: true }).pipe(
      Effect.timeoutOption(refreshTimeout),
      Effect.provideContext(context),
      Effect.asVoid
    )
  }
})
