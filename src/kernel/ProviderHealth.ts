/** What is known of each provider's health; a change is an event. */
import { Context, Effect, Layer } from "effect"
import type { ProviderHealth as Health } from "../apis/providers/ProvidersModels.ts"
import * as Draft from "../events/Draft.ts"
import { EventHub } from "../events/EventHub.ts"
import * as ProviderEvents from "../events/ProviderEvents.ts"

const unknown: Health = { status: "unknown", message: null }

export interface Subject {
  readonly api: string
  readonly provider_id: string
  readonly provider_type: string
}

export class ProviderHealth extends Context.Service<ProviderHealth, {
  get(providerId: string): Health
  healthy(subject: Subject): Effect.Effect<void>
  unhealthy(subject: Subject, reason: string): Effect.Effect<void>
}>()("strata/kernel/ProviderHealth") {
  static readonly layer = Layer.effect(
    ProviderHealth,
    Effect.gen(function*() {
      const hub = yield* EventHub
      const known = new Map<string, Health>()

      const publish = (draft: Effect.Effect<Parameters<typeof hub.publish>[1][number]>) =>
        Effect.flatMap(draft, (event) => hub.publish(ProviderEvents.stream, [event]))

      return ProviderHealth.of({
        get: (providerId) => known.get(providerId) ?? unknown,
        healthy: (subject) =>
          Effect.suspend(() => {
            const before = known.get(subject.provider_id)
            known.set(subject.provider_id, { status: "ok", message: null })
            if (before?.status === "ok") return Effect.void
            return publish(Draft.make(ProviderEvents.Healthy, { ...subject }, { provider: subject.provider_id }))
          }),
        unhealthy: (subject, reason) =>
          Effect.suspend(() => {
            const before = known.get(subject.provider_id)
            known.set(subject.provider_id, { status: "unhealthy", message: reason })
            if (before?.status === "unhealthy") return Effect.void
            return publish(
              Draft.make(ProviderEvents.Unhealthy, { ...subject, reason }, { provider: subject.provider_id })
            )
          })
      })
    })
  )
}
