/** Server-sent events are the framing where nothing else is; what is captured of another is cut as it says. */
import { assert, describe, it } from "@effect/vitest"
import * as Framing from "../../../src/events/types/Framing.ts"
import { StreamCapture } from "../../../src/events/types/StreamCapture.ts"
import { eventStream } from "../../../src/kernel/dialects/framing/EventStream.ts"
import { ndjson } from "../../../src/kernel/dialects/framing/Ndjson.ts"

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

/** Each piece comes a millisecond after the one before. */
const captured = (framing: Framing.Framing, pieces: ReadonlyArray<Uint8Array>, most?: number) => {
  const capture = new StreamCapture(most)
  for (const [at, piece] of pieces.entries()) capture.add(piece, at)
  return capture.finish(undefined, framing)
}

const values = [{ a: { text: "ø" } }, { b: { n: 1 } }, { c: {} }]

const framings = [
  { name: "lines of JSON", framing: ndjson, encoding: "utf-8" },
  { name: "messages of AWS", framing: eventStream, encoding: "base64" }
] as const

describe("Framing", () => {
  it("knows what is no frame, and no frame of a vendor's as one", () => {
    assert.isTrue(Framing.isBrokenFrame(Framing.brokenFrame("why")))
    for (const text of ["", event({}), Framing.tornFrame]) assert.isFalse(Framing.isBrokenFrame(text))
  })

  it("reads server-sent events as they stand", () => {
    const bytes = Buffer.from("data: ø\n\n")
    assert.strictEqual(Framing.serverSentEvents.textOf(bytes), "data: ø\n\n")
    assert.deepStrictEqual(Buffer.from(Framing.serverSentEvents.frameOf("data: ø\n\n")), bytes)
    assert.strictEqual(Framing.serverSentEvents.beginningIn(Buffer.from("orn\n\ndata: 1\n\n")), 5)
  })

  it.each(framings)(
    "keeps the bytes of $name frame by frame, with their times, and reads each",
    ({ encoding, framing }) => {
      const frames = values.map((value) => Buffer.from(framing.frameOf(event(value))))
      const all = Buffer.concat(frames)
      const stream = captured(framing, [
        all.subarray(0, 3),
        all.subarray(3, frames[0]!.length + 1),
        all.subarray(frames[0]!.length + 1)
      ])
      assert.strictEqual(stream.encoding, encoding)
      const written = stream.frames.map(([time, text]) =>
        [time, Buffer.from(text, encoding === "utf-8" ? "utf8" : "base64")] as const
      )
      assert.deepStrictEqual(written, [[1, frames[0]!], [2, frames[1]!], [2, frames[2]!]])
      assert.deepStrictEqual(stream.texts, values.map((value, at) => [Math.min(at + 1, 2), event(value)] as const))
      const first = stream.first(1)
      assert.deepStrictEqual([first.bytes, first.texts], [frames[0]!, [[1, event(values[0])]]])
    }
  )

  it.each(framings)("reads the last frames of $name where not all were kept", ({ framing }) => {
    const frames = values.map((value) => Buffer.from(framing.frameOf(event(value))))
    const all = Buffer.concat(frames)
    const cut = frames[0]!.length + 4
    const stream = captured(framing, [all.subarray(0, cut), all.subarray(cut)], frames[0]!.length + 5)
    assert.deepStrictEqual(stream.bytes, frames[0]!)
    assert.strictEqual(stream.omitted, all.length - frames[0]!.length)
    assert.deepStrictEqual(stream.texts.map(([, text]) => text), [event(values[0]), event(values[2])])
  })
})
