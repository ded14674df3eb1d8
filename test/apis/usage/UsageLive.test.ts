/** `GET /v1/usage`: what a server's calls used and cost, added up, for whoever may read them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as UsageLive from "../../../src/apis/usage/UsageLive.ts"
import { UsageList, UsageQuery } from "../../../src/apis/usage/UsageModels.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import { toIsoTime } from "../../../src/events/types/Envelope.ts"
import type { Principal } from "../../../src/events/types/Principal.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import { CurrentTenant } from "../../../src/events/types/Tenant.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import { owners } from "../../../src/kernel/access/AccessPolicy.ts"
import { load } from "../../../src/kernel/cost/PriceTable.ts"
import { Chat } from "../../support/Chat.ts"
import { answered } from "../../support/CostWorld.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { kinds } from "../../support/MemoryHub.ts"
import { each, PolicedServer } from "../../support/PolicedServer.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(UsageList))

/** A vendor that counts 1000 tokens of input, 400 of them from its cache, and 100 of output. */
const counting = ({ body }: ReceivedRequest): ScriptedAnswer => {
  const { model } = Object(body) as { readonly model: string }
  const prompt_tokens_details = { cached_tokens: 400 }
  const cost = model === "openrouter/auto" ? { cost: 0.00014 } : {}
  return ScriptedAnswer.json(200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: model === "gpt-4o" ? "gpt-4o-2024-08-06" : model,
    choices: [{ index: 0, message: { role: "assistant", content: "Blue" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, prompt_tokens_details, ...cost }
  })
}

const served = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: counting })
  return yield* Strata.make({
    providers: [Strata.openAi(upstream, { models: ["gpt-4o", "gpt-4o-mini", "unheard-of", "openrouter/auto"] })]
  })
})

const usage = (url: string, query = "") =>
  Effect.map(Http.send(url, `/v1/usage${query}`), ({ status, text }) => {
    assert.strictEqual(status, 200, text)
    return decode(text)
  })

const ask = (url: string, model: string, session: string) =>
  Effect.map(
    Chat.ask(url, { model: `upstream/${model}`, session }),
    ({ status, text }) => assert.strictEqual(status, 200, text)
  )

describe("GET /v1/usage", () => {
  it.live("adds up what calls used and cost, and names what has no price", () =>
    Effect.gen(function*() {
      const { url } = yield* served
      yield* ask(url, "gpt-4o", "a")
      yield* ask(url, "gpt-4o", "b")
      yield* ask(url, "gpt-4o-mini", "b")
      yield* ask(url, "unheard-of", "b")
      const { data, total } = yield* usage(url)
      assert.deepStrictEqual(data.map(({ call_count, cost, id, model }) => [id, model, call_count, cost]), [
        // Each 600×2.5 + 400×1.25 + 100×10 = 1500 + 500 + 1000 = 3000 millionths
        ["[\"gpt-4o-2024-08-06\"]", "gpt-4o-2024-08-06", 2, "0.006"],
        // 600×0.15 + 400×0.075 + 100×0.6 = 90 + 30 + 60 = 180 millionths
        ["[\"gpt-4o-mini\"]", "gpt-4o-mini", 1, "0.00018"],
        ["[\"unheard-of\"]", "unheard-of", 1, null]
      ])
      assert.deepInclude(total, {
        call_count: 4,
        input_tokens: 4000,
        cache_read_tokens: 1600,
        output_tokens: 400,
        cost: "0.00618",
        currency: "USD",
        unpriced_call_count: 1,
        unpriced: [{
          provider: "upstream",
          model: "unheard-of",
          reason: `${load().version} has no price of openai's unheard-of`
        }]
      })
      const byTwo = yield* usage(url, "?group_by=session,model")
      assert.deepStrictEqual(byTwo.data.map(({ cost, model, session }) => [session, model, cost]), [
        ["a", "gpt-4o-2024-08-06", "0.003"],
        ["b", "gpt-4o-2024-08-06", "0.003"],
        ["b", "gpt-4o-mini", "0.00018"],
        ["b", "unheard-of", null]
      ])
      assert.deepStrictEqual(byTwo.total, total)
    }))

  it.live("keeps the cost that a vendor says", () =>
    Effect.gen(function*() {
      const { url } = yield* served
      yield* ask(url, "openrouter/auto", "a")
      assert.strictEqual((yield* usage(url)).total.cost, "0.00014")
    }))

  it.live("gives pages in a stable order, of which each has the total of all", () =>
    Effect.gen(function*() {
      const { url } = yield* served
      for (const session of ["c", "a", "b", "d", "e"]) yield* ask(url, "gpt-4o", session)
      const whole = yield* usage(url, "?group_by=session")
      assert.deepStrictEqual(whole.data.map(({ session }) => session), ["a", "b", "c", "d", "e"])
      const sessions: Array<string | null | undefined> = []
      let after = ""
      for (let pages = 1;; pages++) {
        const page = yield* usage(url, `?group_by=session&limit=2${after}`)
        sessions.push(...page.data.map(({ session }) => session))
        assert.deepStrictEqual(page.total, whole.total)
        assert.strictEqual(page.has_more, pages < 3)
        if (!page.has_more) break
        after = `&after=${encodeURIComponent(page.last_id ?? "")}`
      }
      assert.deepStrictEqual(sessions, ["a", "b", "c", "d", "e"])
    }))

  it.live("takes only what the query asks for", () =>
    Effect.gen(function*() {
      const { events, url } = yield* served
      yield* ask(url, "gpt-4o", "a")
      yield* ask(url, "gpt-4o-mini", "b")
      const [first, second] = (yield* events({ types: ["llm:response"] })).map(({ time }) => toIsoTime(time))
      const today = first!.slice(0, 10)
      const calls = (query: string) => Effect.map(usage(url, query), ({ total }) => total.call_count)
      const counts = [
        ["?session=a", 1],
        ["?session=nobody", 0],
        ["?model=gpt-4o-2024-08-06", 1],
        ["?model=gpt-4o", 0],
        ["?provider=upstream", 2],
        ["?provider=other", 0],
        ["?principal=alice", 0],
        [`?day=${second!.slice(0, 10)}&session=b`, 1],
        ["?day=1999-12-31", 0],
        [`?since=${today}`, 2],
        [`?until=${today}`, 0],
        [`?until=${first}`, 0],
        [`?since=${first}`, 2],
        ["?since=2999-01-01T00:00:00%2B01:00", 0]
      ] as const
      for (const [query, count] of counts) assert.strictEqual(yield* calls(query), count, query)
    }))

  it.live.each([
    ["group_by=colour", "group_by"],
    ["group_by=model,model", "group_by"],
    ["group_by=session,model,day", "group_by"],
    ["since=yesterday", "since"],
    ["until=2026-13-01", "until"],
    ["limit=0", "limit"],
    ["after=x", "after"],
    ["after=[]", "after"]
  ])("refuses %s and names the field", ([query, param]) =>
    Effect.gen(function*() {
      const { url } = yield* served
      const { status, text } = yield* Http.send(url, `/v1/usage?${query}`)
      assert.strictEqual(status, 400, text)
      assert.strictEqual(JSON.parse(text).error.param, param)
    }))

  it.live("leaves no event of its own", () =>
    Effect.gen(function*() {
      const { events, url } = yield* served
      const before = yield* events()
      yield* usage(url)
      assert.deepStrictEqual(yield* events(), before)
    }))
})

