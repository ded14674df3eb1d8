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

const taken = (url: string, body: string) =>
  Http.send(url, "/v1/sessions/import", {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body
  })

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

  it.live("given its file is read by another server, then what goes on from another of its responses is identical there", () =>
    Effect.gen(function*() {
      const [here, there] = [yield* World.given(), yield* World.given()]
      const first = yield* here.create({ input: "one" }, "s")
      const second = yield* here.create({ input: "two", previous_response_id: idOf(first), stream: true }, "s")
      const previous_response_id = String(field(World.eventsOf(second)[0]?.["response"], "id"))
      const third = yield* here.create({ input: "three", previous_response_id, background: true }, "s")
      yield* World.awaitStatus(here.get, idOf(third), "completed")
      const id = field(listOf(field(first.json, "output"))[0], "id")
      const input = [{ type: "item_reference", id: String(id) }, { role: "user", content: "four" }]
      const fourth = yield* here.create({ input, previous_response_id: idOf(third) }, "s")
      assert.strictEqual(World.textOf(fourth.json), "You said four")
      const { text } = yield* here.get("/v1/sessions/s/export")
      assert.strictEqual((yield* taken(there.strata.url, text)).status, 200)
      assert.deepInclude((yield* there.verify("s")) as object, { status: "identical", requests: 5, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("given its file is read by another server, then what needs more than it brings is not run there, and the report says what", () =>
    Effect.gen(function*() {
      const [here, there] = [yield* World.given(), yield* World.given()]
      const conversation = idOf(yield* here.post("/v1/conversations", {}))
      const elsewhere = yield* here.create({ input: "one" }, "other")
      const queued = { input: "two", background: true, stream: true }
      yield* here.create(queued, "s")
      yield* here.create({ input: "three" }, "s")
      const within = yield* here.create({ input: "four", conversation }, "s")
      yield* here.create({ input: "five", previous_response_id: idOf(within) }, "s")
      yield* here.create({ input: "six", previous_response_id: idOf(elsewhere) }, "s")
      const absent = yield* here.create({ input: "seven", previous_response_id: "resp_absent" }, "s")
      assert.strictEqual(absent.status, 404)
      assert.deepInclude((yield* here.verify("s")) as object, { status: "identical", requests: 7, skipped: [] })
      const { text } = yield* here.get("/v1/sessions/s/export")
      assert.strictEqual((yield* taken(there.strata.url, text)).status, 200)
      const report = yield* there.verify("s")
      assert.deepInclude(report as object, { status: "identical", requests: 7, divergence: null })
      const reasons = listOf(field(report, "skipped")).map((each) => String(field(each, "reason")))
      const needed = [
        /^it needs response\/resp_\w+, which/,
        new RegExp(`^it needs conversation/${conversation}, which`),
        new RegExp(`^it needs response/${idOf(within)}, which`),
        new RegExp(`^it needs response/${idOf(elsewhere)}, which`)
      ]
      assert.lengthOf(reasons, needed.length)
      for (const [at, each] of needed.entries()) assert.match(reasons[at]!, each)
    }).pipe(Effect.scoped))
})
