/** The steps of a streamed interaction as they come, in either form: each a block or several, which begin, grow and end. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, listOf, objectsIn, parse } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import { GrowingLists } from "../GrowingLists.ts"
import type { Origin } from "./RaiseStep.ts"
import * as RaiseStep from "./RaiseStep.ts"
import type { Fields } from "./Steps.ts"
import { contentsOf, isSpoken } from "./Steps.ts"

interface Growing {
  readonly index: number
  readonly kind: "text" | "thinking" | "tool_call"
  /** Of a call: its arguments as JSON text, as far as they came. */
  text: string
}

interface Streamed {
  /** As it adds up. */
  step: Fields
  /** Contents of it that are whole. */
  readonly contents: Array<Fields>
  /** The text that grows. */
  open: Fields | undefined
  growing: Growing | undefined
  /** Blocks of it that have ended. */
  ended: number
}

const begun = (step: Fields): Streamed => ({
  step,
  contents: [],
  open: undefined,
  growing: undefined,
  ended: 0
})

const isText = (content: unknown): content is Fields & { readonly text: string } =>
  isFields(content) && content["type"] === "text" && Predicate.isString(content["text"])

export class StreamedSteps {
  readonly blocks: Array<ContentBlock> = []
  readonly #origin: Origin
  readonly #steps = new Map<number, Streamed>()
  readonly #grown = new GrowingLists()
  #next = 0

  constructor(origin: Origin) {
    this.#origin = origin
  }

  start(index: number, given: Fields): ReadonlyArray<StreamPart> {
    // A content of the earlier form: what is said is a step.
    const step = isSpoken(given) ? { type: "model_output", content: [given] } : given
    const { content, ...rest } = step
    const streamed = begun(step["type"] === "model_output" ? rest : step)
    this.#steps.set(index, streamed)
    if (step["type"] === "model_output") return contentsOf(content).flatMap((each) => this.#content(streamed, each))
    if (step["type"] === "function_call" && Predicate.isString(step["name"])) return this.#begin(streamed, "tool_call")
    const words = step["type"] === "thought" ? objectsIn(step["summary"]).filter(isText) : []
    return words.flatMap(({ text }) => this.#grow(streamed, "thinking", text))
  }

  #begin(streamed: Streamed, kind: Growing["kind"]): ReadonlyArray<StreamPart> {
    const { id, name } = streamed.step
    const index = this.#next++
    streamed.growing = { index, kind, text: "" }
    const call = kind === "tool_call" ? { id: asText(id), name: asText(name) } : {}
    return [{ type: "block_start", index, block: kind, ...call }]
  }

  #grow(streamed: Streamed, kind: Growing["kind"], text: string): ReadonlyArray<StreamPart> {
    if (text === "") return []
    const start = streamed.growing === undefined ? this.#begin(streamed, kind) : []
    const { index } = streamed.growing!
    return [...start, { type: "block_delta", index, text }]
  }

  /** More of what is said: texts in a row are one. */
  #content(streamed: Streamed, content: Fields): ReadonlyArray<StreamPart> {
    const { open } = streamed
    if (!isText(content)) {
      const closing = this.#closeText(streamed)
      streamed.contents.push(content)
      return [...closing, ...this.#whole(streamed, content)]
    }
    streamed.open = isText(open) ? { ...open, ...content, text: open.text + content.text } : content
    return this.#grow(streamed, "text", content.text)
  }

