/** Answers as Anthropic streams them, and streams as Strata reads and writes them. */
import type { Schema } from "effect"
import type { StreamLowerer, StreamRaiser } from "../../../../src/kernel/dialects/Dialect.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

export const bytesOf = (event: string, value: Schema.JsonObject): string =>
  `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`

/** The deltas in which Anthropic sends a block. */
const deltasOf = (block: Schema.JsonObject): ReadonlyArray<Schema.JsonObject> => {
  const halves = (words: string) => [words.slice(0, 3), words.slice(3)].filter((each) => each !== "")
  switch (block["type"]) {
    case "text":
      return [
        ...halves(String(block["text"])).map((text) => ({ type: "text_delta", text })),
        ...(block["citations"] as ReadonlyArray<Schema.Json> ?? []).map((citation) => ({
          type: "citations_delta",
          citation
        }))
      ]
    case "thinking":
      return [
        ...halves(String(block["thinking"])).map((thinking) => ({ type: "thinking_delta", thinking })),
        ...(block["signature"] === undefined ? [] : [{ type: "signature_delta", signature: block["signature"] }])
      ]
    case "tool_use":
    case "server_tool_use":
      return ["", ...halves(JSON.stringify(block["input"]))].map((partial_json) => ({
        type: "input_json_delta",
        partial_json
      }))
    default:
      return []
  }
}

const startOf = (block: Schema.JsonObject): Schema.JsonObject => {
  switch (block["type"]) {
    case "text":
      return { type: "text", text: "" }
    case "thinking":
      return { type: "thinking", thinking: "", ...(block["signature"] === undefined ? {} : { signature: "" }) }
    case "tool_use":
    case "server_tool_use":
      return { ...block, input: {} }
    default:
      return block
  }
}

/** A plain answer as Anthropic streams it. */
export const streamOf = ({ content, ...message }: Schema.JsonObject): string => {
  const { container, of_tomorrow, stop_details, stop_reason, stop_sequence, usage, ...head } = message
  const events: Array<Schema.JsonObject> = [
    {
      type: "message_start",
      message: {
        ...head,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...Object(usage), output_tokens: 1 }
      }
    },
    { type: "ping" }
  ]
  for (const [index, block] of (content as ReadonlyArray<Schema.JsonObject>).entries()) {
    events.push({ type: "content_block_start", index, content_block: startOf(block) })
    for (const delta of deltasOf(block)) events.push({ type: "content_block_delta", index, delta })
    events.push({ type: "content_block_stop", index })
  }
  events.push({
    type: "message_delta",
    delta: {
      stop_reason: stop_reason ?? null,
      stop_sequence: stop_sequence ?? null,
      ...(stop_details === undefined ? {} : { stop_details }),
      ...(container === undefined ? {} : { container })
    },
    ...(of_tomorrow === undefined ? {} : { of_tomorrow }),
    usage: { output_tokens: Object(usage).output_tokens, cache_read_input_tokens: null }
  })
  events.push({ type: "message_stop" })
  return events.map((event) => bytesOf(String(event["type"]), event)).join("")
}

export const partsOf = (raiser: StreamRaiser, text: string): ReadonlyArray<StreamPart> => {
  const reader = new SseReader()
  const frames = [...reader.feed(Buffer.from(text)), ...reader.end()]
  return [...frames.flatMap((frame) => raiser.add(frame)), ...raiser.end()]
}

export const written = (lowerer: StreamLowerer, parts: ReadonlyArray<StreamPart>): string =>
  parts.flatMap(lowerer.add).map((bytes) => Buffer.from(bytes).toString("utf8")).join("")
