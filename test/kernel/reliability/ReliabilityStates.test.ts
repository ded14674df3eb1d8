/** The providers API shows how it stands around the calls of each provider: keys, limits, what its vendor says. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Chat } from "../../support/Chat.ts"
import { refusal, world } from "../../support/FailingVendor.ts"
import { Http } from "../../support/Http.ts"

const shown = (url: string) =>
  Effect.map(Http.send(url, "/v1/providers"), ({ json }) => Object(json).data[0].reliability)

describe("the providers API", () => {
  it.live("shows what is used of limits, which keys rest, and what the vendor says of its own limits", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* world({
        config: { api_keys: [{ name: "one", key: "sk-one-012345" }, "sk-two-012345"], limits: { concurrency: 3 } },
        answer: (n, request) =>
          n === 1 ? refusal(429, { "retry-after": "60" }) : {
            ...Chat.answering(["x"])(request),
            headers: {
              "content-type": "application/json",
              "x-ratelimit-limit-requests": "60",
              "x-ratelimit-remaining-requests": "59",
              "x-ratelimit-reset-requests": "1s"
            }
          }
      })
      assert.strictEqual((yield* ask()).status, 200)
      const { breaker, keys, limits, rate_limits } = yield* shown(strata.url)
      assert.deepStrictEqual(keys.map(({ name, status }: { name: string; status: string }) => [name, status]), [
        ["one", "resting"],
        ["#2", "healthy"]
      ])
      assert.deepStrictEqual(limits, { active: 0, waiting: 0, requests_in_minute: 2, tokens_in_minute: 0 })
      assert.isNull(breaker)
      assert.deepStrictEqual(rate_limits, { requests: { limit: 60, remaining: 59, reset_ms: 1000 } })
    }).pipe(Effect.scoped))

  it.live("shows nothing where nothing is configured", () =>
    Effect.gen(function*() {
      const { strata } = yield* world({ config: {}, answer: () => undefined })
      assert.isNull(yield* shown(strata.url))
    }).pipe(Effect.scoped))
})
