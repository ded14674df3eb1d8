/** The requests of a recorded session, each with its events. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { isPruned, payloadOf } from "../../events/types/Envelope.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import type { Principal } from "../../events/types/Principal.ts"
import type { RequestTraffic } from "../../events/types/Traffic.ts"
import { isOfCall } from "../calls/CallEvents.ts"
import * as LlmEvents from "../calls/LlmEvents.ts"
import * as HookEvents from "../hooks/HookEvents.ts"
import type { Operation } from "../http/Operations.ts"
import { sessionBusy } from "../http/SessionErrors.ts"
import * as ApiEvents from "../requests/ApiEvents.ts"
import * as EarlierFormat from "./EarlierFormat.ts"

const decodeTraffic = Schema.decodeUnknownSync(ApiEvents.Request.raw.payload)
const decodeApiError = Schema.decodeUnknownSync(ApiEvents.Error.base.payload)
const decodeCallError = Schema.decodeUnknownSync(Schema.Struct({ error: LlmEvents.Error.base.payload.fields.error }))

export interface RecordedRequest {
  readonly requestId: string
  readonly events: ReadonlyArray<RecordedEvent>
  /** Who asked. */
  readonly principal: Principal | null
  /** Undefined where the request was not recorded at raw. */
  readonly traffic: RequestTraffic | undefined
  /** Why it can't be run again; undefined where it can. */
  readonly skip: string | undefined
}

const clientClosed = 499
const tooLarge = 413

/** An answer of which not all was kept. */
const isCut = (event: RecordedEvent): boolean =>
  event.level === "raw" && event.payload.includes("omitted_bytes") &&
  typeof field(payloadOf(event), "omitted_bytes") === "number"

const operationOf = (events: ReadonlyArray<RecordedEvent>): string | null => {
  const request = events.find(({ type }) => type === ApiEvents.Request.base.type)
  return request === undefined ? null : textOrNull(field(payloadOf(request), "operation"))
}

const skipOf = (
  events: ReadonlyArray<RecordedEvent>,
  traffic: RequestTraffic | undefined,
  operation: Operation | undefined
): string | undefined => {
  // A replay does not have what they change.
  if (operation?.runsAgain === false) {
    return "it changes sessions or registries themselves, and is not run again"
  }
  if (events.some((event) => event.level === "raw" && isPruned(event))) return "its payloads were removed to save space"
  if (events.some(isCut)) return "an answer was longer than what is kept of a stream"
  const types = new Set(events.map(({ type }) => type))
  if (!types.has(ApiEvents.Request.raw.type)) return "it was not recorded at raw level"
  const calls = (type: string) => events.filter((event) => event.type === type).length
  const asked = (level: "default" | "raw") => events.filter((event) => isOfCall(event, "request", level)).length
  if (asked("default") !== asked("raw")) {
    return "a provider call was not recorded at raw level"
  }
  if (calls(HookEvents.Decided.base.type) !== calls(HookEvents.Decided.raw.type)) {
    return "a decision of hooks was not recorded at raw level"
  }
  const ended = events.find(({ type }) => type === ApiEvents.Error.base.type || type === ApiEvents.Response.base.type)
  if (ended === undefined) return "its end was not recorded"
  if (ended.type === ApiEvents.Error.base.type) {
    const { error, status } = decodeApiError(payloadOf(ended))
    if (status === clientClosed) return "the client left before the answer was complete"
    // What is longer than a server takes is not read, and so in no log.
    if (status === tooLarge && traffic?.body === "") return "its body was longer than the server takes, and is not kept"
    // In a replay every provider runs.
    if (error?.code === "provider_unavailable") return "its provider was not running"
    // In a replay nobody else writes.
    if (error?.code === sessionBusy) return "others wrote to its session without a pause, and nothing was done"
    const { payload } = operation ?? {}
    if (error !== null && payload !== undefined && EarlierFormat.isTakenNow(error, traffic?.body ?? "", payload)) {
      return "an earlier version refused it, and this one leaves that to the vendor"
    }
  }
  const givenUp = events.some((event) =>
    isOfCall(event, "error", "default") && decodeCallError(payloadOf(event)).error.type === "interrupted"
  )
  return givenUp ? "a provider call was given up, by the clock" : undefined
}

const principalOf = (events: ReadonlyArray<RecordedEvent>): Principal | null => {
  const asked = events.find(({ type }) => type === ApiEvents.Request.base.type)
  if (asked?.principal == null) return null
  const attributes = field(payloadOf(asked), "principal_attributes") ?? {}
  return { id: asked.principal, attributes: attributes as Principal["attributes"] }
}

/** In the order they arrived; `operations`: those there are. */
export const fromEvents = (
  events: ReadonlyArray<RecordedEvent>,
  operations: ReadonlyArray<Operation>
): ReadonlyArray<RecordedRequest> => {
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  const groups = new Map<string, Array<RecordedEvent>>()
  for (const event of events) {
    if (event.requestId === null) continue
    const group = groups.get(event.requestId)
    if (group === undefined) groups.set(event.requestId, [event])
    else group.push(event)
  }
  return [...groups].map(([requestId, group]) => {
    const raw = group.find((event) => event.type === ApiEvents.Request.raw.type && !isPruned(event))
    const traffic = raw === undefined ? undefined : decodeTraffic(payloadOf(raw))
    return {
      requestId,
      events: group,
      principal: principalOf(group),
      traffic,
      skip: skipOf(group, traffic, byId.get(operationOf(group) ?? ""))
    }
  })
}