const alice = { id: "alice", attributes: {} }
const bob = { id: "bob", attributes: {} }

/** Each may read what is theirs. */
const owned = AccessControl.layer(owners).pipe(
  Layer.provideMerge(EventHub.layer()),
  Layer.provideMerge(MemoryStore.layerOf(apis.projections)),
  Layer.provide(apis.catalog.upcasting),
  Layer.provideMerge(kinds)
)

describe("usage of no session", () => {
  it.effect("is for who asked, within the tenant", () =>
    Effect.gen(function*() {
      const log = yield* EventLog
      const asked = (principal: string | null, tenant = "") => ({
        stream: "requests",
        expectedVersion: "any" as const,
        events: [answered({}, { principal, tenant })]
      })
      yield* log.commit([asked("alice"), asked("bob"), asked(null), asked("alice", "acme"), asked("alice", "acme")])
      const usage = yield* UsageLive.make
      const query = yield* Schema.decodeEffect(UsageQuery)({ limit: 10 })
      const calls = (principal: Principal | null, tenant = "") =>
        usage.totals(query).pipe(
          Effect.map(({ total }) => total.call_count),
          Effect.provideService(CurrentPrincipal, principal),
          Effect.provideService(CurrentTenant, tenant)
        )
      assert.deepStrictEqual(
        yield* Effect.all([calls(alice), calls(bob), calls(null), calls(alice, "acme"), calls(bob, "acme")]),
        [1, 1, 0, 2, 0]
      )
    }).pipe(Effect.provide(owned)))
})

each("GET /v1/usage", (it) => {
  it.effect("shows nobody what another's calls used", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* PolicedServer
      yield* ask("alice", "usage-of-alice")
      yield* ask("bob", "usage-of-bob")
      const sessions = (name: string, query: string) =>
        Effect.map(send(name, "GET", `/v1/usage?group_by=session,principal${query}`), ({ status, text }) => {
          assert.strictEqual(status, 200, text)
          return decode(text).data.map(({ call_count, principal, session }) => [session, principal, call_count])
        })
      assert.deepStrictEqual(yield* sessions("alice", ""), [["usage-of-alice", "alice", 1]])
      assert.deepStrictEqual(yield* sessions("bob", ""), [["usage-of-bob", "bob", 1]])
      // To ask for it by name shows no more, and does not say that it is there.
      assert.deepStrictEqual(yield* sessions("bob", "&session=usage-of-alice"), [])
      assert.deepStrictEqual(yield* sessions("bob", "&principal=alice"), [])
      const { text } = yield* send("bob", "GET", "/v1/usage?group_by=day")
      assert.strictEqual(decode(text).total.call_count, 1)
    }))

  it.effect("refuses who is nobody", () =>
    Effect.gen(function*() {
      const { send } = yield* PolicedServer
      assert.strictEqual((yield* send("mallory", "GET", "/v1/usage")).status, 401)
    }))
})
