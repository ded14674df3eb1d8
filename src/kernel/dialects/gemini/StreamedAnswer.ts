/** The answer that a stream's frames add up to. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, listOf, parse } from "../../../events/types/JsonAccess.ts"
import { GrowingLists } from "../GrowingLists.ts"
import { dataOf, eventsOf } from "../sse/SseFrame.ts"
import type { Fields } from "./ProtoNames.ts"
import { plainKind, saysNothing } from "./RaisePart.ts"

type Growing = Record<string, Schema.Json>

const addPart = (parts: Array<Fields>, part: Fields): void => {
  if (saysNothing(part)) return
  const last = parts.at(-1)
  const kind = plainKind(part)
  if (kind !== undefined && kind === plainKind(last)) {
    parts[parts.length - 1] = { ...part, text: `${asText(last!["text"])}${asText(part["text"])}` }
  } else parts.push(part)
}

/** Lists that each frame has its own piece of. */
const lists: ReadonlySet<string> = new Set(["citations", "citationSources", "chosenCandidates", "topCandidates"])

/** What a later frame says of a candidate goes before what earlier ones said. */
const addFields = (whole: Growing, fields: Fields, grown: GrowingLists): void => {
  for (const [name, value] of Object.entries(fields)) {
    const before = whole[name]
    if (value === null && before !== undefined) continue
    if (isFields(before) && isFields(value)) {
      const merged: Growing = { ...before }
      for (const [key, each] of Object.entries(value)) {
        const list = merged[key]
        merged[key] = lists.has(key) && Array.isArray(list) && Array.isArray(each)
          ? name === "logprobsResult" ? grown.behind(list, each) : grown.distinct(list, each)
          : each
      }
      whole[name] = merged
    } else whole[name] = value
  }
}

interface Candidate {
  readonly fields: Growing
  readonly content: Growing
  readonly parts: Array<Fields>
}

export class StreamedAnswer {
  readonly #head: Growing = {}
  readonly #candidates = new Map<number, Candidate>()
  readonly #grown = new GrowingLists()
  #frames = 0

  /** Takes the value of a frame. */
  add(value: Fields): void {
    this.#frames++
    const { candidates, ...head } = value
    addFields(this.#head, head, this.#grown)
    listOf(candidates).filter(isFields).forEach((each, at) => this.#addCandidate(each, at))
  }

  #addCandidate(given: Fields, at: number): void {
    const { content, ...fields } = given
    const number = Predicate.isNumber(given["index"]) ? given["index"] : at
    const candidate = this.#candidates.get(number) ?? { fields: {}, content: {}, parts: [] }
    this.#candidates.set(number, candidate)
    addFields(candidate.fields, fields, this.#grown)
    if (!isFields(content)) return
    const { parts, ...rest } = content
    addFields(candidate.content, rest, this.#grown)
    for (const part of listOf(parts)) if (isFields(part)) addPart(candidate.parts, part)
  }

  /** What it is so far; undefined before the first frame. */
  get whole(): Fields | undefined {
    if (this.#frames === 0) return undefined
    const candidates = [...this.#candidates].sort(([one], [other]) => one - other).map(([, candidate]) => {
      const { content, fields, parts } = candidate
      const turn = { ...content, ...(parts.length === 0 ? {} : { parts }) }
      return { ...fields, ...(Object.keys(turn).length === 0 ? {} : { content: turn }) }
    })
    return { ...this.#head, ...(candidates.length === 0 ? {} : { candidates }) }
  }
}

/** The value of a frame; Google writes an error in mid-stream as JSON without `data:`, in a list or not. */
export const valueOf = (frame: string): Schema.Json | undefined => {
  const data = dataOf(frame)
  if (data !== undefined) return parse(data)
  return /^\s*[{[]/.test(frame) ? parse(frame) : undefined
}

/** The values of a stream's text. */
export const valuesOf = (text: string): ReadonlyArray<Schema.Json> => {
  const values = eventsOf(text).flatMap(({ data }) => parse(data) ?? [])
  const bare = /(?:^|\n)([{[][^]*)$/.exec(text)?.[1]
  const last = bare === undefined ? undefined : parse(bare.trim())
  return last === undefined ? values : [...values, last]
}

/** The answer of a stream's text; undefined where it holds none. */
export const assemble = (text: string): Fields | undefined => {
  const streamed = new StreamedAnswer()
  for (const value of valuesOf(text)) if (isFields(value) && value["error"] === undefined) streamed.add(value)
  return streamed.whole
}
