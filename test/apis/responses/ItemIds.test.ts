/** Ids of items that were given without one. */
import { assert, describe, it } from "@effect/vitest"
import * as ItemIds from "../../../src/apis/responses/ItemIds.ts"
import * as ResponseItems from "../../../src/apis/responses/ResponseItems.ts"

const given = [
  { role: "user", content: "one" },
  { type: "function_call_output", call_id: "call_1", output: "two" },
  { type: "message", role: "user", content: "three", id: "msg_of_the_client" },
  { type: "something_new", more: 4 }
]

describe("items that were given without an id", () => {
  it("are stored without one, and have the same again", () => {
    const kept = given.map((item, index) => ResponseItems.kept(item, "resp_1", index))
    const stored = ItemIds.withoutOwnIds(kept, "resp_1")
    assert.deepStrictEqual(stored.map(({ id }) => id), [undefined, undefined, "msg_of_the_client", undefined])
    assert.deepStrictEqual(ItemIds.withOwnIds(stored, "resp_1"), kept)
    assert.deepStrictEqual(kept.map(({ id }) => id), [
      "msg_resp_1_in0",
      "fco_resp_1_in1",
      "msg_of_the_client",
      "item_resp_1_in3"
    ])
  })

  it("keep ids that are those of another response", () => {
    const others = given.map((item, index) => ResponseItems.kept(item, "resp_1", index))
    assert.deepStrictEqual(ItemIds.withoutOwnIds(others, "resp_2"), others)
  })
})
