/** A stream of Interactions in the canonical model: part by part, and all of it at its end. */
import { Predicate, Result } from "effect"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import { isFinish } from "./Ending.ts"
import * as Errors from "./Errors.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import type { Fields } from "./Steps.ts"
import { StreamedSteps } from "./StreamedSteps.ts"

const fieldsOf = (value: unknown): Fields => isFields(value) ? value : {}

export const make = (producer?: string): StreamRaiser => {
  const steps = new StreamedSteps(RaiseResponse.originOf(producer))
  let last: Fields | undefined
  let begun = false
  let ended = false
  let failed = false

  const begin = (interaction: unknown): ReadonlyArray<StreamPart> => {
    if (begun) return []
    begun = true
    return [{ type: "response_start", metadata: RaiseResponse.metadataOf(fieldsOf(interaction)) }]
  }

  const stepIn = (event: Fields): ReadonlyArray<StreamPart> => {
    const index = Predicate.isNumber(event["index"]) ? event["index"] : 0
    switch (event["event_type"]) {
      case "step.start":
      case "content.start":
        return steps.start(index, fieldsOf(event["step"] ?? event["content"]))
      case "step.delta":
      case "content.delta":
        return steps.add(index, fieldsOf(event["delta"]))
      case "step.stop":
      case "content.stop":
        return steps.stop(index)
      default:
        return []
    }
  }

  const add = ({ data }: SseFrame): ReadonlyArray<StreamPart> => {
    const event = data === undefined || failed ? undefined : parse(data)
    if (!isFields(event)) return []
    const error = Errors.errorIn(event)
    if (error !== undefined) {
      failed = true
      return [{ type: "error", error, failure: Errors.raise(0, event) }]
    }
    if (!Predicate.isString(event["event_type"])) return []
    const { interaction } = event
    const start = begin(interaction)
    if (isFields(interaction)) last = { ...last, ...interaction }
    if (isFinish(event)) ended = true
    return [...start, ...stepIn(event)]
  }

  /** Of a stream that broke off: what there is of it, and no reason for its end. */
  const end = (): ReadonlyArray<StreamPart> => {
    if (failed || !begun) return []
    const parts = steps.finish()
    const body = ended ? last ?? {} : { ...last, status: "in_progress" }
    const blocks = steps.blocks.filter(Predicate.isNotUndefined)
    if (blocks.length > 0) return [...parts, { type: "response", response: RaiseResponse.withBlocks(body, blocks) }]
    // Some say at the end what they did, all at once.
    return Result.match(RaiseResponse.raise(body, producer), {
      onSuccess: (response) => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }
  return { add, end }
}
