/** How an answer that could not be had is answered: a vendor's refusal passes as it came, but for the keys it repeats. */
import { Effect } from "effect"
import type * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as VendorWords from "../../kernel/calls/VendorWords.ts"
import type { InferenceError } from "./Inference.ts"
import { toHttpError } from "./InferenceErrors.ts"

export const failed = (error: InferenceError) =>
  Effect.withFiber((fiber) => {
    const redactor = VendorWords.redactorOf(fiber)
    if (error._tag !== "ProviderRejected") return Effect.fail(toHttpError(error, (text) => redactor.forClient(text)))
    return Effect.succeed<Bytes.Bytes>({
      status: error.status,
      headers: { ...VendorWords.ofHeaders(error.headers, redactor), "content-type": "application/json" },
      body: VendorWords.ofRejected(error, redactor)
    })
  })
