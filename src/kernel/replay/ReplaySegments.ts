/** The requests of a session in the order they ran, cut where the providers changed: each part runs again on its own. */
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { canonical } from "../../events/types/JsonDifference.ts"
import type { Registration } from "../provider/ProviderProjection.ts"
import type { SessionContext } from "../sessions/SessionContext.ts"
import { providersAt } from "../sessions/SessionContext.ts"
import type { RecordedRequest } from "./ReplayRequests.ts"

/** Requests that ran one after the other on the same providers. */
export interface Segment {
  readonly context: SessionContext
  readonly providers: ReadonlyArray<Registration>
  readonly requests: ReadonlyArray<RecordedRequest>
}

/** In the order of the requests. */
export const segments = (
  requests: ReadonlyArray<RecordedRequest>,
  contextOf: (event: RecordedEvent) => SessionContext
): ReadonlyArray<Segment> => {
  const segments: Array<Segment & { readonly key: string; readonly requests: Array<RecordedRequest> }> = []
  for (const request of requests) {
    const last = request.events.at(-1)!
    const context = contextOf(last)
    const providers = providersAt(context, last.position)
    const key = canonical(providers)
    const current = segments.at(-1)
    if (current?.context === context && current.key === key) current.requests.push(request)
    else segments.push({ context, providers, key, requests: [request] })
  }
  return segments
}
