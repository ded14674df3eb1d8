/**
 * Starts an instance and keeps it: one that can't start does not stop the rest, and is tried again until it can.
 *
 * Where the configuration says `required: true`, its failure ends the start. So does a defect, and a provider from
 * outside that does not fulfil its contract: no waiting mends that.
 */
import { Cause, Context, Deferred, Effect, Exit, Latch, Layer, Option } from "effect"
import type { Types } from "effect"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import { ProviderUnavailable } from "../http/ProviderUnavailable.ts"
import * as FailureText from "../issues/FailureText.ts"
import { ProviderNotCompliant } from "../provider/Compliance.ts"
import * as ConfigurationSecrets from "../provider/ConfigurationSecrets.ts"
import type { Instance } from "../provider/Instance.ts"
import { running, subjectOf } from "../provider/Instance.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import { healthOf } from "../provider/Provider.ts"
import { ProviderHealth } from "../provider/ProviderHealth.ts"
import { withinTime } from "../provider/WithinTime.ts"
import * as SystemOperations from "../system/SystemOperations.ts"
import { SystemRequests } from "../system/SystemRequests.ts"
import * as BoundedRelease from "./BoundedRelease.ts"
import * as HealthReport from "./HealthReport.ts"
import { CurrentIdleInstances, isIdle, standIn } from "./IdleInstances.ts"
import * as ProviderMonitor from "./ProviderMonitor.ts"
import * as ProviderNotStarted from "./ProviderNotStarted.ts"
import { interruptTimeout, retrySchedule, Supervision } from "./Supervision.ts"

type UntypedLayer = Layer.Layer<unknown, unknown, unknown>

const isTransient = (cause: Cause.Cause<unknown>): boolean => cause.reasons.every(Cause.isFailReason)

const isRefusal = (cause: Cause.Cause<unknown>): boolean => Cause.squash(cause) instanceof ProviderNotCompliant

const make = Effect.fnUntraced(function*(planned: PlannedProvider, slot: UntypedLayer) {
  const { api, definition, provider_id, provider_type, required } = planned
  if (isIdle(yield* CurrentIdleInstances, planned)) {
    return running<unknown>({ api, id: provider_id, type: provider_type, service: standIn(planned), required })
  }
  const health = yield* ProviderHealth
  const system = yield* SystemRequests
  const { startTimeout, watched } = yield* Supervision
  const scope = yield* Effect.scope
  const secrets = yield* ConfiguredSecrets
  for (const secret of ConfigurationSecrets.secretsOf(planned)) secrets.add(secret)
  const started = Deferred.makeUnsafe<void>()
  let service: Option.Option<unknown> = Option.none()

  /** What a start that failed has built is released at once. */
  const start = Effect.gen(function*() {
    const own = yield* BoundedRelease.fork(scope, `${api}/${provider_id}`)
    const built = Layer.buildWithMemoMap(slot, Layer.makeMemoMapUnsafe(), own.scope)
    const context = yield* withinTime(built, {
      limit: startTimeout,
      late: "it did not start",
      gracePeriod: interruptTimeout
    }).pipe(
      Effect.onExit((exit) => Exit.isSuccess(exit) ? Effect.void : own.close(exit))
    )
    const filled = Context.getUnsafe(context, definition.api.slot)
    service = Option.some(filled)
    instance.service = Effect.succeed(filled)
    Deferred.doneUnsafe(started, Effect.void)
  })

  const reason = () => health.get(planned).message ?? "it is still starting"

  const instance: Types.Mutable<Instance<unknown>> = {
    api,
    id: provider_id,
    type: provider_type,
    required,
    // Of who has asked before it ran.
    service: Effect.suspend(() =>
      Effect.mapError(Effect.fromOption(service), () => new ProviderUnavailable({ api, provider_id, reason: reason() }))
    ),
    started: Deferred.await(started),
    checkRequested: Latch.makeUnsafe(false),
    lastCheck: { works: undefined }
  }
  const subject = subjectOf(instance)

  /** A start is no request: what it builds outlives each. Whether it went well is known by one. */
  const report = (reason: string | undefined) =>
    system.run(
      SystemOperations.Health,
      subject,
      HealthReport.report(subject, reason),
      () => ({ status: HealthReport.statusOf(reason === undefined) })
    )
  const failed = (error: unknown) => report(FailureText.of(error))

  const exit = yield* Effect.exit(start)
  if (Exit.isFailure(exit)) {
    if (!watched || isRefusal(exit.cause)) return yield* Effect.failCause(exit.cause)
    if (required || !isTransient(exit.cause)) return yield* ProviderNotStarted.fail(planned, exit.cause)
    yield* failed(Cause.squash(exit.cause))
    yield* start.pipe(
      Effect.tapError(failed),
      Effect.retry(retrySchedule),
      Effect.andThen(report(undefined)),
      Effect.catchCause((cause) =>
        Effect.andThen(
          failed(Cause.squash(cause)),
          Effect.logError(`${api}/${provider_id} has a bug and is not tried again`, cause)
        )
      ),
      Effect.delay("1 second"),
      Effect.forkIn(scope)
    )
  }
  if (definition.api.health !== undefined && watched) {
    const asked = Effect.flatMap(instance.service, (service) => healthOf(definition.api, service) ?? Effect.void)
    const probe = system.run(
      SystemOperations.Health,
      subject,
      ProviderMonitor.probe(instance, asked),
      (works) => ({ status: HealthReport.statusOf(works) })
    )
    yield* Effect.flatMap(ProviderMonitor.watch(instance, probe), ProviderMonitor.requireHealthy)
  }
  return instance
})

/** `slot` makes what fills the slot of the instance's API; the instance is the service of `key`. */
export const layer = <Key>(
  planned: PlannedProvider,
  key: Context.Service<Key, Instance<unknown>>,
  slot: UntypedLayer
) => Layer.effect(key, make(planned, slot))
