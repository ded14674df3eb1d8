/** A line of a batch's input: what it asks, or what is wrong with it. */
import { isFields, parse } from "../../events/types/JsonAccess.ts"
import type { BatchError } from "./BatchEvents.ts"

/** A request of a batch. */
export interface BatchLine {
  /** From 1. */
  readonly line: number
  readonly custom_id: string
  /** JSON. */
  readonly body: string
}

export type ReadLine =
  | { readonly _tag: "Line"; readonly line: BatchLine }
  | { readonly _tag: "Wrong"; readonly error: BatchError; readonly custom_id: string | null }

export const longestId = 512

/** What a batch can't wait for: it has one answer for each line. */
const notInBatches = ["stream", "background"] as const

/** `endpoint`: what every line of the batch asks. */
export const read = (text: string, line: number, endpoint: string): ReadLine => {
  const value = parse(text)
  const wrong = (code: string, param: string | null, message: string): ReadLine => ({
    _tag: "Wrong",
    custom_id: isFields(value) && typeof value["custom_id"] === "string" ? value["custom_id"] : null,
    error: { code, line, message: `Line ${line}: ${message}`, param }
  })
  const missing = (param: string, is: string) =>
    wrong("missing_required_parameter", param, `${param} is missing: it is to be ${is}.`)
  if (value === undefined) {
    return wrong("invalid_json_line", null, "it is no JSON. Write one request a line, as one JSON object.")
  }
  if (!isFields(value)) return wrong("invalid_json_line", null, "it is no JSON object. Write one request a line.")
  const { body, custom_id, method, url } = value
  if (custom_id === undefined) return missing("custom_id", "a text of your own, another one in each line")
  if (typeof custom_id !== "string" || custom_id === "" || custom_id.length > longestId) {
    return wrong("invalid_custom_id", "custom_id", `custom_id is to be a text of 1 to ${longestId} characters.`)
  }
  if (method === undefined) return missing("method", "\"POST\"")
  if (method !== "POST") return wrong("invalid_method", "method", "method is to be \"POST\".")
  if (url === undefined) return missing("url", JSON.stringify(endpoint))
  if (url !== endpoint) {
    const given = typeof url === "string" ? JSON.stringify(url.slice(0, 200)) : "none"
    return wrong("mismatched_endpoint", "url", `url is ${given}, and the batch's endpoint is ${endpoint}.`)
  }
  if (body === undefined) return missing("body", "the request, a JSON object")
  if (!isFields(body)) return wrong("invalid_body", "body", "body is to be a JSON object: the request.")
  const unfit = notInBatches.find((name) => body[name] === true)
  if (unfit !== undefined) {
    return wrong("invalid_body", `body.${unfit}`, `${unfit} is not for batches: leave it out, or send false.`)
  }
  return { _tag: "Line", line: { line, custom_id, body: JSON.stringify(body) } }
}
