/**
 * A vendor's model that does what a conformance suite tells it, by rules: it thinks, calls tools side by side, continues
 * what an assistant has begun, keeps to a JSON Schema, to stop sequences and to a limit, and gives logprobs, streamed too.
 */
import type { Schema } from "effect"
import { field, isFields, listOf, objectsIn } from "../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

type Fields = Schema.JsonObject

const textOf = (content: unknown): string =>
  typeof content === "string" ? content : listOf(content).map((part) => String(field(part, "text") ?? "")).join(" ")

const words = (text: string): ReadonlyArray<string> => text.match(/\s*\S+/g) ?? []

/** A value that fits a JSON Schema; `name`: of the field that it is for. */
const sample = (schema: unknown, name = ""): Schema.Json => {
  if (!isFields(schema)) return "text"
  if (schema["const"] !== undefined) return schema["const"]
  const [first] = listOf(schema["enum"]) as ReadonlyArray<Schema.Json>
  if (first !== undefined) return first
  const [variant] = objectsIn(schema["anyOf"])
  if (variant !== undefined) return sample(variant, name)
  switch (Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"]) {
    case "object": {
      const { properties = {} } = schema
      return Object.fromEntries(Object.entries(properties as Fields).map(([key, value]) => [key, sample(value, key)]))
    }
    case "array":
      return [sample(schema["items"], name)]
    case "integer":
    case "number":
      return 30
    case "boolean":
      return true
    case "null":
      return null
    default:
      return /city|location/i.test(name) ? "Paris" : "text"
  }
}

interface Call extends Fields {
  readonly id: string
  readonly type: "function"
  readonly function: { readonly name: string; readonly arguments: string }
}

type Answer = { readonly text: string } | { readonly calls: ReadonlyArray<Call> }

const cities = /\b(Paris|Tokyo|London|Berlin|Rome|New York)\b/g

/** The tools that the last text wants, if any: each once, or one of them for each city. */
const callsFor = (body: Fields, text: string, id: string): ReadonlyArray<Call> => {
  const tools = objectsIn(body["tools"]).map((tool) => tool["function"])
  const choice = body["tool_choice"]
  if (tools.length === 0 || choice === "none") return []
  const isForced = isFields(choice) || choice === "required"
  if (!isForced && !/weather|tool|call|use|temperature|search|time|calculate/i.test(text)) return []
  const chosen = field(field(choice, "function"), "name")
  const isWanted = (tool: unknown): boolean => {
    const name = String(field(tool, "name"))
    return chosen === undefined ? text.toLowerCase().includes(name.split("_").at(-1)!) : name === chosen
  }
  const asked = [...new Set([...text.matchAll(cities)].map(([city]) => city))]
  const together = body["parallel_tool_calls"] !== false
  const of = (tool: unknown, city: string | undefined, index: number): Call => {
    const given = sample(field(tool, "parameters")) as Fields
    const places = Object.keys(given).filter((key) => city !== undefined && /city|location/i.test(key))
    return {
      id: `call_${id}_${index}`,
      type: "function",
      function: {
        name: String(field(tool, "name")),
        arguments: JSON.stringify({ ...given, ...Object.fromEntries(places.map((key) => [key, city!])) })
      }
    }
  }
  if (together && /both tools/i.test(text)) return tools.slice(0, 2).map((tool, index) => of(tool, asked[0], index))
  const tool = tools.find(isWanted) ?? tools[0]
  return (together && asked.length > 1 ? asked : [asked[0]]).map((city, index) => of(tool, city, index))
}

const rules: ReadonlyArray<
  readonly [asked: RegExp, said: (match: RegExpExecArray, all: string) => string | undefined]
