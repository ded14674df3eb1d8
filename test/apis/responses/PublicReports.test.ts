/** Public reports of what goes wrong with Responses elsewhere: each is a case, and passes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as PublicCases from "../../support/PublicCases.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const chunk = (delta: World.Json, finish_reason: string | null = null): World.Json => ({
  id: "1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason }]
})

const call = { index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "{}" } }

describe("public reports", () => {
  it.live(PublicCases.nameOf("responses-stream-sequence"), () =>
    Effect.gen(function*() {
      const { create } = yield* World.given({
        model: ({ method }) =>
          method === "POST"
            ? ScriptedAnswer.events([
              chunk({ content: "4" }),
              chunk({ tool_calls: [call] }),
              chunk({}, "tool_calls"),
              { ...chunk({}), choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }
            ])
            : undefined
      })
      const answer = yield* create({ input: "2+2?", stream: true })
      const events = World.eventsOf(answer)
      assert.deepStrictEqual(World.typesOf(events), [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed"
      ])
      assert.deepStrictEqual(events.map((event) => event["sequence_number"]), events.map((_, index) => index))
      assert.deepStrictEqual(events.map((event) => event["output_index"]), [
        undefined,
        undefined,
        ...Array.from({ length: 6 }, () => 0),
        ...Array.from({ length: 4 }, () => 1),
        undefined
      ])
      assert.deepStrictEqual(
        events.flatMap(({ content_index, type }) => content_index === undefined ? [] : [[type, content_index]]),
        ["content_part.added", "output_text.delta", "output_text.done", "content_part.done"].map((type) => [
          `response.${type}`,
          0
        ])
      )
      assert.deepStrictEqual(
        events.flatMap(({ delta, text }) => delta ?? text ?? []),
        ["4", "4", "{}"]
      )
      // Open Responses wants it there: docs/decisions/2026-11-27-done-behind-a-stream-of-responses.md.
      assert.strictEqual(answer.text.split("[DONE]").length, 2)
      assert.deepInclude(field(events.at(-1)!["response"], "usage") as object, { input_tokens: 3, output_tokens: 2 })
      const [message, asked] = listOf(field(events.at(-1)!["response"], "output"))
      assert.deepStrictEqual([field(message, "type"), field(asked, "type")], ["message", "function_call"])
    }).pipe(Effect.scoped))

  it.live(PublicCases.nameOf("responses-previous-response-with-tools"), () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const tools = [{ type: "function", name: "echo", parameters: { type: "object" } }]
      const before = yield* World.given({ folder })
      const first = yield* before.create({ input: "call echo tokyo", tools, store: true })
      const call_id = String(field(listOf(field(first.json, "output"))[0], "call_id"))
      yield* before.strata.close
      const after = yield* World.given({ folder })
      const second = yield* after.create({
        previous_response_id: String(field(first.json, "id")),
        input: [{ type: "function_call_output", call_id, output: "sunny" }]
      })
      const third = yield* after.create({ previous_response_id: String(field(second.json, "id")), input: "and now?" })
      assert.strictEqual(third.status, 200)
      const sent = after.upstream.received.filter(({ method }) => method === "POST").map(({ body }) =>
        listOf(field(body, "messages")).map((message) => field(message, "role"))
      )
      assert.deepStrictEqual(sent, [["user", "assistant", "tool"], ["user", "assistant", "tool", "assistant", "user"]])
      const unkept = yield* after.create({
        previous_response_id: String(field(third.json, "id")),
        input: "not to be kept",
        store: false
      })
      const gone = yield* after.create({ previous_response_id: String(field(unkept.json, "id")), input: "and now?" })
      assert.deepStrictEqual([unkept.status, gone.status], [200, 404], gone.text)
      assert.strictEqual((yield* after.get(`/v1/responses/${String(field(unkept.json, "id"))}`)).status, 404)
      // What was kept before the restart is given as it was.
      const kept = yield* after.get(`/v1/responses/${String(field(first.json, "id"))}`)
      assert.deepStrictEqual(kept.json, first.json)
    }).pipe(Effect.scoped))

  it.live("responses: an answer that was cut at its length is incomplete, and says why", () =>
    Effect.gen(function*() {
      const { create } = yield* World.given({
        model: ({ method }) =>
          method === "POST" ? ScriptedAnswer.events([chunk({ content: "4" }), chunk({}, "length")]) : undefined
      })
      const events = World.eventsOf(yield* create({ input: "2+2?", stream: true, max_output_tokens: 1 }))
      assert.strictEqual(events.at(-1)!["type"], "response.incomplete")
      assert.deepInclude(events.at(-1)!["response"] as object, {
        status: "incomplete",
        incomplete_details: { reason: "max_output_tokens" }
      })
    }).pipe(Effect.scoped))
})
