import { assert, describe, it } from "@effect/vitest"
import * as BatchLine from "../../../src/apis/batches/BatchLine.ts"

const endpoint = "/v1/chat/completions"
const good = { custom_id: "a", method: "POST", url: endpoint, body: { model: "m" } }
const read = (value: unknown) => BatchLine.read(typeof value === "string" ? value : JSON.stringify(value), 3, endpoint)

describe("a line of a batch", () => {
  it("is a request with its number", () => {
    assert.deepStrictEqual(read(good), { _tag: "Line", line: { line: 3, custom_id: "a", body: "{\"model\":\"m\"}" } })
  })

  it.each([
    ["{", "invalid_json_line", null],
    [[good], "invalid_json_line", null],
    ["null", "invalid_json_line", null],
    [{ ...good, custom_id: undefined }, "missing_required_parameter", "custom_id"],
    [{ ...good, custom_id: "" }, "invalid_custom_id", "custom_id"],
    [{ ...good, custom_id: 7 }, "invalid_custom_id", "custom_id"],
    [{ ...good, custom_id: "x".repeat(BatchLine.longestId + 1) }, "invalid_custom_id", "custom_id"],
    [{ ...good, method: "GET" }, "invalid_method", "method"],
    [{ ...good, url: undefined }, "missing_required_parameter", "url"],
    [{ ...good, url: { toString: "x" } }, "mismatched_endpoint", "url"],
    [{ ...good, body: undefined }, "missing_required_parameter", "body"],
    [{ ...good, body: [] }, "invalid_body", "body"],
    [{ ...good, body: { background: true } }, "invalid_body", "body.background"]
  ])("given %j, says what is wrong, and where", (value, code, param) => {
    const { error } = read(value) as Extract<BatchLine.ReadLine, { _tag: "Wrong" }>
    assert.deepInclude(error, { code, param, line: 3 })
    assert.match(error.message, /^Line 3: .+\.$/)
  })
})
