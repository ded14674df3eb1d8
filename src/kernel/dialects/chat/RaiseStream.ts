/** A stream of chat completion chunks in the canonical model: part by part, and all of it at its end. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as ChatErrors from "./ChatErrors.ts"
import { isDone } from "./DoneFrame.ts"
import { OpenBlocks } from "./OpenBlocks.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import { StreamedMessage } from "./StreamedMessage.ts"
import { blocksField, wordFields } from "./ThinkingBlocks.ts"
import { firstChoice, usageIn } from "./WireUsage.ts"

const textIn = (delta: Schema.JsonObject, name: string): string | undefined => {
  const value = delta[name]
  return Predicate.isString(value) ? value : undefined
}

/** Where a delta's thought stands: the first field with words, or with none where none has any. */
const wordsField = (delta: Schema.JsonObject): string | undefined => {
  let empty: string | undefined
  for (const name of wordFields) {
    const words = textIn(delta, name)
    if (words !== undefined && words !== "") return name
    if (words !== undefined) empty ??= name
  }
  return empty
}

/** Fields of chunks that are not those of the whole. */
const ofChunk: ReadonlySet<string> = new Set(["choices", "usage", "object"])

/** The head of the whole: of each field what was said last that says something. */
const addHead = (head: Record<string, Schema.Json>, chunk: Schema.JsonObject): void => {
  for (const name of Object.keys(chunk)) {
    const value = chunk[name]!
    if (!ofChunk.has(name) && value !== null && value !== "" && value !== 0) head[name] = value
  }
}

export const make = (producer?: string): StreamRaiser => {
  const streamed = new StreamedMessage()
  const open = new OpenBlocks(producer)
  const head: Record<string, Schema.Json> = {}
  const likely: Array<Schema.Json> = []
  let usage: Schema.JsonObject | undefined
  let begun = false
  let broken = false

  const begin = (chunk: Schema.JsonObject): Array<StreamPart> => {
    begun = true
    return [{ type: "response_start", metadata: RaiseResponse.metadataOf(chunk) }]
  }

  const add = ({ data }: SseFrame): ReadonlyArray<StreamPart> => {
    const chunk = data === undefined || isDone(data) ? undefined : parse(data)
    if (!isFields(chunk)) return []
    const { error } = chunk
    if (error !== undefined && error !== null) {
      broken = true
      return [{ type: "error", error, failure: ChatErrors.raise(0, chunk) }]
    }
    addHead(head, chunk)
    usage = usageIn(chunk) ?? usage
    streamed.add(chunk)
    const parts = begun ? [] : begin(chunk)
    const choice = firstChoice(chunk)
    const delta = isFields(choice) && (choice["index"] ?? 0) === 0 ? choice["delta"] : undefined
    if (!isFields(delta)) return parts
    const message = streamed.message
    const words = wordsField(delta)
    if (words !== undefined) parts.push(...open.text("thinking", textIn(delta, words)!, message, words))
    if (delta[blocksField] !== undefined) parts.push(...open.thoughts(message))
    const content = textIn(delta, "content")
    if (content !== undefined) {
      const grown = open.text("text", content, message, "", RaiseResponse.logprobsOf(choice))
      for (const part of grown) if (part.type === "block_delta") addAll(likely, part.logprobs ?? [])
      parts.push(...grown)
    }
    if (delta["extra_content"] !== undefined) parts.push(...open.sign(message))
    const refusal = textIn(delta, "refusal")
    if (refusal !== undefined) parts.push(...open.refuse(refusal, message))
    if (delta["tool_calls"] !== undefined) parts.push(...open.calls(message, false, delta))
    return parts
  }

  const end = (): ReadonlyArray<StreamPart> => {
    const whole = streamed.whole
    if (broken || whole === undefined) return []
    const parts = open.finish(whole.message)
    const choice = likely.length === 0 ? whole : { ...whole, logprobs: { content: likely } }
    const body = { ...head, choices: [choice], ...(usage === undefined ? {} : { usage }) }
    return Result.match(RaiseResponse.raise(body, producer), {
      onSuccess: (response) => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }
  return { add, end }
}
