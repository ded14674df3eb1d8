/** What any Strata before this one has stored stays readable: a sample of every version of every event decodes. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as Upcasting from "../../../src/events/types/Upcasting.ts"
import * as EventSamples from "../../support/EventSamples.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const samples = EventSamples.all()
/** Live events are stored nowhere. */
const versions = apis.catalog.definitions.flatMap(({ durability, type, version }) =>
  durability === "live" ? [] : Array.from({ length: version }, (_, index) => ({ type, version: index + 1 }))
)
const lift = Upcasting.make(apis.catalog.definitions)

/** What to do when a stored payload no longer decodes. */
const remedy = (type: string, current: number) =>
  `The Schema of ${type} no longer decodes what logs hold. Don't edit the sample: raise the version to ` +
  `${current + 1}, write the upcaster from ${current}, and add a sample of version ${current + 1} ` +
  "(npm run samples -- <a test that causes the event>)."

describe("the samples", () => {
  it.each(versions)("hold one of $type, version $version", ({ type, version }) => {
    assert.isTrue(
      samples.some((sample) => sample.type === type && sample.version === version),
      `test/events/samples/${
        EventSamples.fileOf(type, version)
      } is missing. If the version is new: npm run samples -- ` +
        "<a test that causes the event>. A sample of an older version is in the history of this repository."
    )
  })

  it.each(samples.map(({ file }) => ({ file })))("$file decodes", ({ file }) => {
    const { text, type, version } = samples.find((sample) => sample.file === file)!
    const definition = apis.catalog.find(type)
    assert.isDefined(definition, `${file} is of a type the catalog does not hold: events are never taken out of it`)
    assert.isAtMost(version, definition!.version, `${file} is of a version that is not there yet`)
    const event = lift({ ...recorded(definition!), schemaVersion: version, payload: text })
    assert.strictEqual(event.schemaVersion, definition!.version)
    const decoded = Schema.decodeExit(definition!.payload as Schema.Codec<unknown, Schema.Json>)(payloadOf(event))
    assert.strictEqual(
      decoded._tag,
      "Success",
      `${file}: ${remedy(type, definition!.version)} ${decoded._tag === "Failure" ? decoded.cause : ""}`
    )
  })

  it("are named for a type and a version, each", () => {
    assert.deepStrictEqual(EventSamples.files(), samples.map(({ file }) => file))
  })

  it("are as they were when they were added", () => {
    assert.deepStrictEqual(
      EventSamples.manifest(),
      Object.fromEntries(EventSamples.files().map((file) => [file, EventSamples.sha256(file)])),
      "A sample is what a log holds: it is never edited or removed, and `npm run samples` enters a new one in the manifest."
    )
  })
})
