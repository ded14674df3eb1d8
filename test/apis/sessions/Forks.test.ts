/** `POST /v1/sessions/{id}/fork`: a child at any position, whose state is what the parent's was there. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import type { SessionFork } from "../../../src/kernel/sessions/SessionModels.ts"
import type { SessionLineage, SessionState } from "../../../src/kernel/sessions/SessionModels.ts"
import { Http } from "../../support/Http.ts"
import { Sdk } from "../../support/Sdk.ts"
import type { SentTurn } from "../../support/TenTurns.ts"
import { callsOf, session, TenTurns, turnCount } from "../../support/TenTurns.ts"
import { verify } from "../../support/verify.ts"

const get = <A>(url: string, path: string) =>
  Effect.map(Http.send(url, path), ({ json, status, text }) => {
    assert.strictEqual(status, 200, text)
    return json as A
  })

const fork = (url: string, of: string, body: unknown) =>
  Effect.map(Http.post(url, `/v1/sessions/${of}/fork`, body), ({ json, status, text }) => {
    assert.strictEqual(status, 201, text)
    return json as SessionFork
  })

/** What the client itself knows of the conversation after these events. */
const known = (events: ReadonlyArray<RecordedEvent>, turns: ReadonlyArray<SentTurn>) => {
  const complete = turns.filter(({ requestId }) =>
    events.some((event) => event.type === "api:response:raw" && event.requestId === requestId)
  )
  const last = complete.at(-1)
  return {
    turns: complete.map(({ requestId }) => requestId),
    messages: last === undefined ? [] : [...last.messages, last.answer],
    requests: events.filter(({ type }) => type === "api:request").length
  }
}

const stateOf = (url: string, id: string, query = "") => get<SessionState>(url, `/v1/sessions/${id}/state${query}`)

