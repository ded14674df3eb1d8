/** The answer that a stream's lines add up to. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import { GrowingLists } from "../GrowingLists.ts"

type Growing = Record<string, Schema.Json>

/** Words that come in pieces. */
const words: ReadonlySet<string> = new Set(["content", "thinking"])
/** Lists that each line has its own piece of. */
const lists: ReadonlySet<string> = new Set(["tool_calls", "images", "logprobs"])

const add = (whole: Growing, more: Schema.JsonObject, grown: GrowingLists): void => {
  for (const [name, value] of Object.entries(more)) {
    const before = whole[name]
    if (value === null && before !== undefined) continue
    if (words.has(name) && Predicate.isString(before) && Predicate.isString(value)) whole[name] = before + value
    else if (lists.has(name) && Array.isArray(before) && Array.isArray(value)) {
      whole[name] = grown.behind(listOf(before), listOf(value))
    } else whole[name] = value
  }
}

export class StreamedAnswer {
  readonly #head: Growing = {}
  readonly #message: Growing = {}
  readonly #grown = new GrowingLists()
  #lines = 0

  /** Takes the value of a line. */
  add({ message, ...head }: Schema.JsonObject): void {
    this.#lines++
    add(this.#head, head, this.#grown)
    if (isFields(message)) add(this.#message, message, this.#grown)
  }

  /** What it is so far; undefined before the first line. */
  get whole(): Schema.JsonObject | undefined {
    return this.#lines === 0 ? undefined : { ...this.#head, message: { ...this.#message } }
  }
}
