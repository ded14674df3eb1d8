/** The message a stream of chat completion chunks adds up to, by the rules of OpenAI's chunks. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, parse } from "../../../events/types/JsonAccess.ts"

type Value = Schema.Json
type Fields = Record<string, Value>

export interface Streamed {
  readonly message: Schema.JsonObject
  readonly finish_reason: string | null
}

/** Texts that come whole, and may come again with each chunk. */
const whole = new Set(["id", "name", "role", "type"])

const isFields = (value: Value | undefined): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

/** A part without an index, or one that brings another id, begins a new entry. */
const entryFor = (entries: Array<Fields>, part: Fields): Fields | undefined =>
  entries.findLast((entry) => {
    const [id, known] = [part["id"], entry["id"]]
    if (Predicate.isString(id) && id !== "" && Predicate.isString(known) && known !== "" && id !== known) return false
    return part["index"] !== undefined && entry["index"] === part["index"]
  })

const addParts = (entries: Array<Fields>, parts: ReadonlyArray<Value>): Array<Fields> => {
  for (const part of parts) {
    if (!isFields(part)) continue
    const entry = entryFor(entries, part)
    if (entry === undefined) entries.push({ ...part })
    else addFields(entry, part)
  }
  return entries
}

const add = (name: string, known: Value | undefined, delta: Value): Value => {
  if (known === undefined || known === null) return isFields(delta) ? addFields({}, delta) : structuredClone(delta)
  if (Predicate.isString(known) && Predicate.isString(delta)) {
    return whole.has(name) ? (delta === "" ? known : delta) : known + delta
  }
  if (Array.isArray(known) && Array.isArray(delta)) {
    return delta.every(isFields) ? addParts(known as Array<Fields>, delta) : [...known, ...delta]
  }
  return isFields(known) && isFields(delta) ? addFields(known, delta) : delta
}

const addFields = (known: Fields, delta: Schema.JsonObject): Fields => {
  for (const [name, value] of Object.entries(delta)) {
    if (value === null) continue
    known[name] = Array.isArray(value) && known[name] === undefined && value.every(isFields)
      ? addParts([], value)
      : add(name, known[name], value)
  }
  return known
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

/** The chunks in a stream's text, in order. */
const chunksOf = (text: string): ReadonlyArray<Value> =>
  text.split(/\r?\n/).flatMap((line) => {
    const value = line.startsWith("data:") ? parse(line.slice(5)) : undefined
    return value === undefined ? [] : [value]
  })

/** The first choice of a stream, whole; undefined where the text holds no chunk. */
export const assemble = (text: string): Streamed | undefined => {
  const message: Fields = { role: "assistant", content: null }
  let finish_reason: string | null = null
  let chunks = 0
  for (const chunk of chunksOf(text)) {
    const choices = field(chunk, "choices")
    if (!Array.isArray(choices)) continue
    chunks++
    const choice: unknown = choices.find((each: unknown) => (field(each, "index") ?? 0) === 0)
    const delta = field(choice, "delta")
    if (Predicate.isObject(delta)) addFields(message, delta as Schema.JsonObject)
    const reason = field(choice, "finish_reason")
    if (Predicate.isString(reason)) finish_reason = reason
  }
  return chunks === 0 ? undefined : { message: withoutIndex(message), finish_reason }
}
