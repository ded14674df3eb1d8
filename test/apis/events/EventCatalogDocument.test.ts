/** The catalog document: valid JSON Schema that real traffic fits, the same at every making. */
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as EventCatalogDocument from "../../../src/apis/events/EventCatalogDocument.ts"
import { toWire } from "../../../src/events/types/Envelope.ts"
import * as Event from "../../../src/events/types/Event.ts"
import * as EventSamples from "../../support/EventSamples.ts"
import * as JsonSchema from "../../support/JsonSchema.ts"
import { RecordedTraffic } from "../../support/RecordedTraffic.ts"
import { Recordings } from "../../support/Recordings.ts"

const document = EventCatalogDocument.document(apis.catalog.definitions)
const types = document.events.map(({ type }) => ({ type }))
const indexOf = new Map(types.map(({ type }, index) => [type, index]))

/** Every reference in a schema. */
const references = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value)
    ? value.flatMap(references)
    : typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, each]) => name === "$ref" ? [String(each)] : references(each))
    : []

describe("the catalog document", () => {
  it("holds every event of the catalog, sorted by type", () => {
    assert.deepStrictEqual(types.map(({ type }) => type), apis.catalog.definitions.map(({ type }) => type).toSorted())
  })

  it("is the same at every making, whatever the order of the definitions", () => {
    const again = EventCatalogDocument.make(apis.catalog.definitions.toReversed())
    assert.strictEqual(JSON.stringify(again), JSON.stringify(document))
  })

  it("says of each event what its definition says", () => {
    for (const { payload: _, readable_versions, ...event } of document.events) {
      const { description, durability, level, type, version, volatile } = apis.catalog.find(event.type)!
      assert.deepStrictEqual(event, { description, durability, level, type, version, volatile })
      assert.strictEqual(readable_versions.at(-1), version)
    }
  })

  it("names every version that can be read", () => {
    const evolved = Event.define("test:happened", {
      durability: "state",
      description: "It happened.",
      payload: Schema.Struct({}),
      version: 3,
      upcasters: { 1: (payload) => payload, 2: (payload) => payload }
    })
    assert.deepStrictEqual(EventCatalogDocument.make([evolved]).events[0]?.readable_versions, [1, 2, 3])
  })

  it("is valid JSON Schema 2020-12, as a whole", () => {
    assert.strictEqual(document.$schema, "https://json-schema.org/draft/2020-12/schema")
    assert.deepStrictEqual(JsonSchema.schemaErrors(document), [])
  })

  it.each(types)("describes the payload of $type in valid JSON Schema 2020-12", ({ type }) => {
    const { payload } = document.events[indexOf.get(type)!]!
    assert.isNotEmpty(payload)
    assert.deepStrictEqual(JsonSchema.schemaErrors(payload), [])
  })

  it("tells a Schema that is not valid", () => {
    assert.isNotEmpty(JsonSchema.schemaErrors({ type: "objekt" }))
  })

  it("says shared Schemas once, and refers to all of them", () => {
    const used = references([document.envelope, document.events, document.$defs])
    assert.sameMembers([...new Set(used)], Object.keys(document.$defs).map((name) => `#/$defs/${name}`))
    assert.include(used, "#/$defs/Usage")
  })
})

/** Nothing is in a payload that its Schema does not name. */
const strict = JsonSchema.checker(
  EventCatalogDocument.make(apis.catalog.definitions, { onExcessProperty: "error" })
)
const payloadErrors = (type: string, payload: unknown) => strict(`/events/${indexOf.get(type)}/payload`, payload)

describe("the catalog's Schemas", () => {
  const samples = EventSamples.all().filter(({ type, version }) => apis.catalog.find(type)?.version === version)
  it.each(samples.map(({ file }) => ({ file })))("fit $file", ({ file }) => {
    const { text, type } = samples.find((sample) => sample.file === file)!
    assert.deepStrictEqual(payloadErrors(type, JSON.parse(text)), [])
  })

  it("refuse what does not fit", () => {
    assert.isNotEmpty(payloadErrors("model:registered", { model_id: 5 }))
    assert.isNotEmpty(payloadErrors("session:start", { session_id: "s", opened_by: "client", unheard: true }))
  })
})

describe.skipIf(!Recordings.available)(`recorded traffic ${Recordings.reason}`, () => {
  layer(RecordedTraffic.layer, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.effect("fits the catalog, envelope and payload", () =>
      Effect.gen(function*() {
        const events = yield* (yield* RecordedTraffic).strata.events()
        assert.isAbove(events.length, 1000)
        for (const event of events.map(toWire)) {
          const errors = [...strict("/envelope", event), ...payloadErrors(event.type, event.payload)]
          assert.deepStrictEqual(errors, [], `${event.position} ${event.type}`)
        }
      }))
  })
})
