/** A frame says its data, however it is written; `test/kernel/dialects/sse/SseReader.test.ts` has the whole table. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { dataOf, eventsOf, SseFrame } from "../../../../src/kernel/dialects/sse/SseFrame.ts"

const rows: ReadonlyArray<readonly [frame: string, data: string | undefined]> = [
  ["data: 1\n\n", "1"],
  ["data:1", "1"],
  ["data: 1\r\n\r\n", "1"],
  ["data: 1\ndata: 2\n\n", "1\n2"],
  ["event: e\ndata: 1\n\n", "1"],
  ["data: 1\nid: 2\n\n", "1"],
  ["\n\ndata: 1\n\n", "1"],
  ["data:\n\n", ""],
  [": ping\n\n", undefined],
  ["retry: 1\n\n", undefined],
  ["", undefined]
]

describe("SseFrame", () => {
  it.each(rows)("finds in %j the data %j", (text, data) => {
    assert.strictEqual(dataOf(text), data)
    const frame = new SseFrame(Buffer.from(text))
    assert.deepStrictEqual([frame.data, frame.data, frame.text], [data, data, text])
  })

  it.prop("reads a frame at a glance as it reads all of a text", {
    lines: Schema.Array(
      Schema.Literals(["data: a", "data:b", "data", "event: x", "event:", "id: 1", ": c", "data:  d", "retry: 1"])
    ),
    ending: Schema.Literals(["\n", "\r\n", "\r"])
  }, ({ ending, lines }) => {
    const text = [...lines, "", ""].join(ending)
    const [expected, ...others] = eventsOf(text)
    const frame = new SseFrame(Buffer.from(text))
    assert.isEmpty(others)
    assert.strictEqual(frame.data, expected?.data)
    assert.deepStrictEqual(frame.event, expected)
  })
})