layer(TenTurns.layer, { excludeTestServices: true })("forking", (it) => {
  it.effect(
    "at every position gives a child whose state is the fold of the parent up to there",
    () =>
      Effect.gen(function*() {
        const { strata: { events, url }, turns } = yield* TenTurns
        const parent = yield* events({ sessionId: session })
        assert.isAbove(parent.length, turnCount * 10)
        for (const [index, { position }] of parent.entries()) {
          const child = yield* fork(url, session, { position, session_id: `at-${position}` })
          const state = yield* stateOf(url, child.session.id)
          const expected = yield* stateOf(url, session, `?position=${position}`)
          assert.strictEqual(expected.position, position)
          assert.deepStrictEqual({ ...state, session_id: session, position }, { ...expected })
          const told = known(parent.slice(0, index + 1), turns)
          assert.deepStrictEqual<unknown>(state.messages, told.messages)
          assert.deepStrictEqual(state.turns.map(({ request_id }) => request_id), told.turns)
          assert.strictEqual(state.request_count, told.requests)
          assert.deepInclude(child.session, { parent_session_id: session, forked_at_position: position, turn_count: 0 })
          assert.strictEqual(child.turn, told.turns.length)
        }
        assert.deepStrictEqual(yield* events({ sessionId: session }), parent)
      }),
    30_000
  )

  it.effect("at a turn gives the request to send next: its parameters, the conversation, another model", () =>
    Effect.gen(function*() {
      const { parameters, strata: { url }, turns } = yield* TenTurns
      for (const [index, { answer, messages }] of turns.entries()) {
        const child = yield* fork(url, session, { turn: index + 1, provider: "other" })
        const { messages: next, ...rest } = child.next_request!
        assert.deepStrictEqual<unknown>(next, [...messages, answer])
        assert.deepInclude(rest, { model: "other/m", ...parameters })
        assert.deepStrictEqual(child.open_tool_calls, callsOf(answer).map(({ id }) => id))
      }
    }))

  it.effect("answers open tool calls, and changes results that are there", () =>
    Effect.gen(function*() {
      const { strata: { url }, turns } = yield* TenTurns
      const index = turns.findIndex(({ answer }) => callsOf(answer).length > 0)
      const { id } = callsOf(turns[index]!.answer)[0]!
      const tool_results = { [id]: "Snow" }
      const contents = (child: SessionFork) =>
        (child.next_request!["messages"] as ReadonlyArray<Record<string, unknown>>)
          .filter((message) => message["tool_call_id"] === id).map(({ content }) => content)
      const open = yield* fork(url, session, { turn: index + 1, tool_results })
      assert.deepStrictEqual(contents(open), ["Snow"])
      assert.notInclude(open.open_tool_calls, id)
      const changed = yield* fork(url, session, { turn: index + 2, tool_results })
      assert.deepStrictEqual(contents(changed), ["Snow"])
      assert.deepStrictEqual(contents(yield* fork(url, session, { turn: index + 2 })), [`Result of turn ${index + 1}`])
      const state = yield* stateOf(url, changed.session.id)
      assert.deepStrictEqual<unknown>(state.messages, changed.next_request?.["messages"])
    }))

  it.effect("leaves a child that runs on its own, its parent named in every event", () =>
    Effect.gen(function*() {
      const { client, strata: { events, folder, url } } = yield* TenTurns
      const before = yield* events({ sessionId: session })
      const messages = [{ role: "user", content: "Start again" }]
      const child = yield* fork(url, session, { turn: 3, messages, model: "other/m", session_id: "on-its-own" })
      const { answer } = yield* Sdk.ask(client, child.next_request!, { "x-strata-session-id": "on-its-own" })
      assert.strictEqual(answer.status, 200)
      const own = yield* events({ sessionId: "on-its-own" })
      assert.deepStrictEqual(own.slice(0, 3).map(({ type }) => type), ["session:start", "session:fork", "api:request"])
      assert.deepStrictEqual([...new Set(own.map(({ parentSessionId }) => parentSessionId))], [session])
      const state = yield* stateOf(url, "on-its-own")
      assert.deepStrictEqual(state.turns.map(({ model, turn }) => [turn, model]), [
        [1, "upstream/m"],
        [2, "upstream/m"],
        [3, "upstream/m"],
        [4, "other/m"]
      ])
      assert.deepStrictEqual<unknown>(state.messages?.slice(0, 1), messages)
      assert.deepStrictEqual(yield* events({ sessionId: session }), before)
      const reports = yield* verify(folder, ["on-its-own", session])
      assert.deepStrictEqual(reports.map(({ divergence, requests, skipped }) => [divergence, requests, skipped]), [
        [undefined, 1, []],
        [undefined, turnCount, []]
      ])
    }))

  it.effect("of a fork goes on from what the fork changed, and tells where all of it comes from", () =>
    Effect.gen(function*() {
      const { strata: { url }, turns } = yield* TenTurns
      const messages = [{ role: "user", content: "Other" }]
      const one = yield* fork(url, session, { turn: 5, session_id: "one", messages, model: "other/m" })
      const two = yield* fork(url, "one", { session_id: "two" })
      assert.deepStrictEqual<unknown>(two.next_request, one.next_request)
      const three = yield* fork(url, "two", { turn: 2, session_id: "three" })
      assert.deepStrictEqual<unknown>(three.next_request?.["messages"], [...turns[1]!.messages, turns[1]!.answer])
      assert.strictEqual(three.next_request?.["model"], "upstream/m")

      const first = (yield* stateOf(url, session)).turns
      const lineage = yield* get<SessionLineage>(url, "/v1/sessions/three/lineage")
      const left = first[1]!.position
      assert.deepStrictEqual<unknown>(lineage, {
        object: "session.lineage",
        session_id: "three",
        depth: 3,
        ancestors: [session, "one", "two"].map((session_id) => ({ session_id, left_at_position: left })),
        children: [],
        has_more: false
      })
      const { ancestors, children } = yield* get<SessionLineage>(url, "/v1/sessions/one/lineage")
      assert.deepStrictEqual(ancestors, [{ session_id: session, left_at_position: first[4]!.position }])
      assert.deepStrictEqual(
        children.map(({ depth, parent_session_id, session_id }) => [session_id, parent_session_id, depth]),
        [["two", "one", 1], ["three", "two", 2]]
      )
    }))

  const errors: ReadonlyArray<readonly [of: string, body: unknown, status: number, param: string, message: RegExp]> = [
    ["nobody", {}, 404, "session_id", /There is no session `nobody`/],
    [session, { position: 1, turn: 1 }, 400, "turn", /`position` or `turn`, not both/],
    [session, { position: 1 }, 400, "position", /goes from \d+ to \d+/],
    [session, { position: 1_000_000 }, 400, "position", /goes from \d+ to \d+/],
    [session, { position: 0 }, 400, "position", /position/],
    [session, { position: 1.5 }, 400, "position", /position/],
    [session, { turn: 11 }, 400, "turn", /it has turns 1 to 10/],
    [session, { turn: 0 }, 400, "turn", /turn/],
    [session, { session_id: session }, 409, "session_id", /session id `ten-turns` can.t be used/],
    [session, { session_id: "a b" }, 400, "session_id", /session_id/],
    [session, { turn: 1, tool_results: { none: "1" } }, 400, "tool_results.none", /no tool call `none`/],
    [session, { tool_results: { none: 1 } }, 400, "tool_results.none", /tool_results.none/],
    [session, { messages: "hello" }, 400, "messages", /messages/]
  ]
  it.effect.each(errors)(
    "of %s with %j is refused with %s",
    ([of, body, status, param, message]) =>
      Effect.gen(function*() {
        const { strata: { events, url } } = yield* TenTurns
        const before = yield* events({ types: ["session:*"] })
        const answer = yield* Http.post(url, `/v1/sessions/${of}/fork`, body)
        assert.strictEqual(answer.status, status, answer.text)
        assert.deepNestedInclude(answer.json, { "error.param": param })
        assert.match((answer.json as { error: { message: string } }).error.message, message)
        assert.deepStrictEqual(yield* events({ types: ["session:*"] }), before)
      })
  )

  const missing: ReadonlyArray<readonly [path: string, status: number, param: string]> = [
    ["/v1/sessions/nobody/state", 404, "session_id"],
    ["/v1/sessions/nobody/lineage", 404, "session_id"],
    [`/v1/sessions/${session}/state?position=1`, 400, "position"],
    [`/v1/sessions/${session}/state?position=9999999`, 400, "position"]
  ]
  it.effect.each(missing)("%s is refused with %s", ([path, status, param]) =>
    Effect.gen(function*() {
      const { strata: { url } } = yield* TenTurns
      const answer = yield* Http.send(url, path)
      assert.strictEqual(answer.status, status, answer.text)
      assert.deepNestedInclude(answer.json, { "error.param": param })
    }))
})
