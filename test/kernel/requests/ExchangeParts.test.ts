/** A request and its answer, as parts of a fact hold them. */
import { assert, describe, it } from "@effect/vitest"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import { StreamCapture } from "../../../src/events/types/StreamCapture.ts"
import { answerHead, bodyOf, requestHead } from "../../../src/kernel/requests/ExchangeParts.ts"

const redactor = new Redactor()

const capture = (...chunks: ReadonlyArray<Uint8Array>) => {
  const stream = new StreamCapture()
  for (const [index, chunk] of chunks.entries()) stream.add(chunk, 1.5 * index)
  return stream.finish()
}

describe("the parts of an exchange", () => {
  it("have heads that are fields of JSON, with what is secret by its name masked", () => {
    const request = requestHead({
      method: "POST",
      url: "http://vendor/v1?api_key=hidden&a=\"b\"",
      headers: { authorization: "Bearer hidden", accept: "*/*" },
      body: "{}"
    }, redactor)
    const answer = answerHead({ status: null, headers: { "set-cookie": "hidden", "x-a": "漢字" } }, redactor)
    assert.notInclude(request + answer, "hidden")
    assert.deepInclude(JSON.parse(`{${request}}`), { method: "POST" })
    assert.deepInclude(JSON.parse(`{${answer}}`), { status: null })
    assert.propertyVal(JSON.parse(`{${answer}}`).headers, "x-a", "漢字")
  })

  it("have the text of a body as it is", () => {
    assert.deepStrictEqual(bodyOf("a\u0000\r\n漢字"), { text: "a\u0000\r\n漢字", encoding: "utf-8", frames: null })
  })

  it("have the frames of a stream as lengths in its text, with their times", () => {
    const body = bodyOf(capture(Buffer.from("data: 漢字\n\ndata: 😀"), Buffer.from("\n\ntorn")))
    assert.deepStrictEqual(body, {
      text: "data: 漢字\n\ndata: 😀\n\ntorn",
      encoding: "utf-8",
      frames: { lengths: [10, 10, 4], times: [0, 1.5, 1.5] }
    })
  })

  it("have bytes that are no text as base64, piece by piece", () => {
    const body = bodyOf(capture(Buffer.from([0xff]), Buffer.from([0x00, 0xfe])))
    assert.deepStrictEqual(body, { text: "/w==AP4=", encoding: "base64", frames: { lengths: [4, 4], times: [0, 1.5] } })
  })
})
