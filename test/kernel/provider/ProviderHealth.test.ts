/** A provider's health is always known; only its changes are events. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const services = ProviderHealth.layer.pipe(Layer.provideMerge(MemoryHub.layer))
const subject = { api: "inference", provider_id: "p", provider_type: "remote::vendor" }
const other = { ...subject, provider_id: "q" }

const known = new Secrets()
known.add("Known-key-1")

const pick = ({ message, status }: ReturnType<ProviderHealth["Service"]["get"]>) => ({ status, message })

type Step = "healthy" | "refused" | "timeout"
const healthy = ["provider:healthy", subject]
const unhealthy = (reason: string) => ["provider:unhealthy", { ...subject, reason }]

const rows: ReadonlyArray<{
  readonly steps: ReadonlyArray<Step>
  readonly told: ReadonlyArray<unknown>
  readonly status: string
  readonly message: string | null
}> = [
  { steps: [], told: [], status: "unknown", message: null },
  { steps: ["healthy"], told: [healthy], status: "ok", message: null },
  { steps: ["healthy", "healthy"], told: [healthy], status: "ok", message: null },
  { steps: ["refused"], told: [unhealthy("refused")], status: "unhealthy", message: "refused" },
  { steps: ["refused", "timeout"], told: [unhealthy("refused")], status: "unhealthy", message: "timeout" },
  { steps: ["healthy", "refused"], told: [healthy, unhealthy("refused")], status: "unhealthy", message: "refused" },
  {
    steps: ["refused", "healthy", "healthy", "timeout"],
    told: [unhealthy("refused"), healthy, unhealthy("timeout")],
    status: "unhealthy",
    message: "timeout"
  }
]

describe("ProviderHealth", () => {
  it.effect.each(rows)("after $steps it is $status", ({ message, status, steps, told }) =>
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      for (const step of steps) {
        yield* step === "healthy" ? health.healthy(subject) : health.unhealthy(subject, step)
      }
      assert.deepStrictEqual<unknown>(pick(health.get(subject)), { status, message })
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told(), told)
    }).pipe(Effect.provide(services)))

  it.effect("tells nobody a secret, neither in the event nor to who asks", () =>
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      yield* health.unhealthy(subject, "Known-key-1 was rejected by http://u:letters@h")
      const reason = "[REDACTED] was rejected by http://u:[REDACTED]@h"
      assert.strictEqual(health.get(subject).message, reason)
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told(), [unhealthy(reason)])
    }).pipe(Effect.provideService(ConfiguredSecrets, known), Effect.provide(services)))

  it.effect("keeps the providers apart", () =>
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      yield* health.healthy(subject)
      yield* health.unhealthy(other, "refused")
      assert.deepStrictEqual([health.get(subject).status, health.get(other).status], ["ok", "unhealthy"])
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(events.map(({ provider, stream }) => [provider, stream]), [
        ["p", "providers"],
        ["q", "providers"]
      ])
    }).pipe(Effect.provide(services)))
})
