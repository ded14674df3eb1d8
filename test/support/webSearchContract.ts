/** What every provider of web search does, fed with answers in the shape of its vendor's document. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { ScriptedAnswer as Scripted } from "./ScriptedAnswer.ts"
import { toolContract } from "./toolContract.ts"
import { json, ToolUpstream } from "./ToolUpstream.ts"
import { ToolWorld } from "./ToolWorld.ts"

export interface Page {
  readonly title: string
  readonly url: string
  readonly text: string
}

export interface WebSearchFixture {
  readonly type: `remote::${string}`
  /** As the vendor's document shows an answer with these pages. */
  readonly answerOf: (pages: ReadonlyArray<Page>) => Schema.Json
  /** As it shows one without any. */
  readonly nothing: Schema.Json
  /** As it shows a refusal. */
  readonly refusal: Schema.Json
  /** The header the key goes in, and what stands before it. */
  readonly key: readonly [header: string, before: string]
  /** What of a request says the query, the number, the hosts and the country. */
  readonly asked: (
    request: ReceivedRequest
  ) => readonly [query: unknown, count: unknown, hosts: unknown, country: unknown]
  /** Those of `Oslo`, 3, `example.com`, `NO`. */
  readonly expected: readonly [query: unknown, count: unknown, hosts: unknown, country: unknown]
}

const pages: ReadonlyArray<Page> = [
  { title: "Oslo", url: "https://example.com/oslo", text: "Oslo is cold." },
  { title: "Bergen", url: "https://example.com/bergen", text: "Bergen is wet." },
  { title: "No page", url: "javascript:alert(1)", text: "It is no address of the web." }
]

const secret = "search-key-0123456789abcdef"

export const webSearchContract = (fixture: WebSearchFixture) => {
  const { answerOf, asked, expected, key: [header, before], nothing, refusal, type } = fixture
  const name = "web_search"

  toolContract(
    type,
    Effect.map(
      ToolUpstream.make(({ body, url }, response) => {
        const asked = `${url}${body}`
        if (asked.includes("slow")) return
        return asked.includes("refused") ? json(response, 429, refusal) : json(response, 200, answerOf(pages))
      }),
      ({ stop, url }) => ({
        provider: { provider_type: type, config: { base_url: url, api_key: secret } },
        answered: { name, arguments: { query: "Oslo" }, text: "Oslo is cold." },
        failing: { name, arguments: { query: "refused" } },
        wrong: { name, arguments: { query: 7 }, says: /query: expected a string/ },
        slow: { name, arguments: { query: "slow" } },
        gone: stop
      })
    )
  )

  describe(`${type} as a provider of web search`, () => {
    const given = Effect.fnUntraced(function*(answer: () => ScriptedAnswer, config: Record<string, Schema.Json> = {}) {
      const vendor = yield* FakeUpstream.make({ respond: answer })
      const strata = yield* ToolWorld.make({
        level: "raw",
        more: {
          tool_runtime: [{
            provider_id: "web",
            provider_type: type,
            config: { base_url: vendor.url, api_key: secret, ...config }
          }]
        }
      })
      const search = (given: Schema.JsonObject, headers = {}) =>
        ToolWorld.invoke(strata.url, { name, arguments: given, group: "web", headers })
      return { vendor, strata, search }
    })

    it.live("given a query, when a model asks, then its vendor gets it with the key, which nobody else does", () =>
      Effect.gen(function*() {
        const { search, strata, vendor } = yield* given(() => Scripted.json(200, answerOf(pages)))
        const answer = yield* search({
          query: "Oslo",
          max_results: 3,
          allowed_domains: ["example.com"],
          country: "NO"
        })
        assert.strictEqual(answer.status, 200, answer.text)
        assert.deepStrictEqual(asked(vendor.received[0]!), expected)
        assert.strictEqual(vendor.received[0]?.headers[header], `${before}${secret}`)
        const text = ToolWorld.textOf(answer.json)
        for (const { title, text: words, url } of pages.slice(0, 2)) {
          assert.include(text, title)
          assert.include(text, url)
          assert.include(text, words)
        }
        assert.notInclude(text, "javascript:")
        assert.notInclude(JSON.stringify(yield* strata.events()), secret)
      }).pipe(Effect.scoped))

    it.live("given the client's own key, then it goes in place of the configured one, and into no event", () =>
      Effect.gen(function*() {
        const own = "client-key-0123456789abcdef"
        const { search, strata, vendor } = yield* given(() => Scripted.json(200, answerOf(pages)))
        yield* search({ query: "Oslo" }, { "x-strata-provider-data": JSON.stringify({ web: { api_key: own } }) })
        assert.strictEqual(vendor.received[0]?.headers[header], `${before}${own}`)
        assert.notInclude(JSON.stringify(yield* strata.events()), own)
      }).pipe(Effect.scoped))

    it.live("given nobody has a key, then nobody is asked, and it says which is missing", () =>
      Effect.gen(function*() {
        const { search, vendor } = yield* given(() => Scripted.json(200, answerOf(pages)), { api_key: "" })
        const answer = yield* search({ query: "Oslo" })
        assert.strictEqual(answer.status, 502)
        assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_unauthenticated")
        assert.strictEqual(vendor.received.length, 0)
      }).pipe(Effect.scoped))

    it.live("given more, longer, or no results, then they are bounded, and none is said to be none", () =>
      Effect.gen(function*() {
        const many = Array.from({ length: 20 }, (_, place) => ({
          title: `Page ${place}`,
          url: `https://example.com/${place}`,
          text: "x".repeat(5000)
        }))
        const answers = [answerOf(many), nothing]
        const { search } = yield* given(() => Scripted.json(200, answers.shift()!), {
          max_results: 2,
          max_characters: 100
        })
        const text = ToolWorld.textOf((yield* search({ query: "Oslo" })).json)
        assert.include(text, "Page 1")
        assert.notInclude(text, "Page 2")
        assert.isBelow(text.length, 500)
        const none = yield* search({ query: "Oslo" })
        assert.strictEqual(none.status, 200, none.text)
        assert.strictEqual(ToolWorld.textOf(none.json), "Nothing was found on the web.")
      }).pipe(Effect.scoped))

    it.live("given an answer that is none, or larger than allowed, then its call failed", () =>
      Effect.gen(function*() {
        const answers = [
          Scripted.json(200, [] as never),
          Scripted.json(200, answerOf([{ ...pages[0]!, text: "x".repeat(9000) }]))
        ]
        const { search } = yield* given(() => answers.shift()!, { max_response_bytes: 4096 })
        assert.strictEqual(ToolWorld.codeOf((yield* search({ query: "Oslo" })).json), "tool_invalid_answer")
        assert.strictEqual(ToolWorld.codeOf((yield* search({ query: "Oslo" })).json), "tool_too_large")
      }).pipe(Effect.scoped))

    it.live("given a refusal that repeats the key, then the model reads it without", () =>
      Effect.gen(function*() {
        const { search } = yield* given(() =>
          Scripted.json(401, { detail: `The key ${secret} is wrong.`, refusal } as never)
        )
        const text = ToolWorld.textOf((yield* search({ query: "Oslo" })).json)
        assert.include(text, "HTTP 401")
        assert.notInclude(text, secret)
      }).pipe(Effect.scoped))
  })
}
