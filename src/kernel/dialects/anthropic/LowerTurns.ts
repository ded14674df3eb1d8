/** Messages as the wire has them: the system's beside the turns, results of tools in one turn of the user's. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled, wireTypeOf } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import { contentOf } from "../TurnContent.ts"
import * as LowerBlock from "./LowerBlock.ts"
import { dialectOf } from "./SealedBlock.ts"
import * as ToolIds from "./ToolIds.ts"
import { dialect, isEmpty } from "./WireFields.ts"

type Fields = Schema.JsonObject

interface Turn {
  readonly role: "user" | "assistant" | "system"
  readonly results: Array<Fields>
  readonly rest: Array<Fields>
  options: Fields
}

export interface Conversation {
  readonly system: string | ReadonlyArray<Fields>
  readonly turns: ReadonlyArray<Fields>
}

const thoughts: ReadonlySet<string> = new Set(["thinking", "redacted_thinking", "reasoning"])

/** Writes one message's blocks; what has no place is reported. */
class Blocks {
  readonly #report: LoweringReport
  readonly #idOf: (id: string) => string

  constructor(report: LoweringReport, idOf: (id: string) => string) {
    this.#report = report
    this.#idOf = idOf
  }

  #without(requested: string, reason: string): undefined {
    this.#report.degrade({ requested, actual: "without it", reason })
  }

  nameless(role: Message["role"]): void {
    this.#without(`the name of a message of the role ${role}`, "Anthropic has no names")
  }

  #thought(block: ContentBlock): Fields | undefined {
    const lowered = LowerBlock.thought(block)
    if (lowered === undefined) {
      const producer = block.producer_model ?? dialectOf(block) ?? "another model"
      return this.#without(`thinking of ${producer}`, "it is not signed by Anthropic")
    }
    if (block.cache_control != null) this.#without("a mark of the cache on thinking", "Anthropic takes none there")
    return lowered
  }

  /** What is no result of a tool. */
  of(block: ContentBlock, role: Turn["role"]): Fields | undefined {
    const whole = LowerBlock.wholeOf(block)
    if (whole !== undefined) return whole
    if (!isModeled(block)) return this.#unknown(block, role)
    if (block.type === "text") return block.text === "" ? undefined : this.#text(block, block.text)
    if (thoughts.has(block.type) && role === "assistant") return this.#thought(block)
    if (block.type === "tool_call" && role === "assistant") return this.#call(block)
    if (block.type === "image" && role === "user") {
      const lowered = LowerBlock.image(block)
      if (lowered === undefined) this.#report.refuse("messages", "messages: Anthropic takes no such image")
      return lowered
    }
    return this.#without(`a block ${block.type}`, `Anthropic has none in a turn of the role ${role}`)
  }

  #text(block: Extract<ContentBlock, { readonly type: "text" }>, text: string): Fields {
    if (block.signature != null) this.#without("the signature of a text", "Anthropic signs thinking alone")
    return LowerBlock.text(block, text)
  }

  #call(block: Extract<ContentBlock, { readonly type: "tool_call" }>): Fields {
    if (block.name === "") this.#report.refuse("messages", "messages: a tool call that names no tool")
    if (block.signature != null) this.#without("the signature of a tool call", "Anthropic signs thinking alone")
    return LowerBlock.toolUse(block, this.#idOf(block.id))
  }

  #unknown(block: ContentBlock, role: Turn["role"]): undefined {
    const type = wireTypeOf(block)
    if (role === "assistant") return this.#without(`a block ${type}`, "Anthropic has no such block")
    this.#report.refuse("messages", `messages: Anthropic has no block ${type}`)
  }

  result(block: Extract<ContentBlock, { readonly type: "tool_result" }>): Fields {
    return LowerBlock.toolResult(block, this.#idOf(block.tool_call_id), this.#report)
  }
}

export const lower = (messages: ReadonlyArray<Message>, report: LoweringReport): Conversation => {
  const blocks = new Blocks(report, ToolIds.make(messages))
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
    const { in_place, ...options } = optionsFor(dialect, message)
    if (message.name != null && message.role !== "tool" && message.role !== "function") blocks.nameless(message.role)
    if (message.role === "system" && in_place !== true) {
      if (turns.length > 0) {
        report.degrade({
          requested: "a system prompt within the conversation",
          actual: "a system prompt before it",
          reason: "Anthropic reads the system's words first"
        })
      }
      for (const block of blocksOf(message)) addAll(system, listed(blocks.of(block, "system")))
      continue
    }
    const role = message.role === "assistant" || message.role === "system" ? message.role : "user"
    for (const block of contentOf(message)) {
      if (isModeled(block) && block.type === "tool_result") turnOf("user").results.push(blocks.result(block))
      else for (const each of listed(blocks.of(block, role))) turnOf(role).rest.push(each)
    }
    const last = turns.at(-1)
    if (last !== undefined && !isEmpty(options)) last.options = { ...last.options, ...options }
  }
  return {
    system: plainSystem(messages) ?? system,
    turns: turns.map(({ options, rest, results, role }) => ({ ...options, role, content: [...results, ...rest] }))
  }
}

const listed = (block: Fields | undefined): ReadonlyArray<Fields> => block === undefined ? [] : [block]

/** The one system prompt, where it is plain text. */
const plainSystem = (messages: ReadonlyArray<Message>): string | undefined => {
  const prompts = messages.filter((message) =>
    message.role === "system" && optionsFor(dialect, message)["in_place"] !== true
  )
  const [first] = prompts
  return prompts.length === 1 && Predicate.isString(first?.content) ? first.content : undefined
}
