import { assert, describe, it } from "@effect/vitest"
import * as BatchOutput from "../../../src/apis/batches/BatchOutput.ts"

const answer = { line: 1, custom_id: "a\"\n", request_id: "r", status_code: 200 }
const objectOf = (text: string) => {
  assert.strictEqual(text.indexOf("\n"), text.length - 1)
  return JSON.parse(text)
}

describe("a line of a batch's output", () => {
  it.each([
    ["{\n  \"a\": 1.0,\r\n  \"b\": \"x\\ny\"\n}", { a: 1, b: "x\ny" }],
    ["no JSON\nat all", "no JSON\nat all"],
    ["", ""]
  ])("holds an answer of %j, in one line", (body, expected) => {
    const line = objectOf(BatchOutput.answered("batch_1", { ...answer, body }))
    assert.deepStrictEqual(line.response, { status_code: 200, request_id: "r", body: expected })
    assert.deepInclude(line, { custom_id: "a\"\n", error: null })
  })

  it("keeps an answer's numbers as they were written", () => {
    assert.include(
      BatchOutput.answered("batch_1", { ...answer, body: "{\"n\":12345678901234567890.0}" }),
      "12345678901234567890.0"
    )
  })

  it("has the same id each time it is written, and another one than other lines", () => {
    const idOf = (line: number) => objectOf(BatchOutput.answered("batch_1", { ...answer, line, body: "{}" })).id
    assert.strictEqual(idOf(1), idOf(1))
    assert.notStrictEqual(idOf(1), idOf(2))
    assert.match(idOf(1), /^batch_req_/)
  })
})
