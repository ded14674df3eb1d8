/** Puts a streamed answer together, event by event, as a plain one would have it. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import * as SseJson from "../sse/SseJson.ts"

type Fields = Schema.JsonObject

/** A block that is not whole yet. */
interface OpenBlock {
  /** What it began with. */
  start: Fields
  text: string | undefined
  /** Of a tool's call, its input as it comes. */
  json: string
  reasoning: string | undefined
  signature: string | undefined
  readonly redacted: Array<Buffer>
  readonly citations: Array<Schema.Json>
  /** Deltas of kinds that are not known here. */
  others: Fields
}

const open = (): OpenBlock => ({
  start: {},
  text: undefined,
  json: "",
  reasoning: undefined,
  signature: undefined,
  redacted: [],
  citations: [],
  others: {}
})

const addReasoning = (block: OpenBlock, more: Fields): void => {
  const { redactedContent, signature, text } = more
  if (Predicate.isString(text)) block.reasoning = (block.reasoning ?? "") + text
  if (Predicate.isString(signature)) block.signature = (block.signature ?? "") + signature
  if (Predicate.isString(redactedContent)) block.redacted.push(Buffer.from(redactedContent, "base64"))
}

const addDelta = (block: OpenBlock, delta: Fields): void => {
  const { citation, reasoningContent, text, toolUse, ...others } = delta
  if (Predicate.isString(text)) block.text = (block.text ?? "") + text
  if (isFields(toolUse)) block.json += textOrNull(toolUse["input"]) ?? ""
  if (isFields(reasoningContent)) addReasoning(block, reasoningContent)
  if (citation !== undefined) block.citations.push(citation)
  block.others = { ...block.others, ...others }
}

const wholeOf = (block: OpenBlock): Fields => {
  const { citations, json, others, reasoning, redacted, signature, start, text } = block
  const { toolUse } = start
  if (isFields(toolUse)) {
    return { ...start, ...others, toolUse: { ...toolUse, input: json === "" ? {} : parse(json) ?? json } }
  }
  if (redacted.length > 0) {
    return { reasoningContent: { redactedContent: Buffer.concat(redacted).toString("base64") } }
  }
  if (reasoning !== undefined || signature !== undefined) {
    const reasoningText = { text: reasoning ?? "", ...(signature === undefined ? {} : { signature }) }
    return { reasoningContent: { reasoningText } }
  }
  if (citations.length > 0) return { citationsContent: { content: [{ text: text ?? "" }], citations } }
  return { ...start, ...others, ...(text === undefined ? {} : { text }) }
}

/** The number of an event's block. */
export const indexOf = (event: unknown): number => {
  const index = field(event, "contentBlockIndex")
  return Predicate.isNumber(index) ? index : 0
}

export class StreamedMessage {
  readonly #blocks = new Map<number, OpenBlock>()
  #message: Fields = {}
  #rest: Fields = {}
  #begun = false

  #open(at: number): OpenBlock {
    const block = this.#blocks.get(at) ?? open()
    this.#blocks.set(at, block)
    return block
  }

  /** Takes the value of an event: one field, by its name. */
  add(value: Fields): void {
    for (const [name, event] of Object.entries(value)) {
      if (isFields(event)) this.#add(name, event)
    }
  }

  #add(name: string, event: Fields): void {
    switch (name) {
      case "messageStart":
        this.#begun = true
        this.#message = event
        return
      case "contentBlockStart":
        this.#begun = true
        if (isFields(event["start"])) this.#open(indexOf(event)).start = event["start"]
        return
      case "contentBlockDelta":
        this.#begun = true
        if (isFields(event["delta"])) addDelta(this.#open(indexOf(event)), event["delta"])
        return
      case "messageStop":
      case "metadata": {
        const { p: _, ...fields } = event
        this.#rest = { ...this.#rest, ...fields }
      }
    }
  }

  block(at: number): Fields | undefined {
    const block = this.#blocks.get(at)
    return block === undefined ? undefined : wholeOf(block)
  }

  /** What it is so far; undefined before its first event. */
  get whole(): Fields | undefined {
    if (!this.#begun) return undefined
    const { p: _, ...message } = this.#message
    const content = [...this.#blocks.values()].map(wholeOf)
    return { ...this.#rest, output: { message: { role: "assistant", ...message, content } } }
  }
}

/** All of a stream; undefined where the text holds no message. */
export const assemble = (text: string): Fields | undefined => {
  const streamed = new StreamedMessage()
  for (const value of SseJson.valuesOf(text)) if (isFields(value)) streamed.add(value)
  return streamed.whole
}
