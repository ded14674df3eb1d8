/** In a verification: the ids a request had, and who asked. Nothing of it is decided anew. */
import { Context } from "effect"
import type { Principal } from "../../events/types/Principal.ts"

export interface ReplayedRequest {
  readonly requestId: string
  readonly sessionId: string
  readonly principal: Principal | null
}

export const CurrentReplayedRequest = Context.Reference<ReplayedRequest | undefined>(
  "strata/kernel/requests/ReplayedRequest/CurrentReplayedRequest",
  { defaultValue: () => undefined }
)
