/** In a verification: what was recorded of a call that went over no wire, so that it is answered without its provider. */
import { Context } from "effect"
import type { ResponseTraffic } from "../../events/types/Traffic.ts"

/** An answer as it was recorded; its status is null where there was none, and its body is then the error. */
export type ReplayedAnswer = Omit<ResponseTraffic, "status"> & { readonly status: number | null }

export interface ReplayedCall {
  /** `api.method`, as the call was recorded. */
  readonly method: string
  readonly answer: ReplayedAnswer
  /** How many calls were made on its behalf. */
  readonly inner: number
  /** Set where the call was not answered to its end. */
  readonly failure: { readonly type: string; readonly message: string } | undefined
}

/**
 * The recorded call of a request at a path; undefined where there is none, or where it went over a wire: its provider
 * runs then, and is answered there. Outside of a verification there is no such function.
 */
export const ReplayedCalls = Context.Reference<
  ((requestId: string, path: string) => ReplayedCall | undefined) | undefined
>(
  "strata/kernel/calls/ReplayedCall/ReplayedCalls",
  { defaultValue: () => undefined }
)
