/** A Strata before one vendor of another dialect than its clients', and what must hold of whatever passed through it. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import type { FakeUpstreamOptions } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import { Strata } from "./Strata.ts"
import * as Vendors from "./Vendors.ts"

/** A client's own key, which must reach no event either. */
export const clientKey = "sk-client-secret-0123456789abcdef"

export const session = "conversation"

/** `type`: `anthropic`, `gemini`, `openai`; its one model is `<type>/m`. */
export const make = Effect.fnUntraced(
  function*(type: string, respond: NonNullable<FakeUpstreamOptions["respond"]>, config: ProviderEntry["config"] = {}) {
    const vendor = yield* FakeUpstream.make({ respond })
    const strata = yield* Strata.make({ level: "raw", providers: [Vendors.entry(type, vendor, config)] })

    /** Every session runs again as it ran, and no key is in the log. `requests`: how many there are to verify in all. */
    const assertSound = (requests: number) =>
      Effect.gen(function*() {
        const events = yield* strata.events()
        const text = JSON.stringify(events)
        for (const key of [Vendors.vendorKey, clientKey]) assert.notInclude(text, key)
        let verified = 0
        for (const id of new Set(events.flatMap(({ sessionId }) => sessionId ?? []))) {
          const { json, text } = yield* Http.post(strata.url, `/v1/sessions/${id}/verify`, {})
          const report = json as { readonly status: string; readonly requests: number }
          assert.strictEqual(report.status, "identical", text)
          verified += report.requests
        }
        assert.strictEqual(verified, requests)
      })

    return { strata, vendor, model: `${type}/m`, assertSound }
  }
)
