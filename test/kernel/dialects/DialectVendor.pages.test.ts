/** What stands before a vendor answers with a page: how the call failed is in its status alone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Adapters from "../../support/Adapters.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import type { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const adapters = [Adapters.openai, Adapters.claude, Adapters.google, Adapters.localOllama, Adapters.amazon]

/** The status of the page, and what a client of OpenAI's dialect, and one of Anthropic's, is told. */
const pages = [
  [401, "authentication_error"],
  [403, "permission_error"],
  [429, "rate_limit_error"],
  [502, "api_error"],
  [503, "api_error"],
  [504, "timeout_error"]
] as const

const page = (status: number): ScriptedAnswer => ({
  _tag: "Fixed",
  status,
  headers: { "content-type": "text/html" },
  body: "<html>no</html>"
})

describe("a page in place of a vendor's answer", () => {
  const cases = adapters.flatMap((adapter) =>
    pages.map(([status, type]) => [adapter.dialect.name, status, type, adapter] as const)
  )
  it.live.each(cases)(
    "is of %s a failure by its status: %i, %s",
    ([, status, type, adapter]) =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({
          respond: ({ method }) => method === "GET" ? undefined : page(status)
        })
        const name = adapter.name.slice("remote::".length)
        const strata = yield* Strata.make({ providers: [Vendors.entry(name, upstream, adapter.config)] })
        const body = { model: `${name}/m`, max_tokens: 9, messages: [{ role: "user", content: "Hello?" }] }
        const ofAnthropic = yield* Http.post(strata.url, "/v1/messages", body)
        assert.strictEqual(ofAnthropic.status, status)
        assert.strictEqual(Object(ofAnthropic.json).error.type, type)
        const ofOpenAi = yield* Http.post(strata.url, "/v1/chat/completions", body)
        assert.strictEqual(ofOpenAi.status, status)
        if (status >= 500) assert.notStrictEqual(Object(ofOpenAi.json).error.type, "invalid_request_error")
      }).pipe(Effect.scoped)
  )
})
