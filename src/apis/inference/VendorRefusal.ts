/** How an answer that could not be had is answered: a vendor's refusal passes as it came, but for the keys it repeats. */
import { Effect } from "effect"
import type * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as VendorWords from "../../kernel/calls/VendorWords.ts"
import type { InferenceError } from "./Inference.ts"
import { toHttpError } from "./InferenceErrors.ts"

type Rejected = Extract<InferenceError, { readonly _tag: "ProviderRejected" }>

/** What the vendor said, as an answer. */
export const rejected = (error: Rejected): Effect.Effect<Bytes.Bytes> =>
  Effect.withFiber((fiber) => {
    const redactor = VendorWords.redactorOf(fiber)
    return Effect.succeed({
      status: error.status,
      headers: { ...VendorWords.ofHeaders(error.headers, redactor), "content-type": "application/json" },
      body: VendorWords.ofRejected(error, redactor)
    })
  })

export const failed = (error: InferenceError) =>
  error._tag === "ProviderRejected"
    ? rejected(error)
    : Effect.withFiber((fiber) => {
      const redactor = VendorWords.redactorOf(fiber)
      return Effect.fail(toHttpError(error, (text) => redactor.forClient(text)))
    })
