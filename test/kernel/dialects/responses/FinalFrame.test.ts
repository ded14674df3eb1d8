/** Which frames carry the whole response. */
import { assert, describe, it } from "@effect/vitest"
import { isFinalFrame } from "../../../../src/kernel/dialects/responses/FinalFrame.ts"

const bytes = (text: string) => Buffer.from(text)

describe("the final frame", () => {
  for (const type of ["response.completed", "response.incomplete", "response.failed"]) {
    it(`given a frame of ${type}, however long, then it is one`, () => {
      const data = `data: {"type":"${type}","response":{"output":"${"x".repeat(100_000)}"}}\n\n`
      assert.isTrue(isFinalFrame(bytes(`event: ${type}\n${data}`)))
      assert.isTrue(isFinalFrame(bytes(data)))
      assert.isTrue(isFinalFrame(bytes(`: comment\n\nevent: ${type}\r\n${data}`)))
    })
  }

  it("given any other frame, also one that speaks of such, then it is none", () => {
    for (
      const text of [
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"response.completed\"}\n\n",
        "event: response.completed_soon\ndata: {}\n\n",
        "data: [DONE]\n\n",
        ""
      ]
    ) assert.isFalse(isFinalFrame(bytes(text)))
  })
})
