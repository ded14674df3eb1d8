/** In a verification: the way a request took when it was recorded. */
import { Context } from "effect"
import type { RequestTraffic } from "../../events/Traffic.ts"

/**
 * What the request sent next, by its recording; nothing where it sent nothing more. A provider that chooses between
 * ways takes this one. Outside of a verification there is no such function.
 */
export const NextRecordedCall = Context.Reference<(() => RequestTraffic | undefined) | undefined>(
  "strata/kernel/replay/NextRecordedCall",
  { defaultValue: () => undefined }
)
