/** Parts that stand for others remember them: through an event, and for who asks. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as GivenParts from "../../../src/apis/responses/GivenParts.ts"

type Json = Schema.JsonObject

const sent = { type: "input_file", file_id: "file-1" }
const held = { type: "input_file", filename: "a.txt", file_data: "data:text/plain;base64,eA==" }
const text = { type: "input_text", text: "hello" }
const question = (part: Json): Json => ({ type: "message", role: "user", content: [text, part] })
const result = (part: Json): Json => ({ type: "function_call_output", call_id: "c", output: [part] })

const plain: ReadonlyArray<Json> = [{ type: "message", role: "user", content: "hello" }, question(held), result(held)]
const standing = GivenParts.standingFor(sent, held)
const items = [plain[0]!, question(standing), result(standing)]

describe("parts that stand for others", () => {
  it("are what they hold, in JSON and for who compares them", () => {
    assert.strictEqual(JSON.stringify(items), JSON.stringify(plain))
    assert.deepStrictEqual(items, plain)
  })

  it("are shown as they were given, also behind the event that keeps them", () => {
    const { given = [] } = GivenParts.named(items)
    assert.deepStrictEqual<unknown>(given, [
      { item: 1, field: "content", part: 1, as: sent },
      { item: 2, field: "output", part: 0, as: sent }
    ])
    for (const each of [items, GivenParts.remembered(plain, given)]) {
      assert.deepStrictEqual(GivenParts.asGiven(each), [plain[0]!, question(sent), result(sent)])
    }
  })

  it("are none in most items, nor where an event names what is not there", () => {
    assert.deepStrictEqual(GivenParts.named(plain), {})
    const elsewhere = [{ item: 9, field: "content", part: 0, as: sent }, {
      item: 0,
      field: "output",
      part: 3,
      as: sent
    }]
    assert.deepStrictEqual(
      GivenParts.asGiven(GivenParts.remembered(plain, elsewhere as ReadonlyArray<GivenParts.GivenPart>)),
      plain
    )
  })
})