  /** What the step says besides stands with the first of its blocks. */
  #more(streamed: Streamed): Fields {
    const { type: _, ...rest } = streamed.step
    return streamed.ended > 0 || Object.keys(rest).length === 0 ? {} : { step: rest }
  }

  #closeText(streamed: Streamed): ReadonlyArray<StreamPart> {
    const { open } = streamed
    if (open === undefined) return []
    streamed.open = undefined
    streamed.contents.push(open)
    return this.#end(streamed, RaiseStep.raiseContent(open, this.#origin, this.#more(streamed)))
  }

  #end(streamed: Streamed, block: ContentBlock): ReadonlyArray<StreamPart> {
    const start: Array<StreamPart> = []
    const index = streamed.growing?.index ?? this.#next++
    if (streamed.growing === undefined) start.push({ type: "block_start", index, block: block.type })
    streamed.growing = undefined
    streamed.ended++
    this.blocks[index] = block
    return [...start, { type: "block_end", index, block }]
  }

  #whole(streamed: Streamed, content: Fields): ReadonlyArray<StreamPart> {
    return this.#end(streamed, RaiseStep.raiseContent(content, this.#origin, this.#more(streamed)))
  }

  add(index: number, delta: Fields): ReadonlyArray<StreamPart> {
    const streamed = this.#steps.get(index)
    if (streamed === undefined) return []
    const { type, ...fields } = delta
    switch (type) {
      case "text_annotation": {
        const before = listOf(streamed.open?.["annotations"])
        streamed.open = {
          type: "text",
          text: "",
          ...streamed.open,
          annotations: this.#grown.behind(before, listOf(fields["annotations"]))
        }
        return []
      }
      case "thought_summary": {
        const { content } = fields
        streamed.step = { ...streamed.step, summary: this.#summed(listOf(streamed.step["summary"]), content) }
        return isText(content) ? this.#grow(streamed, "thinking", content.text) : []
      }
      case "thought_signature":
        streamed.step = { ...streamed.step, ...fields }
        return []
      case "arguments_delta": {
        const text = Predicate.isString(fields["arguments"]) ? fields["arguments"] : ""
        if (streamed.growing !== undefined) streamed.growing.text += text
        return this.#grow(streamed, "tool_call", text)
      }
      default:
        return isSpoken(delta) && streamed.step["type"] === "model_output"
          ? this.#content(streamed, delta)
          : this.#merge(streamed, fields)
    }
  }

  /** What a call or a result of the earlier form says, all at once. */
  #merge(streamed: Streamed, fields: Fields): ReadonlyArray<StreamPart> {
    streamed.step = { ...streamed.step, ...fields }
    const isCall = streamed.step["type"] === "function_call" && Predicate.isString(streamed.step["name"])
    if (!isCall) return []
    const start = streamed.growing === undefined ? this.#begin(streamed, "tool_call") : []
    const input = fields["arguments"]
    return isFields(input) ? [...start, ...this.#grow(streamed, "tool_call", JSON.stringify(input))] : start
  }

  stop(index: number): ReadonlyArray<StreamPart> {
    const streamed = this.#steps.get(index)
    if (streamed === undefined) return []
    this.#steps.delete(index)
    if (streamed.step["type"] === "model_output") {
      const closing = this.#closeText(streamed)
      if (streamed.ended > 0) return closing
      const [block] = RaiseStep.raise(streamed.step, this.#origin)
      return block === undefined ? closing : this.#end(streamed, block)
    }
    const text = streamed.growing?.text ?? ""
    const written = text === "" ? undefined : parse(text)
    const step = isFields(written) ? { ...streamed.step, arguments: written } : streamed.step
    return RaiseStep.raise(step, this.#origin).flatMap((block) => this.#end(streamed, block))
  }

  /** Of a stream that has ended: what never did. */
  finish(): ReadonlyArray<StreamPart> {
    return [...this.#steps.keys()].flatMap((index) => this.stop(index))
  }

  /** Texts of a summary in a row are one. */
  #summed(before: ReadonlyArray<Schema.Json>, content: unknown): ReadonlyArray<Schema.Json> {
    if (!isFields(content)) return before
    const summary = this.#grown.own(before)
    const last = summary.at(-1)
    if (isText(last) && isText(content)) summary[summary.length - 1] = { ...last, text: last.text + content.text }
    else summary.push(content)
    return summary
  }
}
