import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as PassedEvent from "../../../src/apis/responses/PassedEvent.ts"
import { Created } from "../../../src/apis/responses/ResponseEvents.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"

const decode = Schema.decodeUnknownSync(Created.payload)
const around = { owner: null, session: "s" }
const body = { model: "upstream/m", input: "Hello", instructions: "Be terse." }

describe("what is kept of a response that passed", () => {
  it("given a whole one, then its event has what was asked, what was answered, and what is the vendor's own", () => {
    const response = ResponsesVendor.response(1, [ResponsesVendor.reasoning(1)])
    const payload = decode(PassedEvent.of(body, "resp_1", response, around))
    assert.deepInclude(payload, {
      response: "resp_1",
      session: "s",
      request: { model: "upstream/m", instructions: "Be terse." }
    })
    assert.deepStrictEqual(payload.input, [
      { type: "message", role: "user", status: "completed", content: [{ type: "input_text", text: "Hello" }] }
    ])
    assert.deepStrictEqual(payload.end?.output, response["output"])
    assert.notProperty(payload.vendor?.says, "output")
    assert.notProperty(payload.vendor?.says, "id")
  })

  it("given fields of other kinds than the document wants, then the event is one all the same", () => {
    const response = { output: "no list", status: 7, usage: [], error: "text", incomplete_details: 1, created_at: "3" }
    const payload = decode(PassedEvent.of(body, "resp_1", response, around))
    assert.deepStrictEqual(payload.end, {
      status: "completed",
      output: [],
      usage: null,
      error: null,
      incomplete_details: null,
      completed_at: null
    })
    assert.strictEqual(payload.created_at, 3)
    assert.deepInclude(payload.vendor?.says, {
      status: 7,
      usage: [],
      error: "text",
      incomplete_details: 1,
      created_at: "3"
    })
  })
})
