/** The message a stream of chat completion chunks adds up to, by the rules of OpenAI's chunks. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { field } from "../../../events/types/JsonAccess.ts"
import * as SseJson from "../sse/SseJson.ts"
import { blocksField } from "./ThinkingBlocks.ts"
import * as ThoughtPieces from "./ThoughtPieces.ts"
import * as ToolCallPieces from "./ToolCallPieces.ts"
import type { Fields } from "./ToolCallPieces.ts"
import { isFields } from "./ToolCallPieces.ts"

type Value = Schema.Json

export interface Streamed {
  readonly message: Schema.JsonObject
  readonly finish_reason: string | null
}

/** Texts that come whole, and may come again with each chunk. */
const whole = new Set(["id", "name", "role", "type", "thought_signature"])

/** What a vendor wrote there before that is no list is lost. */
const entriesOf = (accumulated: Value | undefined): Array<Fields> =>
  Array.isArray(accumulated) ? accumulated as Array<Fields> : []

/** Adds chunks to what came before, in place; what stands in its lists is found by what numbers it. */
class Accumulation {
  readonly #parts = new Map<Array<Fields>, Map<Value, Fields>>()
  readonly #calls = new Map<Array<Fields>, ToolCallPieces.CallPlaces>()
  readonly #thoughts = new Map<Array<Fields>, ThoughtPieces.Repetitions>()

  readonly addFields = (accumulated: Fields, delta: Schema.JsonObject): Fields => {
    for (const name of Object.keys(delta)) {
      const value = delta[name]!
      // Each object has the one that all objects share there: what is added to that, all would have.
      if (value === null || name === "__proto__") continue
      if (name === "tool_calls" && Array.isArray(value)) {
        accumulated[name] = this.#addCalls(entriesOf(accumulated[name]), value)
      } else if (name === blocksField && Array.isArray(value)) {
        accumulated[name] = this.#addThoughts(entriesOf(accumulated[name]), value)
      } else if (name === "function_call" && isFields(value)) {
        accumulated[name] = ToolCallPieces.addFunction(isFields(accumulated[name]) ? accumulated[name] : {}, value)
      } else {
        accumulated[name] = Array.isArray(value) && accumulated[name] === undefined && value.every(isFields)
          ? this.#addParts([], value)
          : this.#add(name, accumulated[name], value)
      }
    }
    return accumulated
  }

  #add(name: string, accumulated: Value | undefined, delta: Value): Value {
    if (accumulated === undefined || accumulated === null) {
      if (isFields(delta)) return this.addFields({}, delta)
      return Array.isArray(delta) ? structuredClone(delta) : delta
    }
    if (Predicate.isString(accumulated) && Predicate.isString(delta)) {
      return whole.has(name) ? (delta === "" ? accumulated : delta) : accumulated + delta
    }
    if (Array.isArray(accumulated) && Array.isArray(delta)) {
      if (delta.every(isFields)) return this.#addParts(accumulated as Array<Fields>, delta)
      addAll(accumulated, delta)
      return accumulated
    }
    return isFields(accumulated) && isFields(delta) ? this.addFields(accumulated, delta) : delta
  }

  #addCalls(entries: Array<Fields>, parts: ReadonlyArray<Value>): Array<Fields> {
    const places = this.#calls.get(entries) ?? new ToolCallPieces.CallPlaces()
    this.#calls.set(entries, places)
    return ToolCallPieces.add(entries, parts, { addFields: this.addFields, places })
  }

  #addThoughts(entries: Array<Fields>, pieces: ReadonlyArray<Value>): Array<Fields> {
    const repetitions = this.#thoughts.get(entries) ?? new ThoughtPieces.Repetitions()
    this.#thoughts.set(entries, repetitions)
    return ThoughtPieces.add(entries, pieces, repetitions)
  }

  /** Parts of any other list: by their index, each without one for itself. */
  #addParts(entries: Array<Fields>, parts: ReadonlyArray<Fields>): Array<Fields> {
    const numbered = this.#parts.get(entries) ?? numberedIn(entries)
    this.#parts.set(entries, numbered)
    for (const part of parts) {
      const index = part["index"]
      const entry = index === undefined ? undefined : numbered.get(index)
      if (entry !== undefined) {
        this.addFields(entry, part)
        continue
      }
      const begun = { ...part }
      entries.push(begun)
      if (index !== undefined) numbered.set(index, begun)
    }
    return entries
  }
}

/** By their index; the first of those that share one. */
const numberedIn = (entries: ReadonlyArray<Value>): Map<Value, Fields> => {
  const numbered = new Map<Value, Fields>()
  for (const entry of entries) {
    const index = isFields(entry) ? entry["index"] : undefined
    if (isFields(entry) && index !== undefined && !numbered.has(index)) numbered.set(index, entry)
  }
  return numbered
}

/** What a message holds is not numbered: only its pieces were. */
const withoutIndex = (message: Fields): Schema.JsonObject => {
  const calls = message["tool_calls"]
  if (!Array.isArray(calls)) return message
  const tool_calls = calls.map((call) => {
    if (!isFields(call)) return call
    const { index: _, ...rest } = call
    return rest
  })
  return { ...message, tool_calls }
}

/** The first choice of a stream, as its chunks come. */
export class StreamedMessage {
  readonly #message: Fields = { role: "assistant", content: null }
  readonly #accumulation = new Accumulation()
  #finishReason: string | null = null
  #chunks = 0

  /** Takes a frame's value: what is no chunk is left out. */
  add(chunk: Value): void {
    const choices = field(chunk, "choices")
    if (!Array.isArray(choices)) return
    this.#chunks++
    const choice = choices.find((each: unknown) => isFields(each) && (each["index"] ?? 0) === 0) as Fields | undefined
    if (choice === undefined) return
    const { delta, finish_reason: reason } = choice
    if (isFields(delta)) this.#accumulation.addFields(this.#message, delta)
    if (Predicate.isString(reason)) this.#finishReason = reason
  }

  get message(): Schema.JsonObject {
    return withoutIndex(this.#message)
  }

  /** What it is so far; undefined before the first chunk. */
  get whole(): Streamed | undefined {
    return this.#chunks === 0
      ? undefined
      : { message: withoutIndex(this.#message), finish_reason: this.#finishReason }
  }
}

/** The first choice of a stream, whole; undefined where the text holds no chunk. */
export const assemble = (text: string): Streamed | undefined => {
  const streamed = new StreamedMessage()
  for (const chunk of SseJson.valuesOf(text)) streamed.add(chunk)
  return streamed.whole
}
