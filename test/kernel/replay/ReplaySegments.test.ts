/** What a request ran against: this server's registrations at the time, or those that came with a file. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import * as ReplayRequests from "../../../src/kernel/replay/ReplayRequests.ts"
import * as ReplaySegments from "../../../src/kernel/replay/ReplaySegments.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import * as SessionContext from "../../../src/kernel/sessions/SessionContext.ts"
import { Imported } from "../../../src/kernel/sessions/SessionEvents.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const provider = (provider_id: string) => ({ api: "inference", provider_id, provider_type: "t", config: {} })
const registered = (position: number, id: string) =>
  recorded(ProviderEvents.Registered, { position, payload: provider(id) })
const unregistered = (position: number, id: string) =>
  recorded(ProviderEvents.Unregistered, { position, payload: { api: "inference", provider_id: id } })
const request = (position: number) =>
  recorded(ApiEvents.Request.base, { position, id: `event-${position}`, requestId: `request-${position}` })
const imported = (position: number, registrations: unknown) =>
  recorded(Imported, { position, payload: { registrations } })
const registration = (after_event_id: string | null, id: string) => ({
  after_event_id,
  type: ProviderEvents.Registered.type,
  payload: provider(id)
})

/** The providers of each segment, and where its requests stand. */
const segments = (session: ReadonlyArray<RecordedEvent>, registrations: ReadonlyArray<RecordedEvent>) =>
  ReplaySegments.segments(
    ReplayRequests.fromEvents(session, apis.operations),
    SessionContext.finder(session, registrations)
  ).map(({ context, providers, requests }) => [
    context.imported ? "imported" : "here",
    providers.map(({ provider_id }) => provider_id),
    requests.map(({ requestId }) => Number(requestId.slice("request-".length)))
  ])

describe("RecordedContext", () => {
  it("is this server's, as it was at each request", () => {
    const here = [registered(1, "a"), registered(4, "b"), unregistered(6, "a"), registered(8, "b")]
    assert.deepStrictEqual(segments([request(2), request(3), request(5), request(7), request(9)], here), [
      ["here", ["a"], [2, 3]],
      ["here", ["a", "b"], [5]],
      ["here", ["b"], [7, 9]]
    ])
  })

  it("is the file's for what stands before its import, and this server's behind it", () => {
    const session = [request(2), request(3), imported(4, [registration(null, "x")]), request(5)]
    assert.deepStrictEqual(segments(session, [registered(1, "a")]), [
      ["imported", ["x"], [2, 3]],
      ["here", ["a"], [5]]
    ])
  })

  it("changes behind the event the file names", () => {
    const registrations = [registration(null, "x"), registration("event-2", "y")]
    assert.deepStrictEqual(segments([request(2), request(3), imported(4, registrations)], []), [
      ["imported", ["x"], [2]],
      ["imported", ["x", "y"], [3]]
    ])
  })

  it("is of the first import behind a request, where there are several", () => {
    const session = [
      request(2),
      imported(3, [registration(null, "x")]),
      request(4),
      imported(5, [registration(null, "y")])
    ]
    assert.deepStrictEqual(segments(session, []), [["imported", ["x"], [2]], ["imported", ["y"], [4]]])
  })

  it("is this server's where the file said nothing", () => {
    assert.deepStrictEqual(segments([request(2), imported(3, null)], [registered(1, "a")]), [["here", ["a"], [2]]])
  })
})
