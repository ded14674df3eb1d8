/** Frames of a stream, stored as what each has of its own. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as FrameRuns from "../../../src/events/facts/FrameRuns.ts"

const chunk = (delta: Record<string, unknown>, finish: string | null = null) =>
  `data: ${
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1760000000,
      model: "m",
      choices: [{ index: 0, delta, finish_reason: finish }]
    })
  }\n\n`

const words = Array.from({ length: 40 }, (_, n) => chunk({ content: ` word${n}` }))

const folded = (frames: ReadonlyArray<string>) => {
  const [text, lengths] = [frames.join(""), frames.map(({ length }) => length)]
  const runs = FrameRuns.of(text, lengths)
  if (runs === undefined) return undefined
  const stored = FrameRuns.fold(text, lengths, runs)
  assert.strictEqual(FrameRuns.unfold(stored, lengths, runs), text)
  assert.strictEqual(stored.toWellFormed(), stored)
  return { runs, stored, text }
}

/** Frames that begin and end alike, most of them: what is between is hard to store, too. */
const Frame = Schema.Struct({
  start: Schema.Literals([
    "data: {\"delta\":{\"content\":\"",
    "event: delta\ndata: {\"text\":\"",
    "😀😀😀😀😀😀😀😀😀",
    ""
  ]),
  number: Schema.Literals([
    "",
    "9",
    "10",
    "11",
    "199",
    "9,\"item_id\":\"msg_1\",\"d\":\"",
    "10,\"item_id\":\"msg_1\",\"d\":\""
  ]),
  middle: Schema.Array(Schema.Literals(["a", "7", "é", "漢", "😀", "😁", "\\", "\"", "\n", "\u0000"])).check(
    Schema.isMaxLength(4)
  ),
  end: Schema.Literals(["\"},\"finish_reason\":null}\n\n", "\"}\n\n", "😁😀😀😀😀😀😀😀😀", ""])
})

describe("the frames of a stream", () => {
  it.effect.prop(
    "are the same again, however they resemble each other",
    {
      frames: Schema.Array(Frame).check(Schema.isMaxLength(40))
    },
    ({ frames }) =>
      Effect.sync(() =>
        void folded(frames.map(({ end, middle, number, start }) => start + number + middle.join("") + end))
      ),
    {
      arbitrary: { runs: 500 }
    }
  )

  it("of a chat completion are stored as their words", () => {
    const stream = [chunk({ role: "assistant", content: "" }), ...words, chunk({}, "stop"), "data: [DONE]\n\n"]
    const { runs, stored, text } = folded(stream)!
    assert.isBelow(stored.length, text.length / 4)
    assert.include(stored, "39")
    // The first and the last ones are none of the words' run.
    assert.deepStrictEqual([runs[0], runs[4]], [1, words.length])
  })

  it("of a response are stored as their numbers and words", () => {
    const delta = (n: number) =>
      `event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":${n},` +
      `"item_id":"msg_0123456789","output_index":0,"content_index":0,"delta":" word${n}","logprobs":[]}\n\n`
    const created = (type: string, n: number) =>
      `event: response.${type}\ndata: {"type":"response.${type}","sequence_number":${n},"response":{"id":"resp_1"}}\n\n`
    const deltas = Array.from({ length: 120 }, (_, n) => delta(n + 3))
    const stream = [created("created", 0), created("in_progress", 1), created("queued", 2), ...deltas]
    const { stored, text } = folded([...stream, created("completed", 123)])!
    assert.isBelow(stored.length, text.length / 10)
  })

  it("of two kinds by turns are stored in runs of their own, or as they are", () => {
    const other = Array.from({ length: 5 }, (_, n) => `event: ping\ndata: {"type":"ping","number":${n}}\n\n`)
    const { runs, stored, text } = folded([...words.slice(0, 10), ...other, ...words.slice(10)])!
    assert.deepStrictEqual(runs.filter((_, index) => index % 4 === 0), [10, 5, 30])
    assert.isBelow(stored.length, text.length / 4)
  })

  it.each([
    { name: "few", frames: words.slice(0, 2) },
    { name: "unlike each other", frames: Array.from({ length: 9 }, (_, n) => `${String(n).repeat(50)}\n\n`) },
    { name: "none", frames: [] }
  ])("stay as they are where they are $name", ({ frames }) => assert.isUndefined(folded(frames)))

  it("stay as they are where their lengths are not all of the text", () =>
    assert.isUndefined(FrameRuns.of(`${words.join("")}x`, words.map(({ length }) => length))))

  it("never cut a character in two", () => {
    const frame = (emoji: string) => `data: {"content":"${emoji}","and":"so on and so on"}\n\n`
    assert.isDefined(folded(["😀", "😁", "🐀", "😂", "a", "😀"].map(frame)))
  })
})
