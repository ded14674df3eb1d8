/** What is known of each provider's health; a change is an event. */
import { Clock, Context, Effect, Layer } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import * as FailureText from "../issues/FailureText.ts"
import * as ProviderEvents from "./ProviderEvents.ts"
import type { ProviderHealth as Health } from "./ProviderModels.ts"

const unknown: Health = { status: "unknown", message: null, checked_at: null }

export interface Subject {
  readonly api: string
  readonly provider_id: string
  readonly provider_type: string
}

type Key = Pick<Subject, "api" | "provider_id">

const keyOf = ({ api, provider_id }: Key) => `${api}/${provider_id}`

export class ProviderHealth extends Context.Service<ProviderHealth, {
  get(instance: Key): Health
  healthy(subject: Subject): Effect.Effect<void>
  unhealthy(subject: Subject, reason: string): Effect.Effect<void>
}>()("strata/kernel/provider/ProviderHealth") {
  static readonly layer = Layer.effect(
    ProviderHealth,
    Effect.gen(function*() {
      const hub = yield* EventHub
      const latest = new Map<string, Health>()

      /** True where the status is another than before. */
      const learn = (subject: Subject, status: Health["status"], message: string | null) =>
        Effect.map(Clock.currentTimeMillis, (checked_at) => {
          const before = latest.get(keyOf(subject))
          latest.set(keyOf(subject), { status, message, checked_at })
          return before?.status !== status
        })

      const publish = (draft: Effect.Effect<Parameters<typeof hub.publish>[1][number]>) =>
        Effect.flatMap(draft, (event) => hub.publish(ProviderEvents.stream, [event]))

      return ProviderHealth.of({
        get: (instance) => latest.get(keyOf(instance)) ?? unknown,
        healthy: (subject) =>
          Effect.flatMap(
            learn(subject, "ok", null),
            (changed) =>
              changed
                ? publish(Draft.make(ProviderEvents.Healthy, { ...subject }, { provider: subject.provider_id }))
                : Effect.void
          ),
        unhealthy: Effect.fnUntraced(function*(subject, report) {
          const reason = yield* FailureText.masked(report)
          const changed = yield* learn(subject, "unhealthy", reason)
          if (!changed) return
          yield* publish(
            Draft.make(ProviderEvents.Unhealthy, { ...subject, reason }, { provider: subject.provider_id })
          )
        })
      })
    })
  )
}
