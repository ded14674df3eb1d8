/** A canonical answer as the events of a stream, part by part. */
import { Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer } from "../Dialect.ts"
import * as BedrockErrors from "./BedrockErrors.ts"
import * as LowerBlock from "./LowerBlock.ts"
import * as LowerResponse from "./LowerResponse.ts"

type Fields = Schema.JsonObject
type Frames = ReadonlyArray<Uint8Array>

const event = (name: string, fields: Fields): Uint8Array => BedrockErrors.eventOf({ [name]: fields })

const kinds: ReadonlyMap<string, (text: string) => Fields> = new Map<string, (text: string) => Fields>([
  ["text", (text) => ({ text })],
  ["thinking", (text) => ({ reasoningContent: { text } })],
  ["tool_call", (input) => ({ toolUse: { input } })]
])

interface Open {
  /** Its number on the wire. */
  readonly at: number
  readonly deltaOf: ((text: string) => Fields) | undefined
  hasWords: boolean
}

const inStop = ["stopReason", "additionalModelResponseFields"] as const

class Writer {
  readonly #open = new Map<number, Open>()
  #next = 0
  #begun = false

  begin(): Frames {
    if (this.#begun) return []
    this.#begun = true
    return [event("messageStart", { role: "assistant" })]
  }

  start({ block, id, index, name }: Extract<StreamPart, { readonly type: "block_start" }>): Frames {
    const at = this.#next++
    this.#open.set(index, { at, deltaOf: kinds.get(block), hasWords: false })
    if (block !== "tool_call") return []
    return [event("contentBlockStart", {
      start: { toolUse: { toolUseId: id ?? "", name: name ?? "" } },
      contentBlockIndex: at
    })]
  }

  delta(index: number, text: string): Frames {
    const open = this.#open.get(index)
    if (open?.deltaOf === undefined || (text === "" && !open.hasWords)) return []
    open.hasWords = true
    return [event("contentBlockDelta", { delta: open.deltaOf(text), contentBlockIndex: open.at })]
  }

  /** What has come in no delta, and what is no words. */
  end(index: number, block: ContentBlock): Frames {
    const open = this.#open.get(index)
    const whole = LowerBlock.answered(block)
    if (open === undefined || whole === undefined) return []
    const { at, hasWords } = open
    const deltas = deltasOf(whole, hasWords).map((delta) =>
      event("contentBlockDelta", { delta, contentBlockIndex: at })
    )
    return [...deltas, event("contentBlockStop", { contentBlockIndex: at })]
  }
}

const deltasOf = (whole: Fields, hasWords: boolean): ReadonlyArray<Fields> => {
  const { citationsContent, reasoningContent, text, toolUse } = whole
  if (isFields(toolUse)) {
    const { input } = toolUse
    const isSilent = hasWords || (isFields(input) && Object.keys(input).length === 0)
    return isSilent ? [] : [{ toolUse: { input: JSON.stringify(input) } }]
  }
  if (isFields(reasoningContent)) {
    const { reasoningText, redactedContent } = reasoningContent
    if (!isFields(reasoningText)) return [{ reasoningContent: { redactedContent: redactedContent ?? "" } }]
    const { signature } = reasoningText
    return [
      ...(hasWords ? [] : [{ reasoningContent: { text: reasoningText["text"] ?? "" } }]),
      ...(signature === undefined ? [] : [{ reasoningContent: { signature } }])
    ]
  }
  if (isFields(citationsContent)) {
    const citations = Array.isArray(citationsContent["citations"]) ? citationsContent["citations"] : []
    const words = Array.isArray(citationsContent["content"]) ? citationsContent["content"].filter(isFields) : []
    return [...(hasWords ? [] : words), ...citations.map((citation: Schema.Json) => ({ citation }))]
  }
  if (text === undefined) return [whole]
  const others = Struct.omit(whole, ["text"])
  return [
    ...(hasWords ? [] : [{ text }]),
    ...(Object.keys(others).length === 0 ? [] : [others])
  ]
}

export const make = (): StreamLowerer => {
  const writer = new Writer()
  const add = (part: StreamPart): Frames => {
    switch (part.type) {
      case "response_start":
        return writer.begin()
      case "block_start":
        return [...writer.begin(), ...writer.start(part)]
      case "block_delta":
        return writer.delta(part.index, part.text)
      case "block_end":
        return writer.end(part.index, part.block)
      case "error": {
        const { error, failure } = part
        if (BedrockErrors.exceptionIn(error) !== undefined) return [BedrockErrors.eventOf(error)]
        const { kind, message } = failure
        return [BedrockErrors.frame(BedrockErrors.envelope({ message, kind }))]
      }
      case "response": {
        const ending = LowerResponse.ending(part.response)
        const metadata = Struct.omit(ending, inStop)
        return [
          ...writer.begin(),
          event("messageStop", Struct.pick(ending, inStop.filter((name) => name in ending))),
          ...(Object.keys(metadata).length === 0 ? [] : [event("metadata", metadata)])
        ]
      }
    }
  }
  return { add }
}
