/**
 * What earlier versions recorded of a request, beside what this one records of it: they had no debug events of requests,
 * no events of calls that go over no wire, one sequence of ids for all, and fewer fields.
 */
import { Schema, Struct } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field, objectOf, parse } from "../../events/types/JsonAccess.ts"
import { callMethod } from "../calls/CallRecord.ts"
import { schemaRefusal } from "../http/CommonFailures.ts"
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

/**
 * To earlier versions an error under the status of a success was a response. An event of a rerun as they would have
 * recorded it: the text is the same, and so is what both say at default level.
 */
export const asResponse = (recorded: RecordedEvent, rerun: RecordedEvent): RecordedEvent => {
  const { type } = recorded
  if (!type.includes(":response") || type.replace(":response", ":error") !== rerun.type) return rerun
  if (recorded.level !== "default") return { ...rerun, type }
  const before = objectOf(payloadOf(recorded)) ?? {}
  if (before["status"] !== field(payloadOf(rerun), "status")) return rerun
  const common = Struct.pick(objectOf(payloadOf(rerun)) ?? {}, Object.keys(before))
  return { ...rerun, type, payload: JSON.stringify({ ...before, ...common }) }
}

/** True where an earlier version refused what a Schema of this one takes: this one would ask a vendor. */
export const isTakenNow = ({ message }: { readonly message: string }, body: string, payload: Schema.Top): boolean =>
  message.startsWith(schemaRefusal) && Schema.is(payload as Schema.Codec<unknown>)(parse(body))

/** True for a difference that the earlier format makes by itself: it named causes by other ids, and knew fewer fields. */
export const isOfFormat = ({ expected, path }: { readonly expected: unknown; readonly path: string }): boolean =>
  path === "causationId" || expected === undefined
