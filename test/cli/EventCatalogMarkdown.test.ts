/** The catalog as a page: every event in the table and with a section, what is said of its fields. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import * as EventCatalogDocument from "../../src/apis/events/EventCatalogDocument.ts"
import * as EventCatalogMarkdown from "../../src/cli/EventCatalogMarkdown.ts"
import * as Event from "../../src/events/types/Event.ts"

const Person = Schema.Struct({ name: Schema.String }).annotate({ identifier: "Person" })
const Arrived = Event.define("visit:arrived:raw", {
  level: "raw",
  durability: "observation",
  description: "Somebody arrived.",
  version: 2,
  upcasters: { 1: (payload) => payload },
  volatile: ["after_ms"],
  payload: Schema.Struct({
    who: Schema.NullOr(Person),
    by: Schema.Literals(["train", "foot"]).annotate({ description: "On wheels | on foot." }),
    after_ms: Schema.optionalKey(Schema.Finite),
    bags: Schema.Array(Schema.String)
  })
})
const Counted = Event.define("visit:counted", {
  durability: "state",
  description: "They were counted.",
  payload: Schema.Union([Schema.Int, Schema.Struct({ total: Schema.Int })])
})

describe("the catalog in Markdown", () => {
  const page = EventCatalogMarkdown.text(EventCatalogDocument.make([Counted, Arrived]))

  it("lists every event", () => {
    assert.include(
      page,
      "| [visit:arrived:raw](#visitarrivedraw) | raw | observation | 2 | Somebody arrived. |\n" +
        "| [visit:counted](#visitcounted) | default | state | 1 | They were counted. |"
    )
  })

  it("describes an event by its fields", () => {
    assert.include(
      page,
      [
        "## visit:arrived:raw",
        "",
        "Somebody arrived.",
        "",
        "Level raw, observation, version 2 (reads 1, 2). May differ in a replay: `after_ms`.",
        "",
        "| field | type | required | description |",
        "| --- | --- | --- | --- |",
        "| `who` | Person or null | yes |  |",
        "| `by` | `\"train\"` or `\"foot\"` | yes | On wheels \\| on foot. |",
        "| `after_ms` | number | no |  |",
        "| `bags` | array of string | yes |  |"
      ].join("\n")
    )
  })

  it("shows the JSON Schema of what is no plain object", () => {
    assert.match(page, /## visit:counted\n[^]*```json\n\{\n {2}"anyOf": \[/)
  })

  it("describes what several events share", () => {
    assert.match(page, /## Person\n[^]*\| `name` \| string \| yes \| {2}\|/)
  })

  it("has a section for each event of Strata", () => {
    const document = EventCatalogDocument.document(apis.catalog.definitions)
    const whole = EventCatalogMarkdown.text(document)
    for (const { type } of document.events) assert.include(whole, `\n## ${type}\n`)
  })
})
