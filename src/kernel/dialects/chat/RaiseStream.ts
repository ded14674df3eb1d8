/** A stream of chat completion chunks in the canonical model: part by part, and all of it at its end. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { field, isFields, parse } from "../../../events/types/JsonAccess.ts"
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

const textIn = (delta: unknown, name: string): string | undefined => {
  const value = field(delta, name)
  return Predicate.isString(value) ? value : undefined
}

/** Fields of chunks that are not those of the whole. */
const ofChunk: ReadonlySet<string> = new Set(["choices", "usage", "object"])

/** The head of the whole: of each field what was said last that says something. */
const addHead = (head: Record<string, Schema.Json>, chunk: Schema.JsonObject): void => {
  for (const [name, value] of Object.entries(chunk)) {
    if (!ofChunk.has(name) && value !== null && value !== "" && value !== 0) head[name] = value
  }
}

export const make = (producer?: string): StreamRaiser => {
  const streamed = new StreamedMessage()
  const open = new OpenBlocks(producer)
  const head: Record<string, Schema.Json> = {}
  let usage: Schema.JsonObject | undefined
  let begun = false
  let broken = false

  const begin = (chunk: Schema.JsonObject): ReadonlyArray<StreamPart> => {
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
    const start = begun ? [] : begin(chunk)
    const choice = firstChoice(chunk)
    if ((field(choice, "index") ?? 0) !== 0) return start
    const delta = field(choice, "delta")
    const message = streamed.whole?.message ?? {}
    const given = wordFields.filter((name) => textIn(delta, name) !== undefined)
    const words = given.find((name) => textIn(delta, name) !== "") ?? given[0]
    const content = textIn(delta, "content")
    return [
      ...start,
      ...(words === undefined ? [] : open.text("thinking", textIn(delta, words)!, message, words)),
      ...(field(delta, blocksField) === undefined ? [] : open.thoughts(message)),
      ...(content === undefined ? [] : open.text("text", content, message)),
      ...(field(delta, "extra_content") === undefined ? [] : open.sign(message)),
      ...open.refuse(textIn(delta, "refusal") ?? "", message),
      ...(field(delta, "tool_calls") === undefined ? [] : open.calls(message, false, delta))
    ]
  }

  const end = (): ReadonlyArray<StreamPart> => {
    const whole = streamed.whole
    if (broken || whole === undefined) return []
    const parts = open.finish(whole.message)
    const body = { ...head, choices: [whole], ...(usage === undefined ? {} : { usage }) }
    return Result.match(RaiseResponse.raise(body, producer), {
      onSuccess: (response) => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }
  return { add, end }
}
