/** In a verification: the way each request took when it was recorded. */
import { Context } from "effect"
import type { RequestTraffic } from "../../events/types/Traffic.ts"

/**
 * What a request sends next, by its recording; nothing where it sent nothing more. A provider that chooses between ways
 * takes this one. Outside of a verification there is no such function.
 */
export const NextReplayCall = Context.Reference<((requestId: string) => RequestTraffic | undefined) | undefined>(
  "strata/kernel/calls/NextReplayCall",
  { defaultValue: () => undefined }
)
