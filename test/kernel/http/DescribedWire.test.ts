/** Where bytes pass, the document says field by field what the open Schemas of the route leave open. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { openStruct } from "../../../src/events/types/OpenSchema.ts"
import { DescribedWire } from "../../../src/kernel/http/DescribedWire.ts"
import * as StrataApi from "../../../src/kernel/http/StrataApi.ts"

const Open = openStruct({}).annotate({ identifier: "Open" })
const Replaced = openStruct({ within: openStruct({}).annotate({ identifier: "Within" }) }).annotate({
  identifier: "Replaced"
})
const frame = HttpApiSchema.StreamSse({ events: Schema.Struct({ event: Schema.tag("message"), data: Schema.String }) })

const Verse = Schema.Struct({ text: Schema.String }).annotate({ identifier: "Verse" })

const group = HttpApiGroup.make("poems")
  .add(
    HttpApiEndpoint.post("createPoem", "/poems", { payload: Open, success: [Open, frame] })
      .annotate(OpenApi.Identifier, "createPoem")
      .annotate(DescribedWire, {
        request: () =>
          Schema.Struct({
            title: Schema.String,
            verses: Schema.Array(Verse),
            first: Schema.Union([Verse]).annotate({ description: "The first one." })
          }).annotate({ identifier: "Ask" }),
        event: () => Verse
      })
  )
  .add(HttpApiEndpoint.post("createSong", "/songs", { payload: Open, success: Open }))
  .add(
    HttpApiEndpoint.get("readPoem", "/poems", { success: Replaced }).annotate(OpenApi.Identifier, "readPoem")
      .annotate(DescribedWire, { response: () => Verse })
  )

const document = JSON.parse(JSON.stringify(OpenApi.fromApi(StrataApi.make([group as never]))))
const { get: read, post: poem } = document.paths["/poems"]
const { post: song } = document.paths["/songs"]
const reference = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } })

describe("DescribedWire", () => {
  it("given what an operation takes and streams, when the document is made, then it says that, and what is within", () => {
    assert.deepStrictEqual(poem.requestBody.content["application/json"], reference("Ask"))
    assert.deepStrictEqual(poem.responses["200"].content["text/event-stream"], reference("Verse"))
    assert.deepStrictEqual(document.components.schemas.Ask.properties.verses.items, reference("Verse").schema)
  })

  it("given what is not described, then it stands as the route has it", () => {
    assert.deepStrictEqual(poem.responses["200"].content["application/json"], reference("Open"))
    assert.deepStrictEqual(song.requestBody.content["application/json"], reference("Open"))
    assert.property(poem.responses, "400")
  })

  it("given a description around what has a name, then it stands beside the reference", () => {
    assert.deepStrictEqual(document.components.schemas.Ask.properties.first, {
      description: "The first one.",
      ...reference("Verse").schema
    })
  })

  it("given an operation without a body, then it gets none; what nobody has any more is not in the document", () => {
    assert.notProperty(read, "requestBody")
    assert.deepStrictEqual(read.responses["200"].content["application/json"], reference("Verse"))
    assert.notProperty(document.components.schemas, "Replaced")
    assert.notProperty(document.components.schemas, "Within")
  })
})
