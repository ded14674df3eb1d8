/** A streamed answer that ends without a reason is kept as far as it came, under the id that its client has of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { Http } from "../../support/Http.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const chunk = (content: string) => ({
  id: "1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { content }, finish_reason: null }]
})

const half = [chunk("Half "), chunk("a word")]
const error = { error: { message: "The model fell over.", type: "server_error" } }

/** How a vendor of chat completions ends, none of them with a finish reason; what becomes of the answer, in both dialects. */
const ends: ReadonlyArray<readonly [end: string, interaction: string, response: string, answer: ScriptedAnswer]> = [
  ["[DONE]", "incomplete", "completed", ScriptedAnswer.events(half)],
  ["an error", "failed", "failed", ScriptedAnswer.events([...half, error], { done: false })],
  ["nothing", "failed", "failed", ScriptedAnswer.events(half, { done: false })]
]

const eventsIn = (text: string): ReadonlyArray<World.Json> =>
  text.split("\n").filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)))

const given = (answer: ScriptedAnswer) => World.given({ model: ({ method }) => method === "POST" ? answer : undefined })

describe("an interaction whose vendor ends without a reason", () => {
  it.live.each(ends)(
    "but with %s, is kept as %s, with what was said until then",
    ([, status, , answer]) =>
      Effect.gen(function*() {
        const { post, strata, verify } = yield* given(answer)
        const streamed = yield* post("/v1beta/interactions", { model: "upstream/m", input: "Hi", stream: true }, "s")
        const events = eventsIn(streamed.text)
        const last = events.at(-1)!
        assert.strictEqual(last["event_type"], status === "failed" ? "error" : "interaction.completed", streamed.text)
        const id = String(field(events[0]!["interaction"], "id"))
        const kept = yield* Http.send(strata.url, `/v1beta/interactions/${id}?include_input=true`)
        assert.strictEqual(kept.status, 200, kept.text)
        assert.deepInclude(kept.json as object, { id, status })
        assert.strictEqual(field(field(kept.json, "error"), "message"), field(last["error"], "message"))
        const [, said] = listOf(field(kept.json, "steps"))
        assert.strictEqual(field(listOf(field(said, "content"))[0], "text"), "Half a word")

        const again = eventsIn((yield* Http.send(strata.url, `/v1beta/interactions/${id}?stream=true`)).text)
        assert.deepStrictEqual(again.map((event) => event["event_type"]).slice(-2), [
          "step.stop",
          String(last["event_type"])
        ])
        assert.strictEqual(field(again.at(-1)!["error"], "message"), field(last["error"], "message"))
        assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 1 })
      }).pipe(Effect.scoped)
  )
})

describe("a response whose vendor ends without a reason", () => {
  it.live.each(ends)("but with %s, is kept as it is given", ([, , status, answer]) =>
    Effect.gen(function*() {
      const { create, get, verify } = yield* given(answer)
      const last = World.eventsOf(yield* create({ input: "Hi", stream: true }, "s")).at(-1)!
      assert.strictEqual(last["type"], `response.${status}`)
      const kept = yield* get(`/v1/responses/${String(field(last["response"], "id"))}`)
      assert.deepStrictEqual(kept.json as unknown, last["response"])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))
})
