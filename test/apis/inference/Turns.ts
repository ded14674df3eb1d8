/** One conversation with tools and reasoning, as three vendors answer it and two clients ask for it. */
import type Anthropic from "@anthropic-ai/sdk"
import { Effect } from "effect"
import type OpenAI from "openai"
import * as StrictAnthropic from "../../support/strict/StrictAnthropic.ts"
import * as StrictGemini from "../../support/strict/StrictGemini.ts"
import * as StrictOpenAi from "../../support/strict/StrictOpenAi.ts"

const weather = (city: string) => ({ name: "weather", input: { city } })
const toolUse = (id: string, city: string) => ({ type: "tool_use", id, ...weather(city) })
const functionCall = (city: string) => ({ functionCall: { name: "weather", args: { city } } })
const toolCall = (id: string, city: string) => ({
  id,
  type: "function",
  function: { name: "weather", arguments: JSON.stringify({ city }) }
})

const last = "Rome is warmer."

/** What each vendor answers, turn by turn; it takes the next one only where what it said came back as it was. */
export const vendors = {
  anthropic: StrictAnthropic.make([
    StrictAnthropic.message([
      { type: "thinking", thinking: "Two towns.", signature: "SIG-1" },
      { type: "redacted_thinking", data: "OPAQUE" },
      { type: "text", text: "I look." },
      toolUse("toolu_1", "Oslo"),
      toolUse("toolu_2", "Rome")
    ]),
    StrictAnthropic.message([
      { type: "thinking", thinking: "", signature: "SIG-2" },
      { type: "redacted_thinking", data: "OPAQUE-2" },
      toolUse("toolu_3", "Atlantis")
    ]),
    StrictAnthropic.message([
      { type: "thinking", thinking: "Done.", signature: "SIG-3" },
      { type: "text", text: last }
    ])
  ]),
  gemini: StrictGemini.make([
    StrictGemini.answer([
      { text: "Two towns.", thought: true },
      { text: "I look." },
      { ...functionCall("Oslo"), thoughtSignature: "U0lHLTE=" },
      functionCall("Rome")
    ]),
    StrictGemini.answer([{
      functionCall: { ...functionCall("Atlantis").functionCall, id: "c3" },
      thoughtSignature: "U0lHLTI="
    }]),
    StrictGemini.answer([{ text: last, thoughtSignature: "U0lHLTM=" }])
  ]),
  openai: StrictOpenAi.make([
    StrictOpenAi.completion({
      reasoning_content: "Two towns.",
      content: "I look.",
      tool_calls: [toolCall("call_1", "Oslo"), toolCall("call_2", "Rome")]
    }),
    StrictOpenAi.completion({
      reasoning_content: "One more.",
      content: null,
      tool_calls: [toolCall("call_3", "Atlantis")]
    }),
    StrictOpenAi.completion({ content: last })
  ])
}

/** Pixels of a user's image, and of one that a tool gives. */
export const image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4AWNgAAAAAgABc3UBGAAAAABJRU5ErkJggg=="
export const chart = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAQAAAABazTCJAAAADklEQVR4AWNgYGBgAAAABQABXvMqGwAAAABJRU5ErkJggg=="

const parameters = {
  type: "object" as const,
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false
}

const png = (data: string) => ({
  type: "image" as const,
  source: { type: "base64" as const, media_type: "image/png" as const, data }
})

/** Of the conversation's calls, by their number. */
const anthropicResults: ReadonlyArray<Omit<Anthropic.ToolResultBlockParam, "tool_use_id">> = [
  { type: "tool_result", content: "3 C" },
  { type: "tool_result", content: [{ type: "text", text: "17 C" }, png(chart)] },
  { type: "tool_result", content: "no such town", is_error: true }
]

/** Goes on as long as there are tools to call: what the client gave goes back as it is. */
export const withAnthropic = Effect.fnUntraced(function*(client: Anthropic, model: string, stream: boolean) {
  const messages: Array<Anthropic.MessageParam> = [
    { role: "user", content: [{ type: "text", text: "Oslo and Rome?" }, png(image)] }
  ]
  const answers: Array<Anthropic.Message> = []
  let results = 0
  for (;;) {
    const body: Anthropic.MessageCreateParamsNonStreaming = {
      model,
      max_tokens: 4000,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      thinking: { type: "enabled", budget_tokens: 1024 },
      tools: [{ name: "weather", description: "The weather in a town.", input_schema: parameters }],
      messages
    }
    const answer = yield* Effect.promise(() =>
      stream ? client.messages.stream(body).finalMessage() : client.messages.create(body)
    )
    answers.push(answer)
    messages.push({ role: "assistant", content: answer.content })
    const calls = answer.content.filter((block) => block.type === "tool_use")
    if (calls.length === 0) return answers
    messages.push({
      role: "user",
      content: calls.map(({ id }) => ({ ...anthropicResults[results++]!, tool_use_id: id }))
    })
  }
})

const openAiResults: ReadonlyArray<OpenAI.ChatCompletionToolMessageParam["content"]> = [
  "3 C",
  [{ type: "text", text: "17 C" }],
  "no such town"
]

/** The same by chat completions. */
export const withOpenAi = Effect.fnUntraced(function*(client: OpenAI, model: string, stream: boolean) {
  const messages: Array<OpenAI.ChatCompletionMessageParam> = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Oslo and Rome?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } }
      ]
    }
  ]
  const answers: Array<OpenAI.ChatCompletion> = []
  let results = 0
  for (;;) {
    const body = {
      model,
      max_completion_tokens: 4000,
      reasoning_effort: "low" as const,
      tools: [{
        type: "function" as const,
        function: { name: "weather", description: "The weather in a town.", parameters }
      }],
      messages
    }
    const answer = yield* Effect.promise(() =>
      stream
        ? client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion()
        : client.chat.completions.create(body)
    )
    answers.push(answer)
    const message = answer.choices[0]!.message
    messages.push(message)
    const calls = message.tool_calls ?? []
    if (calls.length === 0) return answers
    for (const { id } of calls) {
      messages.push({ role: "tool", tool_call_id: id, content: openAiResults[results++]! })
    }
  }
})
