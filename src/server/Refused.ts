/** What stands between a request and the server before anybody is asked who they are. */
import type { Payload } from "../events/types/Event.ts"
import type { Violation } from "../kernel/access/PolicyEvents.ts"

export interface Refused {
  readonly kind: Payload<typeof Violation>["kind"]
  readonly status: 403 | 415 | 421
  /** For programs. */
  readonly code: string
  /** For people: what is wrong, and what to do. */
  readonly reason: string
}
