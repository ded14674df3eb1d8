/** Ids in heads. */
import { assert, describe, it } from "@effect/vitest"
import * as HeadIds from "../../../src/events/facts/HeadIds.ts"

const requestId = "0199aaaa-0000-7000-8000-000000000000"
const sessionId = "0199aaaa-0000-7000-8000-000000010000"

const head = (request: string, session: string) =>
  `"status":200,"headers":{"x-request-id":"${request}","x-strata-session-id":"${session}","content-type":"text/plain"}`

describe("the ids in the head of an exchange", () => {
  it.each([
    { name: "of a session of its own", ids: { requestId, sessionId } },
    { name: "of no session", ids: { requestId, sessionId: null } },
    { name: "of a session with a short name, which is a word elsewhere", ids: { requestId, sessionId: "status" } }
  ])("are the same again: $name", ({ ids }) => {
    const given = head(requestId, ids.sessionId ?? "none")
    const stored = HeadIds.without(given, ids)
    assert.isBelow(stored.length, given.length - 30)
    assert.strictEqual(HeadIds.restored(stored, ids), given)
  })

  it("are left where they are of another request", () => {
    const given = head("0199aaab-0000-7000-8000-000000000000", "none")
    assert.strictEqual(HeadIds.without(given, { requestId, sessionId }), given)
    assert.strictEqual(HeadIds.restored(given, { requestId, sessionId }), given)
  })
})
