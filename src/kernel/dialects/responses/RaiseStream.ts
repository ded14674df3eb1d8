/** A stream of the dialect's events in the canonical model: part by part, and all of it at its end. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { field, isFields, listOf, parse } from "../../../events/types/JsonAccess.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import { errorIn } from "./ResponsesEnding.ts"
import * as ResponsesErrors from "./ResponsesErrors.ts"
import { StreamedItems } from "./StreamedItems.ts"

const ends: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete"])

/** Some vendors say at the end only that it is one. */
const withItems = (response: Schema.JsonObject, items: ReadonlyArray<Schema.Json>): Schema.JsonObject =>
  listOf(response["output"]).length === 0 ? { ...response, output: items } : response

export const make = (producer?: string): StreamRaiser => {
  const items = new StreamedItems(producer)
  let last: Schema.JsonObject | undefined
  let begun = false
  let failed = false

  const begin = (response: unknown): ReadonlyArray<StreamPart> => {
    if (begun) return []
    begun = true
    return [{ type: "response_start", metadata: RaiseResponse.metadataOf(response) }]
  }

  const add = ({ data }: SseFrame): ReadonlyArray<StreamPart> => {
    const event = data === undefined ? undefined : parse(data)
    if (!isFields(event) || failed) return []
    const error = errorIn(event)
    if (error !== undefined) {
      failed = true
      return [{ type: "error", error: error as Schema.Json, failure: ResponsesErrors.raise(0, event) }]
    }
    const { response, type } = event
    if (!Predicate.isString(type)) return []
    const start = begin(response)
    if (isFields(response)) last = response
    return [...start, ...(ends.has(type) ? items.finish(listOf(field(response, "output"))) : items.add(event))]
  }

  /** Of a stream that broke off: what there is of it, and no reason for its end. */
  const end = (): ReadonlyArray<StreamPart> => {
    if (failed || !begun) return []
    const parts = items.finish([])
    const response = withItems(last ?? { status: "in_progress" }, items.all)
    return Result.match(RaiseResponse.raise(response, producer), {
      onSuccess: (response) => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }
  return { add, end }
}
