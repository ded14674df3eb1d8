/**
 * A conversation as steps, the form that Interactions have now. The earlier one, turns and outputs, is a flat list of
 * contents: what is said in a row is one step, and anything else is a step of its own.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"

export type Fields = Schema.JsonObject

const spoken: ReadonlySet<unknown> = new Set(["text", "image", "audio", "document", "video"])

/** True for a content that is said; what is none is a step by itself. */
export const isSpoken = ({ type }: Fields): boolean => spoken.has(type)

type Speaker = "user_input" | "model_output"

/** Contents as steps of who says them. */
export const ofContents = (contents: ReadonlyArray<Fields>, type: Speaker): ReadonlyArray<Fields> => {
  const steps: Array<Fields> = []
  let row: Array<Fields> | undefined
  for (const content of contents) {
    if (!isSpoken(content)) {
      row = undefined
      steps.push(content)
      continue
    }
    if (row === undefined) {
      row = []
      steps.push({ type, content: row })
    }
    row.push(content)
  }
  return steps
}

/** What a step says, or a turn: text alone is a content. */
export const contentsOf = (content: unknown): ReadonlyArray<Fields> =>
  Predicate.isString(content) ? [{ type: "text", text: content }] : objectsIn(content)

const isTurn = (item: Fields): boolean => item["type"] === undefined && (item["role"] ?? item["content"]) !== undefined

const ofTurn = ({ content, role }: Fields): ReadonlyArray<Fields> =>
  ofContents(contentsOf(content), role === "model" ? "model_output" : "user_input")

/** The steps of a request's input, whatever form it has. */
export const ofInput = (input: unknown): ReadonlyArray<Fields> => {
  if (Predicate.isString(input)) return ofContents(contentsOf(input), "user_input")
  if (isFields(input)) return ofContents([input], "user_input")
  const items = objectsIn(input)
  return items.some(isTurn)
    ? items.flatMap((item) => isTurn(item) ? ofTurn(item) : [item])
    : ofContents(items, "user_input")
}

/** The outputs of an answer in the earlier form. */
export const outputsOf = (steps: ReadonlyArray<Fields>): ReadonlyArray<Fields> =>
  steps.flatMap((step) => step["type"] === "model_output" ? contentsOf(step["content"]) : [step])

/** The steps of an answer, in whichever form it came. */
export const ofAnswer = ({ outputs, steps }: { readonly outputs?: unknown; readonly steps?: unknown }) =>
  Array.isArray(steps) ? objectsIn(steps) : ofContents(objectsIn(outputs), "model_output")
