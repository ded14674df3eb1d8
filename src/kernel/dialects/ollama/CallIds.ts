/** Ids of tool calls, which older servers leave out: made of what is there, so that a verification makes the same. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { sha256 } from "../../../events/types/Traffic.ts"

/** `place`: what tells the call from others; `number`: among the calls of its message. */
export const make = (place: string, number: number): string => `ollama_call_${sha256(place).slice(0, 16)}_${number}`

/** The id a call has, or one of its own. */
export const of = (call: Schema.JsonObject, place: string, number: number): string => {
  const { id } = call
  return Predicate.isString(id) && id !== "" ? id : make(`${place} ${JSON.stringify(call)}`, number)
}
