/** What is known of each provider's health; a change is an event. */
import { Clock, Context, Effect, Layer } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { CurrentTenant, defaultTenant } from "../../events/types/Tenant.ts"
import * as FailureText from "../issues/FailureText.ts"
import * as ProviderEvents from "./ProviderEvents.ts"
import type { ProviderHealth as Health } from "./ProviderModels.ts"

const unknown: Health = { status: "unknown", message: null, checked_at: null }

export interface Subject {
  readonly api: string
  readonly provider_id: string
  readonly provider_type: string
}

/** How an event names the request that led to it. */
type Origin = Pick<EventDraft, "requestId" | "causationId">

type Key = Pick<Subject, "api" | "provider_id">

const keyOf = ({ api, provider_id }: Key) => `${api}/${provider_id}`

export class ProviderHealth extends Context.Service<ProviderHealth, {
  get(instance: Key): Health
  /** `origin`: the request that found it out, where it is news. */
  healthy(subject: Subject, origin?: Origin): Effect.Effect<void>
  unhealthy(subject: Subject, reason: string, origin?: Origin): Effect.Effect<void>
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

      const publish = (draft: Effect.Effect<EventDraft>, origin: Origin | undefined) =>
        Effect.flatMap(
          // Instances are the server's, whoever finds out.
          Effect.provideService(draft, CurrentTenant, defaultTenant),
          (event) => hub.publish(ProviderEvents.stream, [{ ...event, ...origin }])
        )

      return ProviderHealth.of({
        get: (instance) => latest.get(keyOf(instance)) ?? unknown,
        healthy: (subject, origin) =>
          Effect.flatMap(
            learn(subject, "ok", null),
            (changed) =>
              changed
                ? publish(Draft.make(ProviderEvents.Healthy, { ...subject }, { provider: subject.provider_id }), origin)
                : Effect.void
          ),
        unhealthy: Effect.fnUntraced(function*(subject, report, origin) {
          const reason = yield* FailureText.masked(report)
          const changed = yield* learn(subject, "unhealthy", reason)
          if (!changed) return
          yield* publish(
            Draft.make(ProviderEvents.Unhealthy, { ...subject, reason }, { provider: subject.provider_id }),
            origin
          )
        })
      })
    })
  )
}
