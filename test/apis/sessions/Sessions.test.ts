/** `/v1/sessions`: what happened, by session, a page at a time. */
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import type { EventList } from "../../../src/apis/sessions/SessionsModels.ts"
import { toWire } from "../../../src/events/types/Envelope.ts"
import type { Session } from "../../../src/kernel/sessions/SessionModels.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { hello } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
const names = ["a", "b", "c", "d", "e"]

/** A server with five sessions that clients named, in each a good request and a bad one, and one that it named. */
class Server
  extends Context.Service<Server, Strata & { readonly own: string }>()("strata/test/apis/sessions/Sessions.test/Server")
{
  static readonly layer = Layer.effect(
    Server,
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { choices: [], usage }) })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const chat = (model: string, headers: Readonly<Record<string, string>>) =>
        Http.post(strata.url, "/v1/chat/completions", { ...hello, model }, headers)
      for (const name of names) {
        yield* chat("upstream/m", { "x-strata-session-id": name })
        yield* chat("upstream/none", { "x-strata-session-id": name })
      }
      const answer = yield* chat("upstream/m", {})
      return { ...strata, own: String(answer.headers["x-strata-session-id"]) }
    })
  )
}

interface Page<A> {
  readonly data: ReadonlyArray<A>
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
}

const get = <A>(url: string, path: string) =>
  Effect.map(Http.send(url, path), ({ json, status, text }) => {
    assert.strictEqual(status, 200, text)
    return json as A
  })

layer(Server.layer, { excludeTestServices: true })("/v1/sessions", (it) => {
  it.effect("lists sessions in the order they began, a page at a time", () =>
    Effect.gen(function*() {
      const { own, url } = yield* Server
      const pages: Array<ReadonlyArray<string>> = []
      let after = ""
      while (true) {
        const page: Page<Session> = yield* get<Page<Session>>(url, `/v1/sessions?limit=2${after}`)
        const ids = page.data.map(({ id }) => id)
        pages.push(ids)
        assert.deepStrictEqual([page.first_id, page.last_id], [ids[0] ?? null, ids.at(-1) ?? null])
        if (!page.has_more) break
        after = `&after=${page.last_id}`
      }
      assert.deepStrictEqual(pages, [["a", "b"], ["c", "d"], ["e", own]])
    }))

  it.effect("gives a session by its id, folded from its events", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const session = yield* get<Session>(url, "/v1/sessions/b")
      assert.deepInclude(session, {
        id: "b",
        object: "session",
        parent_session_id: null,
        request_count: 2,
        error_count: 1,
        models: ["upstream/m"],
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
      })
      assert.isAtLeast(session.last_active_at, session.created_at)
    }))

  it.effect("gives a session's events, a page at a time", () =>
    Effect.gen(function*() {
      const { events, url } = yield* Server
      const found: Array<unknown> = []
      let after = 0
      while (true) {
        const page: EventList = yield* get<EventList>(url, `/v1/sessions/c/events?limit=7&after=${after}`)
        assert.isAtMost(page.data.length, 7)
        assert.strictEqual(page.last_position, page.data.at(-1)?.position ?? null)
        found.push(...page.data)
        if (!page.has_more) break
        after = page.last_position!
      }
      assert.deepStrictEqual<unknown>(found, (yield* events({ sessionId: "c" })).map(toWire))
    }))

  it.effect("filters a session's events by type and level", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const types = (query: string) =>
        Effect.map(get<EventList>(url, `/v1/sessions/d/events?${query}`), ({ data }) => data.map(({ type }) => type))
      assert.deepStrictEqual(yield* types("type=llm:*&level=default"), ["llm:request", "llm:response"])
      assert.deepStrictEqual(yield* types("type=session:start,api:error"), ["session:start", "api:error"])
      assert.deepStrictEqual(yield* types("type=none"), [])
    }))

  it.effect("gives a page that is empty behind the last", () =>
    Effect.gen(function*() {
      const { own, url } = yield* Server
      const page = yield* get<Page<Session>>(url, `/v1/sessions?after=${own}`)
      assert.deepStrictEqual({ ...page }, { object: "list", data: [], first_id: null, last_id: null, has_more: false })
      const events = yield* get<EventList>(url, "/v1/sessions/a/events?after=1000000")
      assert.deepStrictEqual({ ...events }, { object: "list", data: [], last_position: null, has_more: false })
    }))

  const unknown: ReadonlyArray<readonly [path: string, param: string]> = [
    ["/v1/sessions/nobody", "session_id"],
    ["/v1/sessions/nobody/events", "session_id"],
    ["/v1/sessions?after=nobody", "after"]
  ]
  it.effect.each(unknown)("knows no session of another name: %s", ([path, param]) =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const { json, status } = yield* Http.send(url, path)
      assert.strictEqual(status, 404)
      assert.deepNestedInclude(json, { "error.code": "session_not_found", "error.param": param })
    }))

  it.effect("leaves the log as it was", () =>
    Effect.gen(function*() {
      const { events, url } = yield* Server
      const before = yield* events()
      for (const path of ["/v1/sessions", "/v1/sessions/a", "/v1/sessions/a/events"]) yield* get(url, path)
      assert.lengthOf(yield* events(), before.length)
    }))
})
