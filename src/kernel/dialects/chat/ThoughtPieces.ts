/** Thinking blocks from a stream: whole, as Strata writes them at a block's end, or in pieces, as LiteLLM does. */
import type { Schema } from "effect"
import * as JsonKey from "../JsonKey.ts"
import type { Fields } from "./ToolCallPieces.ts"
import { isFields } from "./ToolCallPieces.ts"

type Value = Schema.Json

const isEmpty = (value: Value | undefined): boolean => value === undefined || value === null || value === ""

/** Nothing but words so far: a signature, or anything else, ends a thought. */
const isOpen = (entry: Fields): boolean =>
  entry["type"] === "thinking" &&
  Object.entries(entry).every(([name, value]) => name === "type" || name === "thinking" || isEmpty(value))

/** The mark of a block that a stream has given before: at its end all of them come once more. */
const mark = "repeated"

export const repeated = (entries: ReadonlyArray<Value>): ReadonlyArray<Value> =>
  entries.map((entry) => isFields(entry) ? { ...entry, [mark]: true } : entry)

/** Finds what a list has already: each block of it is looked at once, when it has another behind it. */
export class Repetitions {
  readonly #keys = new Set<string>()
  #count = 0

  /** Whether it is such a block, and the one that it repeats stands among the first of the list. */
  has(entries: ReadonlyArray<Value>, { [mark]: isMarked, ...piece }: Fields, length = entries.length): boolean {
    if (isMarked !== true) return false
    for (; this.#count < length - 1; this.#count++) this.#keys.add(JsonKey.of(entries[this.#count]!))
    const key = JsonKey.of(piece)
    return this.#keys.has(key) || length > 0 && JsonKey.of(entries[length - 1]!) === key
  }
}

/** Each once: who adds up all that a stream gave has some of them twice. */
export const distinct = (entries: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const repetitions = new Repetitions()
  return entries.flatMap((entry, at) => {
    if (!isFields(entry) || entry[mark] !== true) return [entry]
    const { [mark]: _, ...block } = entry
    return repetitions.has(entries, entry, at) ? [] : [block]
  })
}

/** Adds the pieces of one chunk to the blocks so far. */
export const add = (
  entries: Array<Fields>,
  pieces: ReadonlyArray<Value>,
  repetitions: Repetitions
): Array<Fields> => {
  for (const piece of pieces) {
    if (!isFields(piece) || repetitions.has(entries, piece)) continue
    const last = entries.at(-1)
    if (last === undefined || !isOpen(last) || piece["type"] !== "thinking") {
      entries.push(structuredClone(piece))
      continue
    }
    const [before, more] = [last["thinking"], piece["thinking"]]
    Object.assign(last, structuredClone(piece), {
      thinking: `${isEmpty(before) ? "" : before}${isEmpty(more) ? "" : more}`
    })
  }
  return entries
}

/** How many of the blocks are whole: all but the last, and that one where it is at its end. */
export const wholeCount = (entries: ReadonlyArray<Value>): number => {
  const last = entries.at(-1)
  return isFields(last) && isOpen(last) ? entries.length - 1 : entries.length
}
