import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { Turns } from "../../../src/apis/turns/Turns.ts"
import { TurnStreamEvent } from "../../../src/apis/turns/TurnsModels.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as TurnWorld from "../../support/TurnWorld.ts"

const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(TurnStreamEvent))

const eventsIn = (text: string) =>
  text.split("\n").flatMap((line) => line.startsWith("data: ") ? [decodeEvent(line.slice(6))] : [])

const codeOf = (json: unknown) => Object(json).error.code

const clientTool = { name: "lookup", parameters: { type: "object" } }

describe("Turns over HTTP", () => {
  it.live("answer when the model has answered, and are listed as they ended", () =>
    Effect.gen(function*() {
      const { ask, get, upstream, verify } = yield* TurnWorld.given()
      const { json, status } = yield* ask("call echo 1, echo 2")
      assert.strictEqual(status, 200)
      assert.deepInclude(Object(json), { object: "session.turn", number: 1, status: "completed", iterations: 2 })
      assert.deepStrictEqual(Object(json).usage, { input_tokens: 20, output_tokens: 10, total_tokens: 30 })
      const second = yield* ask("hello")
      assert.strictEqual(Object(second.json).number, 2)
      assert.lengthOf(Object(upstream.received.at(-1)!.body).messages, 6)
      assert.deepStrictEqual(Object((yield* get()).json).data, [json, second.json])
      assert.deepStrictEqual((yield* get(`/${Object(json).id}`)).json, json)
      assert.deepInclude(Object(yield* verify()), { status: "identical", requests: 2, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("are streamed event by event, the last with the turn", () =>
    Effect.gen(function*() {
      const { ask, get, verify } = yield* TurnWorld.given()
      const { headers, text } = yield* ask("call echo 1, echo 2", { stream: true })
      assert.include(String(headers["content-type"]), "text/event-stream")
      const events = eventsIn(text)
      assert.deepStrictEqual(events.map(({ sequence_number }) => sequence_number), events.map((_, index) => index + 1))
      const names = events.map(({ type }) => type).filter((type) => !type.startsWith("content_block"))
      assert.deepStrictEqual(names, [
        "turn.started",
        "message.completed",
        "tool.started",
        "tool.started",
        "tool.completed",
        "tool.completed",
        "message.completed",
        "turn.ended"
      ])
      const words = events.flatMap((event) =>
        event.type === "content_block.delta" && event.iteration === 2 ? [event.text] : []
      )
      assert.strictEqual(words.join(""), "Tools said echo 1 and echo 2")
      const last = events.at(-1)!
      assert.deepStrictEqual<unknown>(last.type === "turn.ended" && [last.turn], Object((yield* get()).json).data)
      assert.deepInclude(Object(yield* verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live("leave the client's tools to the client, and go on with their results", () =>
    Effect.gen(function*() {
      const { ask, post, verify } = yield* TurnWorld.given()
      const first = yield* ask("call lookup 1, echo 2, lookup 3", { tools: [clientTool] })
      assert.strictEqual(Object(first.json).status, "requires_action")
      const { tool_calls } = Object(first.json).required_action
      assert.deepStrictEqual(tool_calls.map(({ id }: { readonly id: string }) => id), ["call_1_1", "call_1_3"])
      const result = (tool_call_id: string) => ({ tool_call_id, output: `result of ${tool_call_id}` })
      const partly = yield* post({ tool_results: [result("call_1_1")] })
      assert.deepStrictEqual([partly.status, codeOf(partly.json)], [400, "missing_tool_results"])
      assert.include(Object(partly.json).error.message, "call_1_3 (lookup)")
      const unknown = yield* post({ tool_results: [result("call_9")] })
      assert.deepStrictEqual([unknown.status, codeOf(unknown.json)], [400, "unknown_tool_call"])
      const { json } = yield* post({ tool_results: [result("call_1_1"), result("call_1_3")] })
      assert.deepInclude(Object(json), { number: 2, status: "completed" })
      assert.include(JSON.stringify(Object(json).output), "result of call_1_3")
      assert.strictEqual(Object(yield* verify()).status, "identical")
    }).pipe(Effect.scoped))

  it.live("refuse what can't be done, with the remedy", () =>
    Effect.gen(function*() {
      const { ask, at, get, post } = yield* TurnWorld.given()
      const nameless = yield* post({ input: "hello" })
      assert.deepStrictEqual([nameless.status, Object(nameless.json).error.param], [400, "model"])
      yield* ask("hello")
      const nothing = yield* post({})
      assert.deepStrictEqual([nothing.status, codeOf(nothing.json)], [400, "input_missing"])
      const turnless = yield* get("/nobody")
      assert.deepStrictEqual([turnless.status, codeOf(turnless.json)], [404, "turn_not_found"])
      const none = yield* get("", "nowhere")
      assert.deepStrictEqual([none.status, codeOf(none.json)], [404, "session_not_found"])
      const cancelled = yield* at("nobody/cancel", {})
      assert.deepStrictEqual([cancelled.status, codeOf(cancelled.json)], [404, "turn_not_found"])
      const [{ id }] = Object((yield* get()).json).data
      const approval = yield* at(`${id}/approvals/nothing`, { decision: "grant" })
      assert.deepStrictEqual([approval.status, codeOf(approval.json)], [404, "approval_not_found"])
      const invalid = yield* ask("hello", {}, "not%20an%20id")
      assert.strictEqual(invalid.status, 400)
    }).pipe(Effect.scoped))

  it.live("run one at a time in a session", () =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* TurnWorld.given({
        model: (request) => {
          const answer = TurnWorld.chatModel(request)
          return answer?._tag === "Fixed" ? { ...answer, delay: "300 millis" } : answer
        }
      })
      const [first, second] = yield* Effect.all(
        [ask("hello"), Effect.andThen(upstream.awaitReceived(1), ask("me too"))],
        { concurrency: 2 }
      )
      assert.strictEqual(first.status, 200)
      assert.deepStrictEqual([second.status, codeOf(second.json)], [409, "turn_in_progress"])
      assert.strictEqual((yield* ask("me too")).status, 200)
    }).pipe(Effect.scoped))

  it.live("end with the vendor's failure, and go on from there without saying it again", () =>
    Effect.gen(function*() {
      let fails = true
      const { ask, post, verify } = yield* TurnWorld.given({
        model: (request) => fails ? ScriptedAnswer.error(400, "no such thing", "bad") : TurnWorld.chatModel(request)
      })
      const { json, status } = yield* ask("hello")
      assert.strictEqual(status, 200)
      assert.deepInclude(Object(json), { status: "error", output: [] })
      assert.include(Object(json).error.message, "no such thing")
      fails = false
      const next = yield* post({})
      assert.deepInclude(Object(next.json), { number: 2, status: "completed" })
      assert.include(next.text, "You said hello")
      assert.deepInclude(Object(yield* verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live("end where they have cost as much as they may, and are verified so", () =>
    Effect.gen(function*() {
      const { ask, verify } = yield* TurnWorld.given()
      const { json } = yield* ask("call echo 1", { limits: { max_cost: "0.01" } })
      // Nobody knows what a call of this vendor costs.
      assert.deepInclude(Object(json), { status: "incomplete", reason: "max_cost", iterations: 1 })
      assert.deepInclude(Object(yield* verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live("are given up when their time is over", () =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* TurnWorld.given({ model: () => ScriptedAnswer.silent })
      const { json } = yield* ask("hello", { limits: { max_seconds: 0.1 } })
      assert.deepInclude(Object(json), { status: "incomplete", reason: "max_seconds" })
      yield* upstream.awaitAborted(1)
    }).pipe(Effect.scoped))

  it.live("of another's session are nobody's business", () =>
    Effect.gen(function*() {
      const { strata } = yield* TurnWorld.given({ auth: { providers: [Keys.provider({ ada: {}, bob: {} })] } })
      const path = "/v1/sessions/s/turns"
      const say = {
        model: "upstream/m",
        tool_groups: ["tools/tools"],
        input: "call echo 1",
        approval: { require: "always" }
      }
      const { json } = yield* Http.post(strata.url, path, say, Keys.headers("ada"))
      const [{ approval_id }] = Object(json).approvals
      const turn = `${path}/${Object(json).id}`
      const asBob = (at: string, body: object) => Http.post(strata.url, at, body, Keys.headers("bob"))
      const refused = [
        yield* asBob(path, say),
        yield* asBob(`${turn}/approvals/${approval_id}`, { decision: "grant" }),
        yield* asBob(`${turn}/cancel`, { mode: "immediate" }),
        yield* Http.send(strata.url, path, { headers: Keys.headers("bob") }),
        yield* Http.send(strata.url, turn, { headers: Keys.headers("bob") })
      ]
      assert.deepStrictEqual(refused.map(({ status }) => status), [409, 409, 404, 404, 404])
      const own = { headers: Keys.headers("ada") }
      assert.strictEqual(Object((yield* Http.send(strata.url, turn, own)).json).status, "requires_approval")
    }).pipe(Effect.scoped))
})

describe("Turns in the process", () => {
  it.live("run as requests of their own, whole and event by event", () =>
    Effect.gen(function*() {
      const { get, strata, verify } = yield* TurnWorld.given()
      const request = { model: "upstream/m", tool_groups: ["tools/tools"], input: "call echo 1" }
      const inProcess = <A, E>(effect: Effect.Effect<A, E, Turns>) =>
        strata.inProcess(effect as never) as Effect.Effect<A, E>
      const turn = yield* inProcess(Turns.use((turns) => turns.create("s", request)))
      assert.strictEqual(turn.status, "completed")
      const events = yield* inProcess(Effect.flatMap(Turns, (turns) => Stream.runCollect(turns.stream("s", request))))
      assert.strictEqual(events.at(-1)?.type, "turn.ended")
      assert.lengthOf(Object((yield* get()).json).data, 2)
      assert.deepInclude(Object(yield* verify()), { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))
})
