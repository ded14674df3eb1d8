/** The chat completion that a stream's chunks add up to, all of its choices. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import { StreamedMessage } from "../../kernel/dialects/chat/StreamedMessage.ts"
import * as SseJson from "../../kernel/dialects/sse/SseJson.ts"

const isObject = (value: unknown): value is Schema.JsonObject => Predicate.isObject(value) && !Array.isArray(value)

class Choice {
  readonly #message = new StreamedMessage()
  #logprobs: ReadonlyArray<Schema.Json> | undefined

  add(choice: Schema.JsonObject): void {
    this.#message.add({ choices: [{ ...choice, index: 0 }] })
    const content = field(choice["logprobs"], "content")
    if (Array.isArray(content)) this.#logprobs = [...this.#logprobs ?? [], ...content]
  }

  whole(index: number): Schema.JsonObject {
    const { finish_reason, message } = this.#message.whole!
    const logprobs = this.#logprobs === undefined ? null : { content: this.#logprobs }
    return { index, message: { refusal: null, ...message }, logprobs, finish_reason }
  }
}

/** What each chunk says of the whole; the last that says it has it. */
const scalars = ["id", "created", "model", "system_fingerprint", "service_tier", "usage"] as const

/** Undefined: it is no answer, or says that it failed. */
export const of = (text: string): Schema.JsonObject | undefined => {
  const choices = new Map<number, Choice>()
  const whole: Record<string, Schema.Json> = {}
  for (const chunk of SseJson.valuesOf(text)) {
    if (!isObject(chunk)) continue
    if (isObject(chunk["error"])) return undefined
    for (const name of scalars) if (chunk[name] != null) whole[name] = chunk[name]
    for (const choice of Array.isArray(chunk["choices"]) ? chunk["choices"] as ReadonlyArray<Schema.Json> : []) {
      if (!isObject(choice)) continue
      const index = typeof choice["index"] === "number" ? choice["index"] : 0
      let of = choices.get(index)
      if (of === undefined) choices.set(index, of = new Choice())
      of.add(choice)
    }
  }
  if (choices.size === 0) return undefined
  const ordered = [...choices].toSorted(([left], [right]) => left - right)
  return {
    object: "chat.completion",
    ...whole,
    choices: ordered.map(([index, choice]) => choice.whole(index))
  }
}
