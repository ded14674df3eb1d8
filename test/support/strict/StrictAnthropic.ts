/** Anthropic, as strict as its documents say: https://docs.anthropic.com/en/api/messages */
import * as Streams from "../../kernel/dialects/anthropic/AnthropicStreams.ts"
import type { ReceivedRequest } from "../FakeUpstream.ts"
import { ScriptedAnswer } from "../ScriptedAnswer.ts"
import * as Vendors from "../Vendors.ts"
import type { Fields, Rules } from "./StrictVendor.ts"
import { differing, fieldsOf, listOf, respond, unknownIn, unless } from "./StrictVendor.ts"

const bodyFields =
  "model messages max_tokens container mcp_servers metadata output_config service_tier stop_sequences stream system temperature thinking tool_choice tools top_k top_p cache_control"
    .split(" ")

const blockFields: Readonly<Record<string, ReadonlyArray<string>>> = {
  text: ["type", "text", "citations", "cache_control"],
  image: ["type", "source", "cache_control"],
  thinking: ["type", "thinking", "signature"],
  redacted_thinking: ["type", "data"],
  tool_use: ["type", "id", "name", "input", "cache_control"],
  tool_result: ["type", "tool_use_id", "content", "is_error", "cache_control"]
}

const isThought = ({ type }: Fields): boolean => type === "thinking" || type === "redacted_thinking"

const ofBlock = (where: string, block: Fields): ReadonlyArray<string> => {
  const known = blockFields[String(block["type"])]
  if (known === undefined) return [`${where}: no block ${String(block["type"])}`]
  return [
    ...unknownIn(where, block, known),
    ...unless(block["type"] !== "text" || block["text"] !== "", `${where}: text content blocks must be non-empty`),
    ...listOf(block["content"]).flatMap((each, index) => ofBlock(`${where}.content.${index}`, each))
  ]
}

/** Results stand right behind their calls, before all else, each once. */
const ofResults = (where: string, calls: ReadonlyArray<Fields>, next: Fields | undefined): ReadonlyArray<string> => {
  const content = listOf(next?.["content"])
  const results = content.filter(({ type }) => type === "tool_result")
  return [
    ...differing(`${where}: results`, results.map((each) => each["tool_use_id"]), calls.map(({ id }) => id)),
    ...unless(
      content.slice(0, results.length).every(({ type }) => type === "tool_result"),
      `${where}: results come first`
    )
  ]
}

const ofThinking = (body: Fields): ReadonlyArray<string> => {
  const thinking = fieldsOf(body["thinking"])
  const isOn = thinking["type"] === "enabled" || thinking["type"] === "adaptive"
  const budget = thinking["budget_tokens"] ?? 1024
  const unsigned = listOf(body["messages"]).filter(({ content, role }) =>
    role === "assistant" && listOf(content).some(({ type }) => type === "tool_use") && !isThought(listOf(content)[0]!)
  )
  if (!isOn) return []
  return [
    ...unless(unsigned.length === 0, "a final assistant message must start with a thinking block"),
    ...unless(Number(budget) >= 1024 && Number(budget) < Number(body["max_tokens"]), "thinking.budget_tokens"),
    ...unless(body["temperature"] === undefined || body["temperature"] === 1, "temperature may only be set to 1"),
    ...unless(body["top_k"] === undefined, "top_k must be unset when thinking is enabled")
  ]
}

const issues =
  (answers: ReadonlyArray<Fields>) => ({ body, headers, path }: ReceivedRequest): ReadonlyArray<string> => {
    const request = fieldsOf(body)
    const messages = listOf(request["messages"])
    const said = messages.filter(({ role }) => role === "assistant")
    return [
      ...differing("path", path, "/v1/messages"),
      ...differing("x-api-key", headers["x-api-key"], Vendors.vendorKey),
      ...unless(/^\d{4}-\d\d-\d\d$/.test(headers["anthropic-version"] ?? ""), "anthropic-version: header is required"),
      ...unknownIn("body", request, bodyFields),
      ...unless(Number.isInteger(request["max_tokens"]), "max_tokens: Field required"),
      ...unless(messages[0]?.["role"] === "user", "messages: first message must use the user role"),
      ...messages.flatMap(({ content, role }, index) => [
        ...unless(role !== messages[index - 1]?.["role"], `messages.${index}: roles must alternate`),
        ...unless(listOf(content).length > 0, `messages.${index}: content`),
        ...listOf(content).flatMap((block, at) => ofBlock(`messages.${index}.content.${at}`, block))
      ]),
      ...messages.flatMap((message, index) => {
        const calls = listOf(message["content"]).filter(({ type }) => type === "tool_use")
        return message["role"] === "assistant" ? ofResults(`messages.${index}`, calls, messages[index + 1]) : []
      }),
      // What the model has said comes back as it was, each signature with its block.
      ...said.flatMap(({ content }, turn) => differing(`turn ${turn}`, content, answers[turn]?.["content"])),
      ...listOf(request["tools"]).flatMap(({ input_schema, name }) => [
        ...unless(/^[a-zA-Z0-9_-]{1,128}$/.test(String(name)), "tools: name"),
        ...unless(fieldsOf(input_schema)["type"] === "object", "tools: input_schema")
      ]),
      ...ofThinking(request)
    ]
  }

const rules = (answers: ReadonlyArray<Fields>): Rules => ({
  issues: issues(answers),
  turns: (body) => listOf(body["messages"]).filter(({ role }) => role === "assistant").length,
  asksStream: ({ body }) => fieldsOf(body)["stream"] === true,
  refusal: (message) => ScriptedAnswer.json(400, { type: "error", error: { type: "invalid_request_error", message } }),
  plain: (answer) => ScriptedAnswer.json(200, answer),
  streamed: (answer) => Vendors.frames([Streams.streamOf(answer)])
})

/** A message as Anthropic gives it whole. */
export const message = (content: ReadonlyArray<Fields>, more: Fields = {}): Fields => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-1",
  content,
  stop_reason: content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 10, cache_read_input_tokens: 20, cache_creation_input_tokens: 0, output_tokens: 5 },
  ...more
})

export const make = (answers: ReadonlyArray<Fields>) => respond(rules(answers), answers)
