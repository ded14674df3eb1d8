/** The events of a response that is made already. */
import { assert, describe, it } from "@effect/vitest"
import * as ResponseEventsAgain from "../../../src/apis/responses/ResponseEventsAgain.ts"

const response = {
  id: "resp_1",
  status: "completed",
  output: [
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }] },
    {
      type: "message",
      id: "msg_1",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: "Hi", annotations: [], logprobs: [] }]
    },
    { type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: "{}", status: "completed" }
  ]
}

describe("a response, streamed again", () => {
  it("given its items, then its events are numbered, in their order, and end with it", () => {
    const events = ResponseEventsAgain.of(response)
    assert.deepStrictEqual(events.map((event) => event["sequence_number"]), events.map((_, index) => index))
    assert.deepStrictEqual(events.filter(({ type }) => String(type).endsWith(".delta")).map(({ delta }) => delta), [
      "hm",
      "Hi",
      "{}"
    ])
    assert.deepStrictEqual(events.at(-1)!["response"], response)
  })
})
