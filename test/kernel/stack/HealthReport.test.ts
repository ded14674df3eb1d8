/** That an instance fares otherwise than before is a change by the request that asked; else nothing is. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import * as HealthReport from "../../../src/kernel/stack/HealthReport.ts"
import * as SystemOperations from "../../../src/kernel/system/SystemOperations.ts"
import { SystemRequests } from "../../../src/kernel/system/SystemRequests.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Supervised from "../../support/Supervised.ts"

const subject = { api: "safety", provider_id: "guard", provider_type: "inline::guard" }

const reported = (reason: string | undefined) =>
  SystemRequests.use(({ run }) =>
    run(
      SystemOperations.Health,
      subject,
      HealthReport.report(subject, reason),
      () => ({ status: HealthReport.statusOf(reason === undefined) })
    )
  )

const services = Supervised.layer.pipe(Layer.provideMerge(MemoryHub.layer))

describe("HealthReport", () => {
  it.effect("is recorded with its request where it is news, and not again", () =>
    Effect.gen(function*() {
      const reasons = [undefined, undefined, "refused", "no answer", undefined]
      for (const reason of reasons) yield* reported(reason)
      const events = yield* MemoryHub.events()
      const news = ["api:request", "provider:healthy", "api:response"]
      assert.deepStrictEqual(events.map(({ type }) => type), [
        ...news,
        ...news.with(1, "provider:unhealthy"),
        ...news
      ])
      for (const [asked, change] of [events.slice(0, 2), events.slice(3, 5), events.slice(6, 8)]) {
        assert.deepInclude(change, { requestId: asked!.requestId, causationId: asked!.id, principal: "system" })
      }
    }).pipe(Effect.provide(services)))

  it.effect("keeps the last reason, also where it is no news", () =>
    Effect.gen(function*() {
      for (const reason of ["refused", "no answer"]) yield* HealthReport.report(subject, reason)
      const { message, status } = (yield* ProviderHealth).get(subject)
      assert.deepStrictEqual({ message, status }, { message: "no answer", status: "unhealthy" })
    }).pipe(Effect.provide(services)))
})
