/** The events a fact stands for. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { countOf } from "../../../src/events/facts/Fact.ts"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"
import { answer, event, factOf, Given, headsOf, ofParts, place } from "../../support/Facts.ts"

describe("the events of a fact", () => {
  it.effect.prop("stand behind each other, as many as it counts, and what it says of their ids is so", {
    given: Given
  }, ({ given }) =>
    Effect.sync(() => {
      const fact = factOf(given)
      const events = FactEvents.derive(fact, place)
      assert.strictEqual(events.length, countOf(fact))
      assert.deepStrictEqual(events.map(({ position }) => position), events.map((_, index) => place.position + index))
      assert.deepStrictEqual(events.map(({ version }) => version), events.map((_, index) => place.version + index))
      assert.deepStrictEqual(FactEvents.idsOf(fact), events.map(({ id }) => id))
      assert.strictEqual(FactEvents.idOf(fact), events[0]?.id)
      assert.deepStrictEqual(
        headsOf(fact).map((head) => ({ ...head, payload: "" })),
        events.map((event) => ({ ...event, payload: "" }))
      )
      for (const { payload } of events) JSON.parse(payload)
    }), { arbitrary: { runs: 200 } })

  it("are made only where they are wanted", () => {
    const fact = ofParts(event(1), answer(2, "text"))
    const wanted = FactEvents.derive(fact, place, ({ level }) => level === "raw")
    assert.deepStrictEqual(wanted.map(({ position, type }) => [position, type]), [[
      place.position + 2,
      "llm:response:raw"
    ]])
  })

  it("show what was sent: all of it at raw with its digest, cut at debug", () => {
    const text = JSON.stringify({ text: "$& 漢字 😀 \n".repeat(400) })
    const [debug, raw] = FactEvents.derive({ ...ofParts(answer(1, text)), debugBytes: 300 }, place)
    assert.isAtMost(Buffer.byteLength(debug!.payload), 300)
    assert.include(debug!.payload, "truncated")
    assert.deepInclude(payloadOf(raw!) as object, { status: 200, body: text, encoding: "utf-8", sha256: sha256(text) })
  })

  it("belong to a session's stream from its first on, where they begin it", () => {
    const begun = event(1, { numbering: "session", type: "session:start" })
    const sessionId = "0199aaac-0000-7000-8000-000000000000"
    const fact = { ...ofParts(begun, event(1)), sessionId }
    assert.isTrue(FactEvents.beginsStream(fact))
    const [start, request] = FactEvents.derive(fact, place)
    assert.deepInclude(start!, { id: EventIds.nth(sessionId, 1), requestId: null, sessionId })
    assert.deepInclude(request!, { id: EventIds.nth(fact.requestId, 1), requestId: fact.requestId })
    // It is found by the id of its request.
    assert.strictEqual(FactEvents.idOf(fact), request!.id)
  })

  it("have provider and attempt only where they are of the call", () => {
    const call = {
      id: EventIds.ofCall(ofParts(event(1)).requestId, "2.1"),
      path: "2.1",
      attempt: 3,
      provider: "p"
    }
    const [ofRequest, ofCall] = FactEvents.derive(
      { ...ofParts(event(1), event(1, { numbering: "call" })), call },
      place
    )
    assert.deepInclude(ofRequest!, { provider: null, attempt: null })
    assert.deepInclude(ofCall!, {
      provider: "p",
      attempt: 3,
      id: EventIds.nth(EventIds.ofCall(ofRequest!.requestId!, "2.1"), 1)
    })
  })
})
