/** How likely the tokens of a streamed text were goes from a vendor to a client with each piece, and with the whole. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { valuesOf } from "../../../../src/kernel/dialects/sse/SseJson.ts"
import { framesOf } from "./ResponsesSamples.ts"

const likely = (token: string) => ({ token, logprob: -0.1, bytes: [...Buffer.from(token)], top_logprobs: [] })
const place = { item_id: "msg_1", output_index: 0, content_index: 0 }
const part = (text: string, logprobs: ReadonlyArray<Schema.Json>) => ({
  type: "output_text",
  text,
  annotations: [],
  logprobs
})
const item = (status: string, content: ReadonlyArray<Schema.Json>) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status,
  content
})
const response = { id: "resp_1", object: "response", created_at: 1, model: "m", status: "in_progress", output: [] }
const whole = item("completed", [part("It rains", [likely("It"), likely(" rains")])])

const events: ReadonlyArray<Schema.JsonObject> = [
  { type: "response.created", response },
  { type: "response.output_item.added", output_index: 0, item: item("in_progress", []) },
  { type: "response.content_part.added", ...place, part: part("", []) },
  { type: "response.output_text.delta", ...place, delta: "It", logprobs: [likely("It")] },
  { type: "response.output_text.delta", ...place, delta: " rains", logprobs: [likely(" rains")] },
  { type: "response.output_item.done", output_index: 0, item: whole },
  { type: "response.completed", response: { ...response, status: "completed", output: [whole] } }
]

describe("logprobs of a streamed response", () => {
  it("stay with the deltas, the text and the item", () => {
    const raiser = responses.raise.stream()
    const { add } = responses.lower.stream()
    const parts = [
      ...framesOf([Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""))]).flatMap((
        frame
      ) => raiser.add(frame)),
      ...raiser.end()
    ]
    const written = valuesOf(Buffer.concat(parts.flatMap(add)).toString()) as ReadonlyArray<Schema.JsonObject>
    const of = (type: string) => written.filter((event) => event["type"] === type)
    assert.deepStrictEqual(of("response.output_text.delta").map(({ logprobs }) => logprobs), [
      [likely("It")],
      [likely(" rains")]
    ])
    assert.deepStrictEqual(of("response.output_text.done").map(({ logprobs }) => logprobs), [
      [likely("It"), likely(" rains")]
    ])
    assert.deepInclude(of("response.output_item.done")[0]?.["item"], { content: whole.content })
  })
})