> = [
  [
    /at length|step by step|essay|long story/i,
    () => Array.from({ length: 400 }, (_, index) => `word${index}`).join(" ")
  ],
  [/(?:reply|respond|say|answer|output)[^"'`]*["'`]([^"'`]+)["'`]/i, ([, said]) => said],
  [/what|which|who|remember|recall|secret|code|name|colou?r|number/i, (_, all) => {
    const facts = all.matchAll(
      /(?:is|code(?:word)?|number|name|secret|remember(?: this)?:?)\s+["'`]?([A-Z0-9][A-Za-z0-9-]{2,})/g
    )
    const named = [...new Set([...facts].map(([, fact]) => fact))]
    return named.length === 0 ? undefined : `It is ${named.join(", ")}.`
  }],
  [
    /(?:exactly|only|just|word|say|reply with)(?: the)?(?: single)?(?: word| phrase| text)?:? ([\w-]+)/i,
    ([, said]) => said
  ],
  [/count/i, () => Array.from({ length: 20 }, (_, index) => index + 1).join(", ")]
]

const answerTo = (body: Fields, id: string): Answer => {
  const messages = objectsIn(body["messages"])
  const last = messages.at(-1)!
  const text = textOf(last["content"])
  // What an assistant has begun goes on.
  if (last["role"] === "assistant") return { text: "is." }
  if (last["role"] === "tool") return { text: `The result is: ${text}` }
  const calls = callsFor(body, text, id)
  if (calls.length > 0) return { calls }
  const system = messages.find(({ role }) => role === "system" || role === "developer")
  const told = /(?:always|only|every)[^.]*?["'`]?\b([A-Z]{4,})\b/.exec(textOf(system?.["content"]))?.[1]
  if (told !== undefined) return { text: told }
  const format = body["response_format"]
  if (field(format, "type") === "json_schema") {
    return { text: JSON.stringify(sample(field(field(format, "json_schema"), "schema"))) }
  }
  if (field(format, "type") === "json_object") {
    return { text: JSON.stringify({ name: "Alice", city: "Paris", ok: true }) }
  }
  const all = messages.map(({ content }) => textOf(content)).join("\n")
  for (const [asked, said] of rules) {
    const match = asked.exec(text)
    const answer = match === null ? undefined : said(match, all)
    if (answer !== undefined) return { text: answer }
  }
  return { text: `Hello! ${text.slice(0, 200)}` }
}

interface Said {
  readonly thought: string
  readonly text: string
  readonly calls: ReadonlyArray<Call>
  readonly finish_reason: string
}

/** What there is of it within the limit, up to a stop sequence. */
const limited = (body: Fields, answer: Answer): Said => {
  const effort = body["reasoning_effort"]
  const thoughts = effort == null || effort === "none"
    ? []
    : Array.from({ length: 40 }, (_, index) => ` thought${index}`)
  if ("calls" in answer) {
    return { thought: thoughts.join(""), text: "", calls: answer.calls, finish_reason: "tool_calls" }
  }
  const most = Number(body["max_completion_tokens"] ?? body["max_tokens"] ?? Number.POSITIVE_INFINITY)
  const left = most - thoughts.length
  if (thoughts.length > 0 && left <= 0) {
    return { thought: thoughts.slice(0, most).join(""), text: "", calls: [], finish_reason: "length" }
  }
  const all = words(answer.text)
  const within = all.slice(0, most).join("")
  const stops = [body["stop"] ?? []].flat().map(String)
  const cuts = stops.map((stop) => within.indexOf(stop)).filter((at) => at !== -1)
  const text = cuts.length === 0 ? within : within.slice(0, Math.min(...cuts))
  const finish_reason = cuts.length === 0 && all.length > most ? "length" : "stop"
  return { thought: thoughts.join(""), text, calls: [], finish_reason }
}

const logprobsOf = (body: Fields, tokens: ReadonlyArray<string>): Schema.Json =>
  body["logprobs"] !== true ? null : {
    content: tokens.map((token) => ({
      token,
      logprob: -0.1,
      bytes: [...Buffer.from(token)],
      top_logprobs: Array.from({ length: Number(body["top_logprobs"] ?? 0) }, (_, index) => ({
        token: `${token}${index === 0 ? "" : index}`,
        logprob: -0.1 - index,
        bytes: [...Buffer.from(token)]
      }))
    }))
  }

const completion = (body: Fields, id: string): ScriptedAnswer => {
  const { calls, finish_reason, text, thought } = limited(body, answerTo(body, id))
  const common = { id: `chatcmpl-${id}`, created: 1_700_000_000, model: "m" }
  const indexes = Array.from({ length: Number(body["n"] ?? 1) }, (_, index) => index)
  const prompt_tokens = Math.ceil(JSON.stringify(body["messages"]).length / 4)
  const completion_tokens = Math.max(1, words(thought).length + words(text).length)
  const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
  if (body["stream"] !== true) {
    const message = {
      role: "assistant",
      content: calls.length > 0 ? null : text,
      refusal: null,
      ...thought === "" ? {} : { reasoning_content: thought },
      ...calls.length > 0 ? { tool_calls: calls } : {}
    }
    const choices = indexes.map((index) => ({ index, message, finish_reason, logprobs: logprobsOf(body, words(text)) }))
    return ScriptedAnswer.json(200, { ...common, object: "chat.completion", choices, usage })
  }
  const chunk = (delta: Fields, finish_reason: string | null = null): Fields => ({
    ...common,
    object: "chat.completion.chunk",
    choices: indexes.map((index) => ({
      index,
      delta,
      finish_reason,
      logprobs: typeof delta["content"] === "string" && delta["content"] !== ""
        ? logprobsOf(body, [delta["content"]])
        : null
    }))
  })
  return ScriptedAnswer.events([
    chunk({ role: "assistant", content: calls.length > 0 ? null : "" }),
    ...words(thought).map((reasoning_content) => chunk({ reasoning_content })),
    ...calls.flatMap((call, index) => [
      chunk({ tool_calls: [{ index, ...call, function: { ...call.function, arguments: "" } }] }),
      ...(call.function.arguments.match(/.{1,6}/gs) ?? []).map((piece) =>
        chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
      )
    ]),
    ...words(text).map((content) => chunk({ content })),
    chunk({}, finish_reason),
    ...field(body["stream_options"], "include_usage") === true
      ? [{ ...common, object: "chat.completion.chunk", choices: [], usage }]
      : []
  ])
}

/** Texts that share words are near each other. */
const vectorOf = (text: string, dimensions: number): ReadonlyArray<number> => {
  const vector = Array.from({ length: dimensions }, () => 0)
  for (const word of text.toLowerCase().split(/\W+/).filter((word) => word !== "")) {
    for (let at = 0; at < word.length; at++) vector[(word.charCodeAt(at) * 31 + at * 7) % dimensions]! += 1
  }
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

const embeddings = (body: Fields): ScriptedAnswer => {
  const vectors = [body["input"]].flat().map((text) => vectorOf(String(text), Number(body["dimensions"] ?? 64)))
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: body["encoding_format"] === "base64"
      ? Buffer.from(new Float32Array(vector).buffer).toString("base64")
      : vector
  }))
  const usage = { prompt_tokens: 5, total_tokens: 5 }
  return ScriptedAnswer.json(200, { object: "list", model: "m", data, usage })
}

/** Answers what OpenAI's own paths are asked for; each answer of a vendor has ids of its own. */
export const make = () => {
  let count = 0
  return ({ body, method, path }: ReceivedRequest): ScriptedAnswer | undefined => {
    if (method !== "POST") return undefined
    if (!isFields(body)) return ScriptedAnswer.error(400, "The body is no JSON object.")
    count += 1
    if (path.endsWith("/embeddings")) return embeddings(body as Fields)
    if (path.endsWith("/chat/completions")) return completion(body as Fields, String(count))
    if (!path.endsWith("/completions")) return ScriptedAnswer.error(404, "Not here.")
    return ScriptedAnswer.json(200, {
      id: `cmpl-${count}`,
      object: "text_completion",
      created: 1_700_000_000,
      model: "m",
      choices: [{ index: 0, text: "once upon a time", finish_reason: "stop", logprobs: null }],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
    })
  }
}
