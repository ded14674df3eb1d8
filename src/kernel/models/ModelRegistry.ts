/** The registry of models: who serves what. Its table is folded from events, and follows what the providers list. */
import { Clock, Context, Effect, Fiber, Layer, Semaphore } from "effect"
import type { InferenceProvider, ProviderModel } from "../../apis/inference/Inference.ts"
import { ModelNotFound } from "../../apis/inference/Inference.ts"
import * as Draft from "../../events/Draft.ts"
import { EventHub } from "../../events/EventHub.ts"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import * as ModelEvents from "../../events/ModelEvents.ts"
import { ProjectionTables } from "../../events/ProjectionTables.ts"
import { nearestKey } from "../config/NearestKey.ts"
import { ProviderHealth } from "../ProviderHealth.ts"
import type { Instance } from "../Stack.ts"
import { ModelProjection } from "./ModelProjection.ts"
import * as ModelTable from "./ModelTable.ts"

/** How long a provider may take to list its models. */
const listTimeout = "5 seconds"
/** How long the start waits for the lists; what is late arrives later. */
const startTimeout = "1 second"
/** An unknown model makes the registry ask again, at most this often. */
const refreshInterval = 5000

export type InferenceInstance = Instance<Context.Service.Shape<typeof InferenceProvider>>

export class ModelRegistry extends Context.Service<ModelRegistry, {
  readonly table: Effect.Effect<ModelTable.ModelTable>
  /** Asks the providers again before it gives up. */
  find(modelId: string): Effect.Effect<ModelTable.Entry, ModelNotFound>
}>()("strata/kernel/models/ModelRegistry") {
  static readonly layer = (instances: ReadonlyArray<InferenceInstance>) => Layer.effect(ModelRegistry, make(instances))
}

const toEntry = (instance: InferenceInstance) => (model: ProviderModel): ModelTable.Entry => ({
  model_id: `${instance.id}/${model.id}`,
  provider_id: instance.id,
  provider_model_id: model.id,
  source: instance.service.models.source,
  created: model.created,
  owned_by: model.owned_by
})

/** The failure to find a model, with the ids that may have been meant. */
export const notFound = (table: ModelTable.ModelTable, model: string): ModelNotFound => {
  const unprefixed = [...table.values()].filter((entry) => entry.provider_model_id === model)
  const nearest = nearestKey(model, [...table.keys()])
  const suggestions = unprefixed.length > 0
    ? unprefixed.map((entry) => entry.model_id)
    : nearest === undefined
    ? []
    : [nearest]
  return new ModelNotFound({ model, suggestions })
}

const make = Effect.fn("ModelRegistry.make")(function*(instances: ReadonlyArray<InferenceInstance>) {
  const hub = yield* EventHub
  const health = yield* ProviderHealth
  const lock = Semaphore.makeUnsafe(1)
  const rows = yield* (yield* ProjectionTables).list(ModelProjection, { limit: Number.MAX_SAFE_INTEGER })
  let table: ModelTable.ModelTable = new Map(rows.map(({ document, key }) => [key, document]))
  let refreshedAt = 0

  const apply = Effect.fnUntraced(function*({ registered, unregistered }: ModelTable.Changes) {
    if (registered.length + unregistered.length === 0) return
    const drafts = yield* Effect.all([
      ...registered.map((entry) => Draft.make(ModelEvents.Registered, entry, { provider: entry.provider_id })),
      ...unregistered.map((model_id) => Draft.make(ModelEvents.Unregistered, { model_id }))
    ])
    yield* hub.append(ModelEvents.stream, "any", drafts).pipe(
      Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die })
    )
    const next = new Map(table)
    for (const entry of registered) next.set(entry.model_id, entry)
    for (const id of unregistered) next.delete(id)
    table = next
  })

  const refreshInstance = (instance: InferenceInstance): Effect.Effect<void, EventLogUnavailable> => {
    const subject = { api: "inference", provider_id: instance.id, provider_type: instance.type }
    return instance.service.models.list.pipe(
      Effect.timeoutOrElse({
        duration: listTimeout,
        orElse: () => Effect.fail({ message: `no answer within ${listTimeout}` })
      }),
      Effect.matchEffect({
        onSuccess: (models) =>
          Effect.andThen(
            apply(ModelTable.difference(table, instance.id, models.map(toEntry(instance)))),
            health.healthy(subject)
          ),
        onFailure: ({ message }) => health.unhealthy(subject, message)
      })
    )
  }

  const refresh = lock.withPermit(
    Effect.suspend(() => Effect.forEach(instances, refreshInstance, { concurrency: "unbounded", discard: true })).pipe(
      Effect.andThen(Clock.currentTimeMillis),
      Effect.map((now) => {
        refreshedAt = now
      }),
      Effect.catch((error) => Effect.logWarning(error.message))
    )
  )

  const refreshIfStale = Effect.flatMap(
    Clock.currentTimeMillis,
    (asked) =>
      lock.withPermit(Effect.void).pipe(
        Effect.flatMap(() => asked - refreshedAt < refreshInterval ? Effect.void : refresh)
      )
  )

  const configured = new Set(instances.map(({ id }) => id))
  const orphans = [...table.values()].filter(({ provider_id }) => !configured.has(provider_id))
  yield* apply({ registered: [], unregistered: orphans.map(({ model_id }) => model_id) })
  const first = yield* Effect.forkScoped(refresh)
  yield* Effect.timeoutOption(Fiber.await(first), startTimeout)

  const find = Effect.fnUntraced(function*(modelId: string) {
    const known = table.get(modelId)
    if (known !== undefined) return known
    yield* refreshIfStale
    const found = table.get(modelId)
    return found ?? (yield* notFound(table, modelId))
  })

  return ModelRegistry.of({ table: Effect.sync(() => table), find })
})
