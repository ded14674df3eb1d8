import { assert, describe, it } from "vitest"
import * as BrokenResponse from "../../../src/apis/responses/BrokenResponse.ts"

const frame = (event: object) => Buffer.from(`data: ${JSON.stringify(event)}\n\n`)

const begun = frame({ type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } })
const done = (output_index: number) =>
  frame({ type: "response.output_item.done", output_index, item: { id: `msg_${output_index}` } })
const open = frame({ type: "response.output_text.delta", output_index: 2, delta: "It" })

describe("a response that broke off", () => {
  it("given it had not begun, then there is nothing", () => {
    assert.isUndefined(BrokenResponse.of([], BrokenResponse.cancelled))
    assert.isUndefined(BrokenResponse.of([frame({ type: "error", message: "No." })], BrokenResponse.failed()))
  })

  it("given items that were whole, then it has them in the order of its output", () => {
    assert.deepStrictEqual(BrokenResponse.of([begun, done(1), done(0), open], BrokenResponse.cancelled), {
      id: "resp_1",
      status: "cancelled",
      output: [{ id: "msg_0" }, { id: "msg_1" }],
      error: null
    })
  })

  it.each([
    ["its vendor's error", { type: "error", error: { code: "overloaded", message: "Later." } }, undefined, {
      code: "overloaded",
      message: "Later."
    }],
    ["what its vendor says flatly", { type: "error", code: "overloaded", message: "Later." }, undefined, {
      code: "overloaded",
      message: "Later."
    }],
    ["nothing", {}, undefined, { code: "server_error", message: "The vendor's answer broke off." }],
    ["what failed", {}, { code: "provider_unreachable", message: "Gone." }, {
      code: "provider_unreachable",
      message: "Gone."
    }]
  ])("given %s, then that is its error", (_, last, error, expected) => {
    const broken = BrokenResponse.of([begun, frame(last)], BrokenResponse.failed(error))
    assert.deepInclude(broken, { status: "failed", error: expected })
  })
})
