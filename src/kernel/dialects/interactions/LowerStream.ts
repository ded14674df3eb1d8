/** A canonical answer as the events of an interaction, part by part. */
import { Struct } from "effect"
import { listOf, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer } from "../Dialect.ts"
import { toClient } from "../gemini/LowerResponse.ts"
import * as Errors from "./Errors.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStep from "./LowerStep.ts"
import type { Fields } from "./Steps.ts"
import * as Steps from "./Steps.ts"

/** The names of events, in each form. */
const names = {
  steps: {
    created: "interaction.created",
    start: "step.start",
    delta: "step.delta",
    stop: "step.stop",
    completed: "interaction.completed"
  },
  outputs: {
    created: "interaction.start",
    start: "content.start",
    delta: "content.delta",
    stop: "content.stop",
    completed: "interaction.complete"
  }
} as const

interface Open {
  readonly place: number
  readonly kind: string
  /** Whether some of it is out. */
  grown: boolean
}

const growing: ReadonlySet<string> = new Set(["text", "thinking", "tool_call"])

/** Numbers what is written, and says when each step begins, grows and ends. */
class Writer {
  readonly #form: LowerResponse.Form
  readonly #open = new Map<number, Open>()
  #places = 0

  constructor(form: LowerResponse.Form) {
    this.#form = form
  }

  #event(name: "start" | "delta" | "stop", index: number, fields: Fields): Fields {
    return { event_type: names[this.#form][name], index, ...fields }
  }

  #started(place: number, step: Fields): Fields {
    if (this.#form === "steps") return this.#event("start", place, { step })
    const content = step["type"] === "model_output" ? { type: "text", text: "" } : step
    return this.#event("start", place, { content })
  }

  /** Text begins with its first letter: only the end of an empty block says what it is. */
  start({ block, id = "", index, name = "" }: Extract<StreamPart, { readonly type: "block_start" }>) {
    if (!growing.has(block)) return []
    const open = { place: -1, kind: block, grown: false }
    this.#open.set(index, open)
    if (block !== "tool_call" || this.#form === "outputs") return []
    return this.#begin(index, open, { type: "function_call", id, name, arguments: {} })
  }

  #begin(index: number, open: Open, step: Fields): ReadonlyArray<Fields> {
    const place = this.#places++
    this.#open.set(index, { ...open, place })
    return [this.#started(place, step)]
  }

  grow(index: number, text: string): ReadonlyArray<Fields> {
    const open = this.#open.get(index)
    // Of the earlier form, calls come whole.
    if (open === undefined || text === "" || (open.kind === "tool_call" && this.#form === "outputs")) return []
    const isText = open.kind === "text"
    const begun = open.place < 0 ? this.#begin(index, open, { type: isText ? "model_output" : "thought" }) : []
    const now = this.#open.get(index)!
    now.grown = true
    const delta = isText
      ? { type: "text", text }
      : open.kind === "thinking"
      ? { type: "thought_summary", content: { type: "text", text } }
      : { type: "arguments_delta", arguments: text }
    return [...begun, this.#event("delta", now.place, { delta })]
  }

  /** A step that comes whole. */
  #whole(step: Fields): ReadonlyArray<Fields> {
    const place = this.#places++
    const stop = this.#event("stop", place, {})
    if (this.#form === "steps") return [this.#event("start", place, { step }), stop]
    return Steps.outputsOf([step]).flatMap((content, at) => {
      const number = at === 0 ? place : this.#places++
      return [this.#event("start", number, { content }), this.#event("stop", number, {})]
    })
  }

  /** What stands behind a text that is out: annotations, a signature, the rest of a call. */
  #behind(place: number, kind: string, step: Fields): ReadonlyArray<Fields> {
    const content = objectsIn(step["content"])[0] ?? {}
    switch (kind) {
      case "text": {
        const more = Struct.omit(content, ["type", "text", "annotations"]) as Fields
        const annotations = listOf(content["annotations"])
        return [
          ...(Object.keys(more).length === 0 ? [] : [{ type: "text", text: "", ...more }]),
          ...(annotations.length === 0 ? [] : [{ type: "text_annotation", annotations }])
        ].map((delta) => this.#event("delta", place, { delta }))
      }
      case "thinking": {
        const more = Struct.omit(step, ["type", "summary"]) as Fields
        const isMore = Object.keys(more).length > 0
        return isMore ? [this.#event("delta", place, { delta: { type: "thought_signature", ...more } })] : []
      }
      default: {
        const more = Struct.omit(step, ["type", "id", "name", "arguments"]) as Fields
        const isMore = Object.keys(more).length > 0
        return isMore ? [this.#event("delta", place, { delta: { type: "function_call", ...more } })] : []
      }
    }
  }

  end(index: number, block: ContentBlock): ReadonlyArray<Fields> {
    const open = this.#open.get(index)
    this.#open.delete(index)
    const [step, ...others] = LowerStep.lower([block], "model_output", toClient)
    if (step === undefined) return []
    const isCall = open?.kind === "tool_call" && open.place >= 0
    if (open === undefined || (!open.grown && !isCall)) return [step, ...others].flatMap((each) => this.#whole(each))
    return [...this.#behind(open.place, open.kind, step), this.#event("stop", open.place, {})]
  }
}

export const make = (form: LowerResponse.Form) => (): StreamLowerer => {
  const writer = new Writer(form)
  let metadata: Fields | undefined

  const begin = (given: Fields): ReadonlyArray<Fields> => {
    if (metadata !== undefined) return []
    metadata = given
    const interaction = { ...LowerResponse.head(given), object: "interaction", status: "in_progress" }
    return [{ event_type: names[form].created, interaction }]
  }

  const eventsOf = (part: StreamPart): ReadonlyArray<Fields> => {
    switch (part.type) {
      case "response_start":
        return begin(part.metadata)
      case "error":
        return [Errors.event(Errors.ofStream(part.error, part.failure))]
      case "block_start":
        return [...begin({}), ...writer.start(part)]
      case "block_delta":
        return [...begin({}), ...writer.grow(part.index, part.text)]
      case "block_end":
        return [...begin({}), ...writer.end(part.index, part.block)]
      case "response": {
        const { response } = part
        const whole = { ...response, metadata: { ...response.metadata, ...metadata } }
        return [
          ...begin(response.metadata ?? {}),
          { event_type: names[form].completed, interaction: LowerResponse.around(whole) }
        ]
      }
    }
  }
  return { add: (part) => eventsOf(part).map(Errors.frameOf) }
}
