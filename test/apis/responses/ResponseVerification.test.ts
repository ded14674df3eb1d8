/** Sessions with responses run again without a network, and give the same. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf, parse } from "../../../src/events/types/JsonAccess.ts"
import * as TurnEvents from "../../../src/kernel/turn/TurnEvents.ts"
import { Http } from "../../support/Http.ts"
import * as World from "../../support/ResponsesWorld.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const tools = [{ type: "function", name: "echo", parameters: { type: "object" } }]

/** A session's file as version 1 of `turn:start` wrote it. */
const ofVersion1 = (file: string) =>
  file.split("\n").map((line) => {
    const event = parse(line)
    if (field(event, "type") !== TurnEvents.Started.type) return line
    const { from: _, ...payload } = field(event, "payload") as World.Json
    return JSON.stringify({ ...event as World.Json, schemaVersion: 1, payload })
  }).join("\n")

describe("a session of responses", () => {
  it.live("given functions, streams and responses that go on from each other, when it is verified, then it is identical", () =>
    Effect.gen(function*() {
      const { create, verify } = yield* World.given()
      const first = yield* create({ input: "call echo 1", tools }, "s")
      const call = listOf(field(first.json, "output"))[0]
      const second = yield* create({
        previous_response_id: idOf(first),
        input: [{ type: "function_call_output", call_id: String(field(call, "call_id")), output: "sunny" }],
        tools
      }, "s")
      const third = yield* create({ previous_response_id: idOf(second), input: "and now?", stream: true }, "s")
      assert.deepStrictEqual([first.status, second.status, third.status], [200, 200, 200])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 3, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("given a response that goes on from one of another session, when it is verified, then it is identical", () =>
    Effect.gen(function*() {
      const { create, verify } = yield* World.given()
      const first = yield* create({ input: "hello" }, "one")
      const second = yield* create({ previous_response_id: idOf(first), input: "and now?" }, "other")
      assert.strictEqual(World.textOf(second.json), "You said and now?")
      assert.deepInclude((yield* verify("other")) as object, { status: "identical", requests: 1, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("given a response in the background, when it is verified, then it is identical", () =>
    Effect.gen(function*() {
      const { create, get, verify } = yield* World.given()
      const queued = yield* create({ input: "hello", background: true }, "s")
      assert.deepInclude(queued.json as object, { status: "queued", background: true })
      const ended = yield* World.awaitStatus(get, idOf(queued), "completed")
      assert.strictEqual(World.textOf(ended.json), "You said hello")
      // What asked for it, and the attempt that made it.
      assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 2, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("given a response in the background that its client reads as it is made, when it is verified, then it is identical", () =>
    Effect.gen(function*() {
      const { create, verify } = yield* World.given()
      const streamed = yield* create({ input: "hello", background: true, stream: true }, "s")
      assert.strictEqual(World.typesOf(World.eventsOf(streamed)).at(-1), "response.completed")
      assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 2, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("given turns that do not tell what they go on from, as earlier versions recorded them, then it is identical", () =>
    Effect.gen(function*() {
      const here = yield* World.given()
      yield* here.create({ input: "hello" }, "s")
      yield* here.create({ input: "and now?", stream: true }, "s")
      const file = yield* here.get("/v1/sessions/s/export")
      assert.include(file.text, "\"from\":{\"turn\":null}")
      const headers = { "content-type": "application/x-ndjson" }
      const taken = (url: string, body: string) =>
        Http.send(url, "/v1/sessions/import", { method: "POST", headers, body })
      const there = yield* World.given()
      const earlier = ofVersion1(file.text)
      assert.notInclude(earlier, "\"from\":{\"turn\":null}")
      assert.strictEqual((yield* taken(there.strata.url, earlier)).status, 200)
      assert.deepInclude((yield* there.verify("s")) as object, { status: "identical", requests: 2, skipped: [] })
      // Its file says what the log does, in the current version.
      const again = yield* there.get("/v1/sessions/s/export")
      const further = yield* World.given()
      assert.strictEqual((yield* taken(further.strata.url, again.text)).status, 200)
      assert.deepInclude((yield* further.verify("s")) as object, { status: "identical", requests: 2, skipped: [] })
    }).pipe(Effect.scoped))
})
