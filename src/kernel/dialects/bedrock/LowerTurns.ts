/** Messages as the wire has them: the system's beside the turns, results of tools in one turn of the user's. */
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { sha256 } from "../../../events/types/Traffic.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled, wireTypeOf } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as ToolIds from "../anthropic/ToolIds.ts"
import { isEmpty } from "../anthropic/WireFields.ts"
import { dropped } from "../chat/Losses.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import { contentOf } from "../TurnContent.ts"
import * as CachePoints from "./CachePoints.ts"
import * as LowerBlock from "./LowerBlock.ts"
import { toolName } from "./SentWire.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject
type Role = "user" | "assistant" | "system"

export interface Conversation {
  readonly system: ReadonlyArray<Fields>
  readonly turns: ReadonlyArray<Fields>
}

export interface Options {
  readonly report: LoweringReport
  /** Whether marks of the cache are sent. */
  readonly marks: boolean
}

const thoughts: ReadonlySet<string> = new Set(["thinking", "redacted_thinking", "reasoning"])

/** Writes one message's blocks; what has no place is reported. */
class Blocks {
  readonly #options: Options
  readonly #idOf: (id: string) => string

  constructor(options: Options, idOf: (id: string) => string) {
    this.#options = options
    this.#idOf = idOf
  }

  /** With the mark behind it. */
  of(block: ContentBlock, role: Role): ReadonlyArray<Fields> {
    const written = this.#written(block, role)
    if (written === undefined) return []
    const { cache_control: mark } = block
    return mark == null || !this.#options.marks ? [written] : [written, CachePoints.lower(mark)]
  }

  #written(block: ContentBlock, role: Role): Fields | undefined {
    const { report } = this.#options
    const whole = LowerBlock.wholeOf(block)
    if (whole !== undefined) return whole
    if (!isModeled(block)) return this.#other(block, role)
    if (block.type === "text") return this.#signed(block, LowerBlock.text(block))
    if (block.type === "tool_result" && role === "user") {
      return LowerBlock.toolResult(block, this.#idOf(block.tool_call_id))
    }
    if (thoughts.has(block.type) && role === "assistant") {
      const thought = LowerBlock.thought(block)
      if (thought === undefined) report.degrade(dropped(block, dialect))
      return thought
    }
    if (block.type === "tool_call" && role === "assistant") {
      if (!toolName.test(block.name)) {
        report.refuse("messages", `messages: a call of a tool by a name that Bedrock does not take: ${block.name}`)
      }
      return this.#signed(block, LowerBlock.toolUse(block, this.#idOf(block.id)))
    }
    const image = block.type === "image" && role === "user" ? LowerBlock.image(block) : undefined
    return image ?? this.#other(block, role)
  }

  #signed(block: Extract<ContentBlock, { readonly type: "text" | "tool_call" }>, written: Fields | undefined) {
    if (block["signature"] != null) {
      this.#options.report.degrade({
        requested: `the signature of a ${block.type === "text" ? "text" : "tool call"}`,
        actual: "without it",
        reason: "Bedrock signs thinking alone"
      })
    }
    return written
  }

  #other(block: ContentBlock, role: Role): undefined {
    const { report } = this.#options
    if (role !== "user") return report.degrade(dropped(block, dialect)) as undefined
    const what = block.type === "image" ? "image by its URL, or of this format" : `block ${wireTypeOf(block)}`
    report.refuse("messages", `messages: Bedrock takes no ${what}`)
  }
}

/** Ids as the wire takes them; of those that are too long a digest. */
const idsOf = (messages: ReadonlyArray<Message>): (id: string) => string => {
  const named = ToolIds.make(messages)
  return (id) => {
    const name = named(id)
    return toolName.test(name) ? name : sha256(name)
  }
}

interface Turn {
  readonly role: "user" | "assistant"
  readonly results: Array<Fields>
  readonly rest: Array<Fields>
  options: Fields
}

export const lower = (messages: ReadonlyArray<Message>, options: Options): Conversation => {
  const blocks = new Blocks(options, idsOf(messages))
  const system: Array<Fields> = []
  const turns: Array<Turn> = []

  const turnOf = (role: Turn["role"]): Turn => {
    const last = turns.at(-1)
    if (last?.role === role) return last
    const turn: Turn = { role, results: [], rest: [], options: {} }
    turns.push(turn)
    return turn
  }

  for (const message of messages) {
    if (message.role === "system") {
      if (turns.length > 0) {
        options.report.degrade({
          requested: "a system prompt within the conversation",
          actual: "a system prompt before it",
          reason: "Bedrock reads the system's words first"
        })
      }
      for (const block of blocksOf(message)) addAll(system, blocks.of(block, "system"))
      continue
    }
    const role = message.role === "assistant" ? "assistant" : "user"
    for (const block of contentOf(message)) {
      const isResult = isModeled(block) && block.type === "tool_result"
      const written = blocks.of(block, isResult ? "user" : role)
      if (written.length > 0) addAll(turnOf(isResult ? "user" : role)[isResult ? "results" : "rest"], written)
    }
    const [last, own] = [turns.at(-1), optionsFor(dialect, message)]
    if (last !== undefined && !isEmpty(own)) last.options = { ...last.options, ...own }
  }
  return {
    system,
    turns: turns.map(({ options, rest, results, role }) => ({ ...options, role, content: [...results, ...rest] }))
  }
}
