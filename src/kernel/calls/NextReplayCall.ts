/** In a verification: the way each request took when it was recorded. */
import { Context } from "effect"
import type { RequestTraffic } from "../../events/types/Traffic.ts"

/**
 * What a request, or a branch of it, sends next (`Recording.line`); nothing where it sent nothing more. A provider that
 * chooses between ways takes this one. Outside of a verification there is no such function.
 */
export const NextReplayCall = Context.Reference<((line: string) => RequestTraffic | undefined) | undefined>(
  "strata/kernel/calls/NextReplayCall",
  { defaultValue: () => undefined }
)
