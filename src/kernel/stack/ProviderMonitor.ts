/** Probes an instance again and again, as long as the scope is open: soon where it does not work, else rarely. */
import { Cause, Deferred, Duration, Effect, Schema } from "effect"
import type { Scope } from "effect"
import * as FailureText from "../issues/FailureText.ts"
import type { Instance } from "../provider/Instance.ts"
import { subjectOf } from "../provider/Instance.ts"
import { ProviderHealth } from "../provider/ProviderHealth.ts"
import { withinTime } from "../provider/WithinTime.ts"
import * as HealthReport from "./HealthReport.ts"
import { interruptTimeout, Supervision } from "./Supervision.ts"

/** A provider that is required does not work when the server starts. */
export class RequiredProviderDown extends Schema.TaggedError<RequiredProviderDown>()("RequiredProviderDown", {
  api: Schema.String,
  provider_id: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `The provider ${this.provider_id} of ${this.api} is required and does not work: ${this.reason}. Mend it, or ` +
      "take out its `required: true`: then the server starts without it."
  }
}

/** The shortest wait between two probes, and the first after one that failed: then it doubles. */
const shortest = Duration.seconds(1)

/** How long until the next probe. */
const waitAfter = (failures: number, interval: Duration.Duration): Duration.Duration =>
  failures === 0 ? interval : Duration.min(interval, Duration.times(shortest, 2 ** Math.min(failures - 1, 30)))

/** Asks how an instance fares, within the time there is for it, and notes it, a bug of its own too. True: it works. */
export const probe = (
  instance: Instance<unknown>,
  check: Effect.Effect<void, { readonly message: string }>
): Effect.Effect<boolean, never, ProviderHealth> =>
  Effect.gen(function*() {
    const health = yield* ProviderHealth
    const { healthTimeout } = yield* Supervision
    const subject = subjectOf(instance)
    const limited = withinTime(check, { limit: healthTimeout, late: "no answer", gracePeriod: interruptTimeout })
    const works = yield* limited.pipe(
      Effect.matchCauseEffect({
        onSuccess: () => Effect.as(HealthReport.report(subject, undefined), true),
        onFailure: (cause) => {
          const isNew = health.get(subject).status !== "unhealthy"
          const reported = Effect.as(HealthReport.report(subject, FailureText.of(Cause.squash(cause))), false)
          if (!isNew || !Cause.hasDies(cause)) return reported
          return Effect.andThen(
            Effect.logError(`${subject.api}/${subject.provider_id} can't be asked how it fares`, cause),
            reported
          )
        }
      })
    )
    instance.lastCheck.works = works
    return works
  })

/** An instance that is watched, and whether it worked at its first probe. */
export interface Watched {
  readonly instance: Instance<unknown>
  readonly first: Deferred.Deferred<boolean>
}

/** Watches an instance from its start on: rarely, soon after a probe that failed, and when a request finds it away. */
export const watch = Effect.fn("ProviderMonitor.watch")(function*<R>(
  instance: Instance<unknown>,
  probe: Effect.Effect<boolean, never, R>
): Effect.fn.Return<Watched, never, Scope.Scope | R> {
  const { healthInterval } = yield* Supervision
  const first = Deferred.makeUnsafe<boolean>()
  yield* Effect.gen(function*() {
    yield* instance.started
    for (let failures = 0;;) {
      const works = yield* probe
      Deferred.doneUnsafe(first, Effect.succeed(works))
      failures = works ? 0 : failures + 1
      instance.checkRequested.closeUnsafe()
      const wait = waitAfter(failures, healthInterval)
      yield* Effect.sleep(Duration.min(shortest, wait))
      yield* Effect.raceFirst(Effect.sleep(Duration.subtract(wait, shortest)), instance.checkRequested.await)
    }
  }).pipe(Effect.forkScoped)
  return { instance, first }
})

/** Waits for the first probe of an instance that is required, and fails where it does not work. */
export const requireHealthy = Effect.fnUntraced(function*(
  { first, instance: { api, id, required } }: Watched
): Effect.fn.Return<void, RequiredProviderDown, ProviderHealth> {
  if (!required || (yield* Deferred.await(first))) return
  const { message } = (yield* ProviderHealth).get({ api, provider_id: id })
  return yield* new RequiredProviderDown({ api, provider_id: id, reason: message ?? "it is not healthy" })
})
