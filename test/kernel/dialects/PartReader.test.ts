/** The parts of a stream are the same however its bytes are cut. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { PartReader } from "../../../src/kernel/dialects/PartReader.ts"

const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`
/** Without the empty line behind the last frame. */
const bytes = Buffer.from([chunk({ content: "Hé" }), chunk({ content: "llo" }), chunk({}, "stop").trimEnd()].join(""))

const read = (...pieces: ReadonlyArray<Uint8Array>) => {
  const reader = new PartReader(chat, "p/m")
  return [...pieces.flatMap((piece) => reader.feed(piece)), ...reader.end()]
}

describe("PartReader", () => {
  it("ends with the whole answer, by who produced it", () => {
    const last = read(bytes).at(-1)
    assert.deepStrictEqual(
      last?.type === "response" ? last.response.content : undefined,
      [{ type: "text", text: "Héllo", producer_model: "p/m" }]
    )
  })

  it.prop("reads the same parts, wherever the bytes are cut", {
    cut: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: bytes.length }))
  }, ({ cut }) => {
    assert.deepStrictEqual(read(bytes.subarray(0, cut), bytes.subarray(cut)), read(bytes))
  })
})
