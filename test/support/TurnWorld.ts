/** A whole Strata whose model does as it is told and whose tools are code: for turns. */
import { Effect, Schema } from "effect"
import type { ProviderType } from "../../src/cli/Settings.ts"
import { field, listOf } from "../../src/events/types/JsonAccess.ts"
import * as Tool from "../../src/kernel/tools/Tool.ts"
import { CodeToolsOf } from "../../src/providers/inline/code/CodeTools.ts"
import { registry } from "../../src/providers/Registry.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"
import * as Vendors from "./Vendors.ts"

interface Call {
  readonly name: string
  readonly input: Schema.JsonObject
}

/** `call echo 1, echo 2` wants tools; any other text is answered. */
const callsIn = (text: string): ReadonlyArray<Call> =>
  text.startsWith("call ")
    ? text.slice(5).split(", ").map((each) => {
      const [name = "", say = ""] = each.split(" ")
      return { name, input: { say } }
    })
    : []

const textOf = (content: Schema.Json | undefined): string =>
  typeof content === "string"
    ? content
    : listOf(content).map((part) => String(field(part, "text") ?? field(part, "content") ?? "")).join(" ")

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

interface Answer {
  readonly text: string | undefined
  readonly calls: ReadonlyArray<Call & { readonly id: string }>
}

/** What the model has to say: tools it is told to call, or what the last messages were. */
const answerTo = (body: unknown): Answer => {
  const messages = listOf(field(body, "messages"))
  const last = messages.at(-1)
  const isResult = field(last, "role") === "tool" ||
    listOf(field(last, "content")).some((part) => field(part, "type") === "tool_result")
  const calls = isResult ? [] : callsIn(textOf(field(last, "content") as Schema.Json))
  if (calls.length > 0) {
    return {
      text: undefined,
      calls: calls.map((call, index) => ({ ...call, id: `call_${messages.length}_${index + 1}` }))
    }
  }
  if (!isResult) return { text: `You said ${textOf(field(last, "content") as Schema.Json)}`, calls: [] }
  const results = messages.slice(messages.findLastIndex((each) => field(each, "role") === "assistant") + 1)
  return {
    text: `Tools said ${results.map((each) => textOf(field(each, "content") as Schema.Json)).join(" and ")}`,
    calls: []
  }
}

const toolCall = ({ id, input, name }: Answer["calls"][number]) => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(input) }
})

/** In OpenAI's dialect, plain or streamed. */
export const chatModel = ({ body }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (body === undefined) return undefined
  const { calls, text } = answerTo(body)
  const common = { id: "1", created: 1, model: "m" }
  const finish_reason = calls.length > 0 ? "tool_calls" : "stop"
  if (field(body, "stream") !== true) {
    const message = {
      role: "assistant",
      content: text ?? null,
      ...calls.length > 0 ? { tool_calls: calls.map(toolCall) } : {}
    }
    return ScriptedAnswer.json(200, {
      ...common,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason }],
      usage
    })
  }
  const chunk = (delta: Schema.JsonObject, more: Schema.JsonObject = {}) => ({
    ...common,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: null, ...more }]
  })
  return ScriptedAnswer.events([
    chunk({ role: "assistant", content: "" }),
    ...(text ?? "").split(/(?<= )/).filter((word) => word !== "").map((content) => chunk({ content })),
    ...calls.map((call, index) => chunk({ tool_calls: [{ index, ...toolCall(call) }] })),
    chunk({}, { finish_reason }),
    { ...common, object: "chat.completion.chunk", choices: [], usage }
  ])
}

/** In Anthropic's, plain. */
export const claudeModel = ({ body }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (body === undefined) return undefined
  const { calls, text } = answerTo(body)
  return Vendors.message(
    [
      ...text === undefined ? [] : [{ type: "text", text }],
      ...calls.map(({ id, input, name }) => ({ type: "tool_use", id, name, input }))
    ],
    { stop_reason: calls.length > 0 ? "tool_use" : "end_turn" }
  )
}

const Said = Schema.Struct({ say: Schema.String })

/** Says what it is told to; `meanwhile` runs first. */
export const echo = (
  name = "echo",
  meanwhile: (say: string) => Effect.Effect<unknown> = () => Effect.void,
  more = {}
) =>
  Tool.make({
    name,
    description: "Says it again.",
    input: Said,
    ...more,
    execute: ({ say }) => Effect.as(meanwhile(say), `${name} ${say}`)
  })

export interface Options extends StrataOptions {
  readonly tools?: ReadonlyArray<Tool.Tool>
  readonly model?: (request: ReceivedRequest) => ScriptedAnswer | undefined
}

export const typesOf = (tools: ReadonlyArray<Tool.Tool>): ReadonlyArray<ProviderType> =>
  [...registry, CodeToolsOf({ type: "inline::tools-of-test", description: "Tools of a test.", tools })] as never

export const session = "s"

const path = (of = session) => `/v1/sessions/${of}/turns`

export const given = Effect.fnUntraced(function*({ model = chatModel, tools = [echo()], ...options }: Options = {}) {
  const upstream = yield* FakeUpstream.make({ respond: model })
  const claude = yield* FakeUpstream.make({ respond: claudeModel })
  const types = typesOf(tools)
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"] }), Vendors.entry("anthropic", claude)],
    more: { tool_runtime: [{ provider_id: "tools", provider_type: "inline::tools-of-test", config: {} }] },
    types,
    ...options
  })
  const post = (body: Schema.JsonObject, of?: string) => Http.post(strata.url, path(of), body)
  return {
    strata,
    upstream,
    claude,
    types,
    post,
    /** A turn with the tools of the test. */
    ask: (input: string, more: Schema.JsonObject = {}, of?: string) =>
      post({ model: "upstream/m", tool_groups: ["tools/tools"], input, ...more }, of),
    at: (rest: string, body: Schema.JsonObject, of?: string) => Http.post(strata.url, `${path(of)}/${rest}`, body),
    get: (rest = "", of?: string) => Http.send(strata.url, `${path(of)}${rest}`),
    verify: (of = session) => Effect.map(Http.post(strata.url, `/v1/sessions/${of}/verify`, {}), ({ json }) => json)
  }
})
