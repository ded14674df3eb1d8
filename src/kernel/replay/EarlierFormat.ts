/**
 * What earlier versions recorded of a request, beside what this one records of it: they had no debug events of requests,
 * no events of calls that go over no wire, one sequence of ids for all, and fewer fields.
 */
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { callMethod } from "../calls/CallRecord.ts"
import * as ApiEvents from "../requests/ApiEvents.ts"

const debugOfRequests = new Set(
  [ApiEvents.Request, ApiEvents.Response, ApiEvents.Error].map(({ debug }) => debug.type as string)
)

/** True for a request that was recorded, at raw, before requests had a debug level. */
export const isEarlier = (recorded: ReadonlyArray<RecordedEvent>): boolean =>
  recorded.some(({ type }) => type === ApiEvents.Request.raw.type) &&
  !recorded.some(({ type }) => type === ApiEvents.Request.debug.type)

/** Of what this version records, what an earlier one would have. */
export const asEarlier = (rerun: ReadonlyArray<RecordedEvent>): ReadonlyArray<RecordedEvent> => {
  const withoutWire = new Set(
    rerun.filter((event) => event.type.endsWith(":request:raw") && field(payloadOf(event), "method") === callMethod)
      .map(({ attempt }) => attempt)
  )
  return rerun.filter(({ attempt, type }) =>
    !debugOfRequests.has(type) && !(attempt !== null && withoutWire.has(attempt))
  )
}

/** True for a difference that the earlier format makes by itself: it named causes by other ids, and knew fewer fields. */
export const isOfFormat = ({ expected, path }: { readonly expected: unknown; readonly path: string }): boolean =>
  path === "causationId" || expected === undefined
