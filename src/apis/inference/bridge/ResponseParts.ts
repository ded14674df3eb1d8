/** A canonical answer as parts of `effect/ai`. */
import { DateTime, Option, Predicate, Result, Schema } from "effect"
import type { Response } from "effect/ai"
import { parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import * as DegradationHeader from "../../../kernel/dialects/DegradationHeader.ts"
import type { ChatResponse } from "../../../kernel/messages/ChatResponse.ts"
import type { ContentBlock, ToolCallBlock } from "../../../kernel/messages/ContentBlock.ts"
import { isModeled } from "../../../kernel/messages/ContentBlock.ts"
import type { Usage } from "../../../kernel/messages/Usage.ts"
import { requestHeader, sessionHeader } from "../../../kernel/requests/RequestIds.ts"
import * as BlockState from "./BlockState.ts"

type Headers = Readonly<Record<string, string>>

/** Parts that a whole answer and a stream have in common. */
type SharedPart = Response.PartEncoded & Response.StreamPartEncoded

/** Arguments that are no object are given as they were written: who checks them says what is wrong. */
const paramsOf = ({ arguments: written, input }: ToolCallBlock): unknown => {
  if (!Predicate.isString(written)) return written ?? input
  return Predicate.isObject(parse(written)) ? input : written
}

export const toolCall = (block: ToolCallBlock): Response.ToolCallPartEncoded => ({
  type: "tool-call",
  id: block.id,
  name: block.name,
  params: paramsOf(block),
  ...BlockState.of(block)
})

const summaries = Schema.decodeUnknownResult(Schema.Array(Schema.Struct({ text: Schema.String })))

/** What may be read of a thought. */
export const thoughtOf = (block: ContentBlock): string | undefined => {
  if (!isModeled(block)) return undefined
  switch (block.type) {
    case "thinking":
      return block.thinking
    case "redacted_thinking":
      return ""
    case "reasoning":
      return Result.getOrElse(summaries(block.summary), () => []).map(({ text }) => text).join("\n\n")
    default:
      return undefined
  }
}

/** An image that came as bytes, or by its address; undefined for what is none. */
export const fileOf = (block: ContentBlock, index: number): SharedPart | undefined => {
  if (!isModeled(block) || block.type !== "image") return undefined
  const { data, media_type, url } = block.source
  if (Predicate.isString(data) && Predicate.isString(media_type)) {
    return { type: "file", mediaType: media_type, data, ...BlockState.of(block) }
  }
  return Predicate.isString(url) && URL.canParse(url)
    ? { type: "source", sourceType: "url", id: String(index), url, title: "image", ...BlockState.of(block) }
    : undefined
}

const partOf = (block: ContentBlock, index: number): ReadonlyArray<Response.PartEncoded> => {
  const thought = thoughtOf(block)
  if (thought !== undefined) return [{ type: "reasoning", text: thought, ...BlockState.of(block) }]
  if (!isModeled(block)) return []
  if (block.type === "text") return [{ type: "text", text: block.text, ...BlockState.of(block) }]
  if (block.type === "tool_call") return [toolCall(block)]
  const file = fileOf(block, index)
  return file === undefined ? [] : [file]
}

const timeOf = (created: unknown): string | undefined =>
  Predicate.isNumber(created)
    ? Option.getOrUndefined(Option.map(DateTime.make(created * 1000), DateTime.formatIso))
    : undefined

/** Who answered, and when. */
export const metadataOf = (metadata: ChatResponse["metadata"]): Response.ResponseMetadataPartEncoded => {
  const id = textOrNull(metadata?.["id"])
  const modelId = textOrNull(metadata?.["model"])
  const timestamp = timeOf(metadata?.["created"])
  return {
    type: "response-metadata",
    ...id === null ? {} : { id },
    ...modelId === null ? {} : { modelId },
    ...timestamp === undefined ? {} : { timestamp }
  }
}

const finishReasons = tableOf<Response.FinishReason>({
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  pause_turn: "pause",
  error: "error"
})

export const finishReasonOf = ({ content, finish_reason }: ChatResponse): Response.FinishReason => {
  if (finish_reason == null) return "unknown"
  const reason = Object.hasOwn(finishReasons, finish_reason) ? finishReasons[finish_reason]! : "other"
  // Some vendors end in `stop` all the same.
  return reason === "stop" && content.some(({ type }) => type === "tool_call") ? "tool-calls" : reason
}

/** What is not counted is not there: nothing is made up. */
const usageOf = (usage: Usage | null | undefined): typeof Response.Usage.Encoded => {
  const given = usage ?? undefined
  const [read, written] = [given?.cache_read_tokens ?? undefined, given?.cache_write_tokens ?? undefined]
  const reasoning = given?.reasoning_tokens ?? undefined
  return {
    inputTokens: {
      uncached: given === undefined ? undefined : Math.max(0, given.input_tokens - (read ?? 0) - (written ?? 0)),
      total: given?.input_tokens,
      cacheRead: read,
      cacheWrite: written
    },
    outputTokens: {
      total: given?.output_tokens,
      text: given === undefined || reasoning === undefined ? undefined : Math.max(0, given.output_tokens - reasoning),
      reasoning
    }
  }
}

/** What `effect/ai` has no field for. */
const restOf = (response: ChatResponse, headers: Headers): Readonly<Record<string, Schema.Json>> => {
  const unmapped = response.content.filter((block) => partOf(block, 0).length === 0)
  return {
    request_id: headers[requestHeader] ?? null,
    session_id: headers[sessionHeader] ?? null,
    finish_reason: response.finish_reason ?? null,
    degradation: headers[DegradationHeader.name] ?? null,
    cost_usd: response.usage?.cost_usd ?? null,
    ...unmapped.length === 0 ? {} : { unmapped: unmapped.map((block) => ({ ...block })) }
  }
}

export interface Head {
  readonly status: number
  readonly headers: Headers
}

/** The last part. */
export const finishOf = (response: ChatResponse, { headers, status }: Head): Response.FinishPartEncoded => ({
  type: "finish",
  reason: finishReasonOf(response),
  usage: usageOf(response.usage),
  response: { status, headers: { ...headers } },
  metadata: { strata: restOf(response, headers) }
})

export const of = (response: ChatResponse, head: Head): Array<Response.PartEncoded> => [
  metadataOf(response.metadata),
  ...response.content.flatMap(partOf),
  finishOf(response, head)
]
