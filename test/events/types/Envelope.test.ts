/** Events on their way to readers. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { Envelope, payloadOf, toIsoTime, toJsonText, toWire } from "../../../src/events/types/Envelope.ts"
import { Level } from "../../../src/events/types/Event.ts"
import { draft } from "../../support/EventDrafts.ts"

const natural = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))
const text = Schema.NullOr(Schema.String)

const Recorded = Schema.Struct({
  position: natural(Number.MAX_SAFE_INTEGER),
  stream: Schema.String,
  version: natural(Number.MAX_SAFE_INTEGER),
  id: Schema.String,
  type: Schema.String,
  level: Level,
  schemaVersion: natural(100),
  time: natural(8_640_000_000_000_000),
  tenant: Schema.String,
  sessionId: text,
  parentSessionId: text,
  requestId: text,
  attempt: Schema.NullOr(natural(100)),
  causationId: text,
  provider: text,
  principal: text,
  payload: Schema.Json
})

const isEnvelope = Schema.is(Envelope)

describe("Envelope", () => {
  it.prop("says the same as JSON text and as a value", { given: Recorded }, ({ given }) => {
    const event: RecordedEvent = { ...given, payload: JSON.stringify(given.payload) }
    const wire = toWire(event)
    assert.isTrue(isEnvelope(wire))
    assert.deepStrictEqual(JSON.parse(toJsonText(event)), JSON.parse(JSON.stringify(wire)))
    assert.deepStrictEqual(payloadOf(event), wire.payload)
    assert.notMatch(toJsonText(event), /[\n\r]/)
  })

  it("parses the payload of an event once for those that read it one after the other", () => {
    const recorded = (payload: string): RecordedEvent => ({
      ...draft({ payload }),
      position: 1,
      stream: "s",
      version: 1
    })
    const [one, other] = [recorded("{\"a\":[1]}"), recorded("{\"a\":[2]}")]
    const first = payloadOf(one)
    assert.strictEqual(payloadOf({ ...one, position: 2 }), first)
    assert.deepStrictEqual(payloadOf(other), { a: [2] })
    assert.deepStrictEqual(payloadOf(one), { a: [1] })
  })

  it("leaves the payload's text as it is", () => {
    const payload = "{\"a\": 1.0,  \"big\": 12345678901234567890, \"a\": \"\\u00e9\"}"
    const event: RecordedEvent = { ...draft({ payload }), position: 1, stream: "s", version: 1 }
    assert.isTrue(toJsonText(event).endsWith(`"payload":${payload}}`))
  })

  it("shows the default tenant as none, before the session", () => {
    const recorded = { ...draft({ sessionId: "s" }), position: 1, stream: "s", version: 1 }
    assert.include(toJsonText(recorded), `Z","tenant":null,"sessionId":"s"`)
    assert.include(toJsonText({ ...recorded, tenant: "a\"b" }), `Z","tenant":"a\\"b","sessionId":"s"`)
    assert.deepStrictEqual([toWire(recorded).tenant, toWire({ ...recorded, tenant: "acme" }).tenant], [null, "acme"])
  })

  it("writes times in RFC 3339, UTC, with milliseconds", () => {
    assert.strictEqual(toIsoTime(1_763_683_200_007), "2025-11-21T00:00:00.007Z")
  })
})
