/** Conversations that are too long for their model. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { chatModel } from "../../support/TurnWorld.ts"

const refusal = ScriptedAnswer.json(400, {
  error: {
    message: "This model's maximum context length is 100 tokens.",
    type: "invalid_request_error",
    param: "messages",
    code: "context_length_exceeded"
  }
})

/** A model that takes so many messages. */
const taking = (most: number) => (request: ReceivedRequest) =>
  listOf(field(request.body, "messages")).length > most ? refusal : chatModel(request)

const contents = ({ body }: ReceivedRequest) => listOf(field(body, "messages")).map((each) => field(each, "content"))

const input = Array.from({ length: 6 }, (_, index) => [
  { role: "user", content: `question ${index}` },
  { role: "assistant", content: `answer ${index}` }
]).flat().concat([{ role: "user", content: "and now?" }])

describe("a response whose conversation is too long for the model", () => {
  for (const stream of [false, true]) {
    it.live(`leaves out the oldest exchanges with truncation auto, and verifies: ${stream ? "streamed" : "plain"}`, () =>
      Effect.gen(function*() {
        const { create, strata, upstream, verify } = yield* World.given({ model: taking(5) })
        const answer = yield* create({ input, truncation: "auto", instructions: "Be brief.", stream }, "s")
        assert.strictEqual(answer.status, 200, answer.text)
        const response = stream ? World.eventsOf(answer).at(-1)!["response"] : answer.json
        assert.deepInclude(response as object, { status: "completed", truncation: "auto" })
        assert.strictEqual(World.textOf(response), "You said and now?")
        const asked = upstream.received.filter(({ method }) => method === "POST")
        assert.isAbove(asked.length, 1)
        const last = contents(asked.at(-1)!)
        assert.deepStrictEqual([last[0], last.at(-1)], ["Be brief.", "and now?"])
        assert.isAtMost(last.length, 5)
        // Whole exchanges are left out.
        assert.match(String(last[1]), /^question/)
        const compacted = yield* strata.events({ types: ["context:post_compact"] })
        assert.lengthOf(compacted, asked.length - 1)
        assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
      }).pipe(Effect.scoped))
  }

  it.live("is the model's error without it, and where nothing more may be left out", () =>
    Effect.gen(function*() {
      const { create, upstream } = yield* World.given({ model: taking(0) })
      for (const [truncation, calls] of [["disabled", 1], ["auto", 2]] as const) {
        const before = upstream.received.filter(({ method }) => method === "POST").length
        const answer = yield* create({ input, truncation })
        assert.strictEqual(answer.status, 400, answer.text)
        assert.strictEqual(field(field(answer.json, "error"), "code"), "context_length_exceeded")
        const asked = upstream.received.filter(({ method }) => method === "POST").length - before
        assert.isAtLeast(asked, calls)
        assert.isAtMost(asked, input.length)
      }
    }).pipe(Effect.scoped))
})
