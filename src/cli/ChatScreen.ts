/** A turn as a person reads it: thoughts and tools beside the answer, and nothing of it a command to the terminal. */
import type { PendingApproval, Turn, TurnStreamEvent } from "../apis/turns/TurnsModels.ts"
import { isModeled } from "../kernel/messages/ContentBlock.ts"
import type { Message } from "../kernel/messages/Message.ts"
import { blocksOf } from "../kernel/messages/Message.ts"
import * as PlainText from "./PlainText.ts"

export interface Style {
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
  readonly red: (text: string) => string
}

const plain = (text: string): string => text

export const unstyled: Style = { dim: plain, bold: plain, red: plain }

const sgr = (on: number, off: number) => (text: string): string =>
  text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`

export const styled: Style = { dim: sgr(2, 22), bold: sgr(1, 22), red: sgr(31, 39) }

const words = (value: unknown): string =>
  PlainText.inOneLine(typeof value === "string" ? value : JSON.stringify(value) ?? "")

/** `weather({"city":"Oslo"})` */
export const callText = (name: string, input: unknown): string => `${PlainText.inOneLine(name, 80)}(${words(input)})`

export const approvalText = ({ arguments: input, prompt, tool_name }: PendingApproval): string =>
  `${prompt === null ? "" : `${PlainText.inOneLine(prompt)} `}Call ${
    callText(tool_name, input)
  }? [y]es, [n]o, [a]lways `

/** Why a turn did not end as it should; undefined: it did. */
export const problemOf = ({ error, reason, required_action, status }: Turn): string | undefined => {
  switch (status) {
    case "completed":
    case "requires_approval":
      return undefined
    case "error":
      return `The model failed: ${PlainText.inOneLine(error?.message ?? reason ?? "nobody says why", 1000)}`
    case "incomplete":
      return `It is not finished: ${reason ?? "a limit"} is reached. /continue goes on.`
    case "cancelled":
      return "Cancelled."
    case "requires_action":
      return `It waits for results of ${required_action?.tool_calls.map(({ name }) => words(name)).join(", ")}, ` +
        "which this chat does not have."
    default:
      return `The turn is ${status}.`
  }
}

/** Of an answer that came whole. */
const textIn = (message: Message): string =>
  blocksOf(message).flatMap((block) => isModeled(block) && block.type === "text" ? [block.text] : []).join("")

/** Gives what is to be printed. */
export class ChatScreen {
  readonly #style: Style
  readonly #onlyText: boolean
  /** Of the blocks that are open: their types, by number of call and block. */
  readonly #blocks = new Map<string, string>()
  #atLineStart = true
  /** Of the model's calls, those whose answer has come in pieces. */
  readonly #streamed = new Set<number>()

  /** `onlyText`: nothing but what the model answers. */
  constructor(style: Style, onlyText: boolean) {
    this.#style = style
    this.#onlyText = onlyText
  }

  #text(text: string): string {
    if (text !== "") this.#atLineStart = text.endsWith("\n")
    return text
  }

  /** Begins a line where another text stands. */
  #line(text: string): string {
    const before = this.#atLineStart ? "" : "\n"
    this.#atLineStart = true
    return `${before}${text}\n`
  }

  /** Ends the line. */
  end(): string {
    const before = this.#atLineStart ? "" : "\n"
    this.#atLineStart = true
    return before
  }

  show(event: TurnStreamEvent): string {
    const { dim, red } = this.#style
    switch (event.type) {
      case "content_block.start":
        this.#blocks.set(`${event.iteration} ${event.index}`, event.block)
        return ""
      case "content_block.delta":
        if (this.#blocks.get(`${event.iteration} ${event.index}`) === "text") this.#streamed.add(event.iteration)
        return this.#delta(this.#blocks.get(`${event.iteration} ${event.index}`) ?? "", event.text)
      case "content_block.end":
        return this.#blocks.get(`${event.iteration} ${event.index}`) === "text" && this.#onlyText ? "" : this.end()
      case "message.completed":
        return this.#streamed.has(event.iteration) ? "" : this.#text(PlainText.of(textIn(event.message)))
      default:
        if (this.#onlyText) return ""
    }
    switch (event.type) {
      case "tool.started":
        return this.#line(dim(`→ ${callText(event.call.name, event.call.arguments)}`))
      case "tool.completed": {
        const text = `← ${PlainText.inOneLine(event.tool_name, 80)}: ${words(event.output)}`
        return this.#line(event.is_error ? red(text) : dim(text))
      }
      case "approval.denied":
        return this.#line(dim(`Denied by ${PlainText.inOneLine(event.by, 80)}.`))
      case "context.compacted":
        return this.#line(dim(`${event.removed_count} older messages are left out of the context.`))
      default:
        return ""
    }
  }

  #delta(block: string, text: string): string {
    const visible = PlainText.of(text)
    if (block === "text") return this.#text(visible)
    return block === "thinking" && !this.#onlyText ? (this.#text(visible), this.#style.dim(visible)) : ""
  }
}
