/** A vendor of chat completions that thinks, as strict as OpenAI's and DeepSeek's documents say. */
import type { ReceivedRequest } from "../FakeUpstream.ts"
import { ScriptedAnswer } from "../ScriptedAnswer.ts"
import * as Vendors from "../Vendors.ts"
import type { Fields, Rules } from "./StrictVendor.ts"
import { differing, fieldsOf, listOf, respond, unknownIn, unless } from "./StrictVendor.ts"

const bodyFields =
  "model messages tools tool_choice parallel_tool_calls stream stream_options max_tokens max_completion_tokens temperature top_p stop response_format reasoning_effort user seed metadata"
    .split(" ")

const messageFields: Readonly<Record<string, ReadonlyArray<string>>> = {
  system: ["role", "content"],
  user: ["role", "content"],
  assistant: ["role", "content", "tool_calls", "reasoning_content"],
  tool: ["role", "content", "tool_call_id"]
}

/** Whatever the order of its fields. */
const inOrder = ({ content, reasoning_content, tool_calls }: Fields) => ({
  content: content ?? null,
  reasoning_content,
  tool_calls: listOf(tool_calls).map((each) => [each["id"], fieldsOf(each["function"])])
    .map(([id, called]) => [id, fieldsOf(called)["name"], JSON.parse(String(fieldsOf(called)["arguments"]))])
})

const messageOf = (answer: Fields | undefined) => fieldsOf(fieldsOf(listOf(answer?.["choices"])[0])["message"])

const ofMessage = (messages: ReadonlyArray<Fields>, index: number): ReadonlyArray<string> => {
  const message = messages[index]!
  const calls = listOf(message["tool_calls"])
  const behind = messages.slice(index + 1, index + 1 + calls.length)
  return [
    ...unknownIn(`messages.${index}`, message, messageFields[String(message["role"])] ?? []),
    ...differing(`messages.${index}: results`, behind.map((each) => each["tool_call_id"]), calls.map(({ id }) => id)),
    ...unless(message["content"] !== null || calls.length > 0, `messages.${index}: content`)
  ]
}

const issues =
  (answers: ReadonlyArray<Fields>) => ({ body, headers, path }: ReceivedRequest): ReadonlyArray<string> => {
    const request = fieldsOf(body)
    const messages = listOf(request["messages"])
    const said = messages.filter(({ role }) => role === "assistant")
    return [
      ...differing("path", path, "/v1/chat/completions"),
      ...differing("authorization", headers["authorization"], `Bearer ${Vendors.vendorKey}`),
      ...unknownIn("body", request, bodyFields),
      ...messages.flatMap((_, index) => ofMessage(messages, index)),
      ...said.flatMap((message, turn) => differing(`turn ${turn}`, inOrder(message), inOrder(messageOf(answers[turn]))))
    ]
  }

/** Each field in chunks of its own. */
const deltas = ({ content, reasoning_content, tool_calls }: Fields): ReadonlyArray<Fields> => [
  { role: "assistant", content: "" },
  ...[...String(reasoning_content ?? "")].map((each) => ({ reasoning_content: each })),
  ...[...String(content ?? "")].map((each) => ({ content: each })),
  ...listOf(tool_calls).flatMap((call, index) => {
    const { arguments: text, name } = fieldsOf(call["function"])
    return [
      { tool_calls: [{ index, ...call, function: { name: name ?? "", arguments: "" } }] },
      { tool_calls: [{ index, function: { arguments: text ?? "" } }] }
    ]
  })
]

const rules = (answers: ReadonlyArray<Fields>): Rules => ({
  issues: issues(answers),
  turns: (body) => listOf(body["messages"]).filter(({ role }) => role === "assistant").length,
  asksStream: ({ body }) => fieldsOf(body)["stream"] === true,
  refusal: (message) => ScriptedAnswer.error(400, message),
  plain: (answer) => ScriptedAnswer.json(200, answer),
  streamed: (answer) => {
    const { choices, usage, ...head } = answer
    const { finish_reason } = fieldsOf(listOf(choices)[0])
    const chunk = (delta: Fields, finish_reason: string | null = null) => ({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason }]
    })
    return ScriptedAnswer.events([
      ...deltas(messageOf(answer)).map((delta) => chunk(delta)),
      chunk({}, String(finish_reason)),
      { ...head, object: "chat.completion.chunk", choices: [], usage: usage ?? null }
    ])
  }
})

/** A completion as such a vendor gives it whole. */
export const completion = (message: Fields): Fields => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "deepseek-1",
  choices: [{
    index: 0,
    message: { role: "assistant", ...message },
    finish_reason: message["tool_calls"] === undefined ? "stop" : "tool_calls"
  }],
  usage: {
    prompt_tokens: 30,
    completion_tokens: 5,
    total_tokens: 35,
    prompt_tokens_details: { cached_tokens: 20 },
    completion_tokens_details: { reasoning_tokens: 2 }
  }
})

export const make = (answers: ReadonlyArray<Fields>) => respond(rules(answers), answers)
