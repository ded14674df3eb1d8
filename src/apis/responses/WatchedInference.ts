/** The model of a response: why it gave no answer, and what the answer has less of, are kept; a turn says it in fewer words. */
import { Effect } from "effect"
import * as CustomTools from "../../kernel/dialects/CustomTools.ts"
import { DegradationNotice } from "../../kernel/dialects/DegradationNotice.ts"
import type { Degradation } from "../../kernel/messages/ChatResponse.ts"
import type { CompletionError, Inference } from "../inference/Inference.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"

export interface Watcher {
  readonly fail: (failure: CompletionError | ResponseInvalid) => void
  readonly note: (degradations: ReadonlyArray<Degradation>) => void
}

/** A refusal of a tool by the place that its client gave it. */
const placed = (error: CompletionError, tools: unknown): CompletionError | ResponseInvalid => {
  const place = error._tag === "InvalidRequestError" ? CustomTools.placeIn(error, tools) : undefined
  return place === undefined ? error : invalid(place, `${place}: ${error.message}`, "unsupported_value")
}

/** `tools`: as the client wrote them. */
export const of = (inference: Inference["Service"] | undefined, { fail, note }: Watcher, tools: unknown) => {
  if (inference === undefined) return undefined
  const remember = (error: CompletionError) => Effect.sync(() => fail(placed(error, tools)))
  return {
    ...inference,
    complete: (request: Parameters<typeof inference.complete>[0]) =>
      inference.complete(request).pipe(Effect.tapError(remember), Effect.provideService(DegradationNotice, note)),
    completeParts: (...given: Parameters<typeof inference.completeParts>) =>
      inference.completeParts(...given).pipe(Effect.tapError(remember), Effect.provideService(DegradationNotice, note))
  }
}
