/** Sessions begin, end and are resumed: each an event, once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { Session } from "../../../src/kernel/sessions/SessionModels.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const given = (folder?: string) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Hi"]) })
    const strata = yield* Strata.make({
      providers: [Strata.openAi(upstream, { models: ["m"] })],
      ...folder === undefined ? {} : { folder }
    })
    const post = (path: string, body: unknown, headers = {}) => Http.post(strata.url, path, body, headers)
    const get = (id: string) => Effect.map(Http.send(strata.url, `/v1/sessions/${id}`), ({ json }) => json as Session)
    const lifecycle = (sessionId: string) =>
      Effect.map(
        strata.events({ sessionId, types: ["session:*"] }),
        (events) => events.map((event) => [event.type, payloadOf(event)])
      )
    return { ...strata, post, get, lifecycle }
  })

describe("SessionLifecycle", () => {
  it.live("begins a session under the id it is given, once", () =>
    Effect.gen(function*() {
      const { events, get, lifecycle, post } = yield* given()
      const made = yield* post("/v1/sessions", { id: "mine" })
      assert.strictEqual(made.status, 201)
      assert.deepStrictEqual(made.json, { ...yield* get("mine") })
      assert.deepInclude(made.json, { id: "mine", status: "active", request_count: 0 })
      const again = yield* post("/v1/sessions", { id: "mine" })
      assert.strictEqual(again.status, 409)
      assert.deepNestedInclude(again.json, { "error.code": "session_exists" })
      assert.deepStrictEqual(yield* lifecycle("mine"), [
        ["session:start", { session_id: "mine", opened_by: "client" }]
      ])
      const own = (yield* post("/v1/sessions", {})).json as Session
      assert.match(own.id, /^[0-9a-f-]{36}$/)
      const bad = yield* post("/v1/sessions", { id: "a b" })
      assert.strictEqual(bad.status, 400)
      assert.deepNestedInclude(bad.json, { "error.param": "id" })
      // The requests that did this stand in no session of their own.
      assert.deepStrictEqual(
        (yield* events({ types: ["session:start"] })).map(({ sessionId }) => sessionId),
        ["mine", own.id]
      )
      const operations = Strata.ofClients(yield* events({ types: ["api:request"] }))
      assert.deepStrictEqual([...new Set(operations.map(({ sessionId }) => sessionId))], [null])
      assert.lengthOf(operations, 4)
    }))

  it.live("ends a session, and resumes it when a request names it", () =>
    Effect.gen(function*() {
      const { get, lifecycle, post, url } = yield* given()
      yield* Chat.ask(url, { session: "s" })
      const ended = yield* post("/v1/sessions/s/end", { status: "failed", reason: "out of budget" })
      assert.strictEqual(ended.status, 200)
      assert.deepInclude(ended.json, { status: "ended", outcome: "failed", turn_count: 1 })
      assert.isNumber((ended.json as Session).ended_at)
      yield* post("/v1/sessions/s/end", {})
      yield* Effect.all(Array.from({ length: 5 }, () => Chat.ask(url, { session: "s" })), { concurrency: 5 })
      assert.deepStrictEqual(yield* lifecycle("s"), [
        ["session:start", { session_id: "s", opened_by: "client" }],
        ["session:end", { session_id: "s", status: "failed", reason: "out of budget" }],
        ["session:resume", { session_id: "s" }]
      ])
      assert.deepInclude(yield* get("s"), {
        status: "active",
        outcome: null,
        ended_at: null,
        resumed_count: 1,
        turn_count: 6
      })
      assert.deepInclude((yield* post("/v1/sessions/s/end", {})).json, { status: "ended", outcome: "completed" })
    }))

  it.live("resumes a session of an earlier run of the server, once a run", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const first = yield* given(folder)
      yield* Chat.ask(first.url, { session: "s" })
      yield* Chat.ask(first.url, { session: "s" })
      assert.lengthOf(yield* first.lifecycle("s"), 1)
      yield* first.close
      const second = yield* given(folder)
      yield* Effect.all(Array.from({ length: 5 }, () => Chat.ask(second.url, { session: "s" })), { concurrency: 5 })
      assert.deepStrictEqual((yield* second.lifecycle("s")).map(([type]) => type), ["session:start", "session:resume"])
      assert.deepInclude(yield* second.get("s"), { resumed_count: 1, turn_count: 7 })
    }))

  it.live("names the parent in every event of a fork, after a restart too", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const first = yield* given(folder)
      yield* Chat.ask(first.url, { session: "parent" })
      yield* first.post("/v1/sessions/parent/fork", { session_id: "child" })
      yield* first.close
      const second = yield* given(folder)
      yield* Chat.ask(second.url, { session: "child" })
      yield* second.post("/v1/sessions/child/end", {})
      const events = yield* second.events({ sessionId: "child" })
      assert.includeMembers(events.map(({ type }) => type), ["session:resume", "llm:response:raw", "session:end"])
      assert.deepStrictEqual([...new Set(events.map(({ parentSessionId }) => parentSessionId))], ["parent"])
    }))

  it.live("does not end a session that never began", () =>
    Effect.gen(function*() {
      const { post } = yield* given()
      const { json, status } = yield* post("/v1/sessions/nobody/end", {})
      assert.strictEqual(status, 404)
      assert.deepNestedInclude(json, { "error.code": "session_not_found" })
      assert.strictEqual((yield* post("/v1/sessions/nobody/end", { status: "lost" })).status, 400)
    }))
})
