/** Puts tool calls together that come in pieces, in all the ways vendors cut them. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, parse } from "../../../events/types/JsonAccess.ts"

type Value = Schema.Json
/** What is put together piece by piece. */
export type Fields = Record<string, Value>
type AddFields = (accumulated: Fields, delta: Schema.JsonObject) => Fields

export const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

const textOf = (value: unknown): string => Predicate.isString(value) ? value : ""

/** Of a function, or of a custom tool. */
const nameOf = (call: Fields): string => textOf(field(call["function"] ?? call["custom"], "name"))
const argumentsOf = (call: Fields): string =>
  textOf(field(call["function"], "arguments")) || textOf(field(call["custom"], "input"))

const indexOf = (part: Fields): Value | undefined => part["index"] ?? undefined

/** A name and whole arguments behind whole arguments: another call, of a vendor that numbers them all the same. */
const beginsAnew = (entry: Fields, part: Fields): boolean =>
  nameOf(part) !== "" && argumentsOf(part) !== "" && Predicate.isObject(parse(argumentsOf(entry)))

/** Without an index and an id: what has no name goes on with the call before it. */
const continues = (entry: Fields, part: Fields): boolean => {
  const name = nameOf(part)
  return name === "" || (name === nameOf(entry) && !beginsAnew(entry, part))
}

/** Where the calls of a list stand, the last of each id and each index: many calls take linear time. */
export class CallPlaces {
  readonly #byId = new Map<string, number>()
  readonly #byIndex = new Map<Value, number>()
  /** Calls that are counted in. */
  #count = 0

  /** The last call of an id; calls that came since are counted in first. */
  ofId(entries: ReadonlyArray<Fields>, id: string): number | undefined {
    this.#countIn(entries)
    return this.#byId.get(id)
  }

  ofIndex(entries: ReadonlyArray<Fields>, index: Value): number | undefined {
    this.#countIn(entries)
    return this.#byIndex.get(index)
  }

  /** A call has learned its id, or may have. */
  learned(entry: Fields, at: number): void {
    const [id, index] = [textOf(entry["id"]), indexOf(entry)]
    if (id !== "" && at >= (this.#byId.get(id) ?? 0)) this.#byId.set(id, at)
    if (index !== undefined && at >= (this.#byIndex.get(index) ?? 0)) this.#byIndex.set(index, at)
  }

  #countIn(entries: ReadonlyArray<Fields>): void {
    for (; this.#count < entries.length; this.#count++) this.learned(entries[this.#count]!, this.#count)
  }
}

/** Where the call stands that a piece belongs to; undefined where it begins one. */
const placeOf = (entries: ReadonlyArray<Fields>, part: Fields, places: CallPlaces): number | undefined => {
  const [id, index] = [textOf(part["id"]), indexOf(part)]
  if (index === undefined) {
    if (id !== "") return places.ofId(entries, id)
    const last = entries.at(-1)
    return last !== undefined && continues(last, part) ? entries.length - 1 : undefined
  }
  const at = places.ofIndex(entries, index)
  const entry = at === undefined ? undefined : entries[at]
  if (entry === undefined) return undefined
  const entryId = textOf(entry["id"])
  if (id !== "" && entryId !== "") return id === entryId ? at : undefined
  return id === "" && beginsAnew(entry, part) ? undefined : at
}

/** A name in pieces is added up; one that comes again, or longer, is whole. */
const addName = (accumulated: string, piece: string, repeated: boolean): string =>
  piece === "" ? accumulated : repeated || piece.startsWith(accumulated) ? piece : accumulated + piece

/** A function's name and arguments; `repeated`: the piece names its call, as a whole one does. */
export const addFunction = (accumulated: Fields, piece: Schema.JsonObject, repeated = false): Fields => {
  for (const [name, value] of Object.entries(piece)) {
    if (value === null) continue
    const before = accumulated[name]
    if (!Predicate.isString(value) || !Predicate.isString(before)) accumulated[name] = structuredClone(value) as Value
    else accumulated[name] = name === "name" ? addName(before, value, repeated) : before + value
  }
  return accumulated
}

const functions: ReadonlySet<string> = new Set(["function", "custom"])

/** Adds the pieces of one chunk to the calls so far. */
export const add = (
  entries: Array<Fields>,
  parts: ReadonlyArray<Value>,
  { addFields, places }: { readonly addFields: AddFields; readonly places: CallPlaces }
): Array<Fields> => {
  for (const part of parts) {
    if (!isFields(part)) continue
    const at = placeOf(entries, part, places)
    const entry = at === undefined ? undefined : entries[at]
    if (at === undefined || entry === undefined) {
      entries.push(structuredClone(part))
      continue
    }
    const repeated = textOf(part["id"]) !== "" && part["id"] === entry["id"]
    const rest: Fields = {}
    for (const [name, value] of Object.entries(part)) {
      if (functions.has(name) && isFields(value)) {
        entry[name] = addFunction(isFields(entry[name]) ? entry[name] : {}, value, repeated)
      } else {
        rest[name] = value
      }
    }
    addFields(entry, rest)
    places.learned(entry, at)
  }
  return entries
}
