/**
 * The frames of events that a stream numbers as they are written. What several have in common, the place of a text and a response
 * that has just begun, is written once.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText } from "../../../events/types/JsonAccess.ts"

type Event = Schema.JsonObject

const words = "response.output_text.delta"
const beforeNumber = `event: ${words}\ndata: {"type":"${words}","sequence_number":`
const beforeWords = `"delta":`
const behindWords = `,"logprobs":[]}\n\n`

const isOf = (event: Event, count: number): boolean => {
  let fields = 0
  for (const _ in event) if (++fields > count) return false
  return fields === count
}

/** Where a text grows, and what stands between the number of an event and its words. */
interface Place {
  readonly item_id: string
  readonly output_index: number
  readonly content_index: number
  readonly text: string
}

export class NumberedEvents {
  /**
   * Of the last frame: what it says that none before it did. Words of a text as they stand in it, where the first of their
   * place was whole; of a response that was written before, all but that.
   */
  news = ""
  #place: Place | undefined
  /** The last one written, while nothing else was. */
  #response: { readonly value: Schema.Json; readonly text: string } | undefined

  /** An event that is not numbered yet; its type stands before all else. */
  frameOf(event: Event, sequence_number: number): string {
    const type = asText(event["type"])
    const ofWords = type === words ? this.#wordsOf(event, sequence_number) : undefined
    if (ofWords !== undefined) {
      this.#response = undefined
      return ofWords
    }
    const head = `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence_number}`
    const before = this.#response
    const fields = this.#fieldsOf(event, type)
    const frame = `${head}${fields}\n\n`
    this.news = this.#response !== undefined && this.#response === before ? `${head}}\n\n` : frame
    return frame
  }

  /** All behind its number. */
  #fieldsOf(event: Event, type: string): string {
    const { response } = event
    if (response === undefined || !isOf(event, 2)) {
      this.#response = undefined
      return JSON.stringify(event).slice(`{"type":"${type}"`.length)
    }
    if (this.#response?.value !== response) this.#response = { value: response, text: JSON.stringify(response) }
    return `,"response":${this.#response.text}}`
  }

  /** Most events are words of a text, which have these fields in this order: nothing else of them is written as JSON. */
  #wordsOf(event: Event, sequence_number: number): string | undefined {
    const { content_index, delta, item_id, logprobs, output_index } = event
    const isPlain = Predicate.isString(delta) && Array.isArray(logprobs) && logprobs.length === 0 && isOf(event, 6)
    const isPlaced = Predicate.isString(item_id) && Predicate.isNumber(output_index) &&
      Predicate.isNumber(content_index)
    if (!isPlain || !isPlaced) return undefined
    const before = this.#place?.text
    const text = this.#placed(item_id, output_index, content_index)
    const written = JSON.stringify(delta)
    const frame = beforeNumber + sequence_number + text + written + behindWords
    this.news = text === before ? `${beforeWords}${written}\n` : frame
    return frame
  }

  #placed(item_id: string, output_index: number, content_index: number): string {
    const before = this.#place
    if (
      before?.item_id === item_id && before.output_index === output_index && before.content_index === content_index
    ) {
      return before.text
    }
    const id = JSON.stringify(item_id)
    const text = `,"item_id":${id},"output_index":${output_index},"content_index":${content_index},${beforeWords}`
    this.#place = { item_id, output_index, content_index, text }
    return text
  }
}
