/** How events show a body. */
import { assert, describe, it } from "@effect/vitest"
import * as BodyText from "../../../src/events/facts/BodyText.ts"
import type { Body } from "../../../src/events/facts/Fact.ts"
import { headSha256 } from "../../../src/events/types/Traffic.ts"

const plain = (text: string): Body => ({ text, encoding: "utf-8", frames: null })
const stream = (...frames: ReadonlyArray<string>): Body => ({
  text: frames.join(""),
  encoding: "utf-8",
  frames: { lengths: frames.map(({ length }) => length), times: frames.map((_, index) => index + 0.5) }
})

describe("a body", () => {
  it("of a stream has its frames again, with the empty and the wide ones", () => {
    const frames = ["data: 漢字\n\n", "", "data: 😀\n\n", "torn"]
    assert.deepStrictEqual(BodyText.framesOf(stream(...frames)), frames)
    assert.isUndefined(BodyText.framesOf(plain("text")))
  })

  it.each([
    { name: "JSON, as it stands", body: plain("{ \"a\": 1.0 }"), shown: "{ \"a\": 1.0 }" },
    { name: "other text, as a string", body: plain("not {json"), shown: "\"not {json\"" },
    { name: "nothing, as an empty string", body: plain(""), shown: "\"\"" },
    { name: "frames, as a list", body: stream("a\n\n", "b\n\n"), shown: "[\"a\\n\\n\",\"b\\n\\n\"]" },
    { name: "a stream without a frame, as null", body: stream(), shown: "null" }
  ])("is shown at debug: $name", ({ body, shown }) => {
    assert.strictEqual(BodyText.excerpt(body, 200), shown)
  })

  it.each([plain("x".repeat(900)), plain(JSON.stringify(["x".repeat(900)])), stream(..."y".repeat(400))])(
    "leaves room for what stands around it",
    (body) => {
      const bytes = BodyText.excerptBytes("answer", 300)
      const shown = `{"response":${BodyText.excerpt(body, bytes)}}`
      assert.isAtMost(Buffer.byteLength(shown), 300)
      assert.include(shown, "truncated")
      JSON.parse(shown)
    }
  )

  it("has fields for the raw payload", () => {
    assert.strictEqual(BodyText.fields(plain("a\"b")), "\"body\":\"a\\\"b\",\"encoding\":\"utf-8\"")
    assert.strictEqual(
      BodyText.fields(stream("a\n", "b\n")),
      "\"frames\":[[0.5,\"a\\n\"],[1.5,\"b\\n\"]],\"encoding\":\"utf-8\""
    )
  })
})

it("a digest of a head is that of status and headers", () => {
  assert.strictEqual(
    BodyText.headDigest("\"status\":200,\"headers\":{\"b\":\"1\",\"a\":\"2\"}"),
    headSha256(200, { a: "2", b: "1" })
  )
})
