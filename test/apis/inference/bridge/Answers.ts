/** What a fake vendor of chat completions answers here. */
import type { Schema } from "effect"
import type { ReceivedRequest } from "../../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"

type Json = Schema.JsonObject

// oxlint-disable-next-line typescript/no-explicit-any -- requests, read as they come
export const bodyOf = ({ body }: ReceivedRequest) => body as Record<string, any>

export const streams = (request: ReceivedRequest) => bodyOf(request)["stream"] === true

const usage = {
  prompt_tokens: 30,
  completion_tokens: 20,
  total_tokens: 50,
  prompt_tokens_details: { cached_tokens: 10 },
  completion_tokens_details: { reasoning_tokens: 12 }
}

export const completion = (message: Json, finish_reason = "stop") =>
  ScriptedAnswer.json(200, {
    id: "chatcmpl-7",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "m-2025",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }],
    usage
  })

export const chunks = (...deltas: ReadonlyArray<Json>) =>
  ScriptedAnswer.events(
    [
      ...deltas.map((delta) => ({ delta, finish_reason: null })),
      { delta: {}, finish_reason: deltas.some(({ tool_calls }) => tool_calls !== undefined) ? "tool_calls" : "stop" }
    ].map((choice) => ({
      id: "chatcmpl-7",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: "m-2025",
      choices: [{ index: 0, ...choice }]
    })).concat({
      id: "chatcmpl-7",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: "m-2025",
      choices: [],
      usage
    } as never)
  )
