/** Of a stream's bytes, the values they carry. */
import { assert, describe, it } from "@effect/vitest"
import * as SseJson from "../../../../src/kernel/dialects/sse/SseJson.ts"

const rows: ReadonlyArray<{ readonly name: string; readonly text: string; readonly chunks: ReadonlyArray<unknown> }> = [
  { name: "nothing", text: "", chunks: [] },
  {
    name: "frames, without the last word",
    text: `data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n`,
    chunks: [{ n: 1 }, { n: 2 }]
  },
  { name: "frames with no space", text: `data:{"n":1}\n\n`, chunks: [{ n: 1 }] },
  { name: "frames that end in CRLF", text: `data: {"n":1}\r\n\r\ndata: {"n":2}\r\n\r\n`, chunks: [{ n: 1 }, { n: 2 }] },
  { name: "frames that end in CR", text: `data: {"n":1}\r\rdata: {"n":2}\r\r`, chunks: [{ n: 1 }, { n: 2 }] },
  { name: "data over several lines", text: `data: {"n":\ndata: 1}\n\n`, chunks: [{ n: 1 }] },
  { name: "frames with a name", text: `event: message\nid: 7\ndata: {"n":1}\n\n`, chunks: [{ n: 1 }] },
  { name: "no comments", text: `: ping\n\ndata: {"n":1}\n\n`, chunks: [{ n: 1 }] },
  { name: "nothing that is not JSON", text: `data: oh\n\ndata: {"n":1}\n\n`, chunks: [{ n: 1 }] },
  { name: "a last frame without its end", text: `data: {"n":1}\n\ndata: {"n":2}`, chunks: [{ n: 1 }, { n: 2 }] }
]

describe("SseJson", () => {
  it.each(rows)("reads $name", ({ chunks, text }) => {
    assert.deepStrictEqual<unknown>(SseJson.valuesOf(text), chunks)
  })
})
