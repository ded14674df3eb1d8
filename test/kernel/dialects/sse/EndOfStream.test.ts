/** A stream ends in one `data: [DONE]`, however the vendor's bytes are cut and whether or not the vendor sends it. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, identity, Queue, Schema, Stream } from "effect"
import * as ByteSource from "../../../../src/kernel/bytes/ByteSource.ts"
import { doneFrame } from "../../../../src/kernel/dialects/chat/DoneFrame.ts"
import * as EndOfStream from "../../../../src/kernel/dialects/sse/EndOfStream.ts"
import { ProviderFailed } from "../../../../src/kernel/http/ProviderErrors.ts"

const done = "data: [DONE]\n\n"

const text = (chunks: ReadonlyArray<Uint8Array>) => Buffer.concat(chunks).toString("utf8")

/** Chunk by chunk, as they are given. */
const doneAtEnd = (stream: Stream.Stream<Uint8Array, ProviderFailed>) =>
  Stream.rechunk(EndOfStream.lastFrameAtEnd(ByteSource.fromStream(stream), doneFrame, identity).stream, 1)

/** The texts as chunks of bytes, ended, and collected. */
const run = (...chunks: ReadonlyArray<string>) =>
  Stream.runCollect(doneAtEnd(Stream.fromIterable(chunks.map((chunk) => Buffer.from(chunk)))))

const rows: ReadonlyArray<
  { readonly name: string; readonly chunks: ReadonlyArray<string>; readonly expected: string }
> = [
  { name: "a frame of its own", chunks: ["data: 1\n\n", done], expected: `data: 1\n\n${done}` },
  { name: "one chunk for all", chunks: [`data: 1\n\n${done}`], expected: `data: 1\n\n${done}` },
  { name: "no frame at all", chunks: ["data: 1\n\n"], expected: `data: 1\n\n${done}` },
  { name: "an empty stream", chunks: [], expected: done },
  { name: "empty chunks", chunks: ["", "data: 1\n\n", ""], expected: `data: 1\n\n${done}` },
  { name: "the frame without a space", chunks: ["data: 1\n\n", "data:[DONE]\n\n"], expected: `data: 1\n\n${done}` },
  { name: "carriage returns", chunks: ["data: 1\r\n\r\n", "data: [DONE]\r\n\r\n"], expected: `data: 1\r\n\r\n${done}` },
  { name: "no line end behind the frame", chunks: ["data: 1\n\ndata: [DONE]"], expected: `data: 1\n\n${done}` },
  { name: "one line end behind the frame", chunks: ["data: 1\n\ndata: [DONE]\n"], expected: `data: 1\n\n${done}` },
  {
    name: "more line ends behind the frame",
    chunks: ["data: 1\n\ndata: [DONE]\n\n\n\n"],
    expected: `data: 1\n\n${done}`
  },
  { name: "a frame cut in two", chunks: ["data: 1\n\ndata: [DO", "NE]\n\n"], expected: `data: 1\n\n${done}` },
  {
    name: "a frame without a space, cut in two",
    chunks: ["data: 1\n\ndata:[DO", "NE]\n\n"],
    expected: `data: 1\n\n${done}`
  },
  { name: "its line ends cut off", chunks: ["data: 1\n\ndata: [DONE]", "\n", "\n"], expected: `data: 1\n\n${done}` },
  {
    name: "what only begins like the frame",
    chunks: ["data: 1\n\nda", "ta: 2\n\n"],
    expected: `data: 1\n\ndata: 2\n\n${done}`
  },
  {
    name: "a last frame that was never ended",
    chunks: ["data: 1\n\ndata: {\"a\""],
    expected: `data: 1\n\ndata: {"a"\n\n${done}`
  },
  { name: "a last frame that lacks its empty line", chunks: ["data: 1\n"], expected: `data: 1\n\n${done}` },
  { name: "a last frame that lacks it, cut small", chunks: ["data: 1", "\r", "\n"], expected: `data: 1\r\n\n${done}` },
  { name: "an end that was cut small", chunks: ["data: 1\n", "\n"], expected: `data: 1\n\n${done}` },
  { name: "a stream that ends inside a name", chunks: ["data: 1\n\ndat"], expected: `data: 1\n\ndat\n\n${done}` },
  {
    name: "the frame with an id before its data",
    chunks: ["data: 1\n\n", "id: 7\nevent: done\ndata: [DONE]\n\n"],
    expected: `data: 1\n\n${done}`
  },
  { name: "the frame with more spaces", chunks: ["data: 1\n\ndata:  [DONE] \n\n"], expected: `data: 1\n\n${done}` },
  { name: "the frame behind CR alone", chunks: ["data: 1\r\rdata: [DONE]\r\r"], expected: `data: 1\r\r${done}` },
  {
    name: "the frame behind CR alone, cut",
    chunks: ["data: 1\r\r", "data: [DONE]\r\r"],
    expected: `data: 1\r\r${done}`
  },
  { name: "a last line that lacks one CR", chunks: ["data: 1\r"], expected: `data: 1\r\r${done}` },
  {
    name: "a long frame, cut where a text in it says the same",
    chunks: [`data: "${"x".repeat(200)}`, "data: [DONE]", "\"\n\n"],
    expected: `data: "${"x".repeat(200)}data: [DONE]"\n\n${done}`
  },
  {
    name: "a long frame whose line ends come alone",
    chunks: [`data: ${"x".repeat(200)}`, "\n", "\n", "data: [DONE]\n\n"],
    expected: `data: ${"x".repeat(200)}\n\n${done}`
  },
  {
    name: "a long frame whose empty line comes with the last frame",
    chunks: [`data: ${"x".repeat(200)}\r\n`, "\r\ndata:[DONE]\n"],
    expected: `data: ${"x".repeat(200)}\r\n\r\n${done}`
  },
  {
    name: "the mark inside a text",
    chunks: ["data: \"data: [DONE]\"\n\n"],
    expected: `data: "data: [DONE]"\n\n${done}`
  }
]

const Frame = Schema.Union([Schema.String.check(Schema.isMaxLength(40)), Schema.Literal("long ".repeat(50))])
const ending = Schema.Literals([
  "",
  "data: [DONE]\n\n",
  "data:[DONE]\n\n",
  "data: [DONE]\r\n\r\n",
  "data: [DONE]",
  "data:[DONE]\n"
])
const Cut = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 }))

const cutBytes = (bytes: Uint8Array, cuts: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other)
  return [0, ...places].map((place, index) => bytes.subarray(place, places[index] ?? bytes.length))
}

describe("EndOfStream", () => {
  it.effect.each(rows)("ends $name", ({ chunks, expected }) =>
    Effect.gen(function*() {
      const collected = yield* run(...chunks)
      assert.strictEqual(text(collected), expected)
      // The end travels alone, so that it can wait until what came before is recorded.
      assert.strictEqual(text(collected.slice(-1)), done)
    }))

  it.effect.prop(
    "gives the frames byte by byte and one [DONE], wherever the bytes are cut",
    { frames: Schema.Array(Frame), ending, lineEnd: Schema.Literals(["\n\n", "\r\n\r\n"]), cuts: Schema.Array(Cut) },
    ({ cuts, ending, frames, lineEnd }) =>
      Effect.gen(function*() {
        const sent = frames.map((frame) => `data: ${JSON.stringify(frame)}${lineEnd}`).join("")
        const chunks = cutBytes(Buffer.from(sent + ending), cuts)
        const collected = yield* Stream.runCollect(doneAtEnd(Stream.fromIterable(chunks)))
        assert.strictEqual(text(collected), sent + done)
        assert.strictEqual(text(collected.slice(-1)), done)
      }),
    { arbitrary: { runs: 1000 } }
  )

  const finishing: ReadonlyArray<
    readonly [name: string, chunks: ReadonlyArray<string>, asked: ReadonlyArray<string>, read: number]
  > = [
    ["in one chunk", ["data: 1\n\ndata: end\n\n"], ["data: end\n\n"], 0],
    ["in a chunk of its own", ["data: 1\n\n", "data: end\n\n"], ["data: end\n\n"], 0],
    ["alone", ["data: end\n\n"], ["data: end\n\n"], 0],
    ["long", [`data: end${"x".repeat(500)}\n\n`], [`data: end${"x".repeat(119)}`], 0],
    ["with another behind it", ["data: end\n\ndata: 1\n\n"], ["data: 1\n\n"], 1],
    ["without its empty line", ["data: 1\n\ndata: end\n"], [], 1],
    ["with other line ends", ["data: 1\r\n\r\ndata: end\r\n\r\n"], [], 1],
    ["with an empty line more", ["data: end\n\n\n"], [], 1]
  ]
  it.effect.each(finishing)(
    "given the frame that says it is finished, %s, then what came before is read where that frame is not the last",
    ([, chunks, asked, read]) =>
      Effect.gen(function*() {
        const heads: Array<string> = []
        let count = 0
        const end: EndOfStream.StreamEnd = {
          ...doneFrame,
          isFinished: (head) => heads.push(head) > 0 && head.startsWith("data: end"),
          endingOf: () => {
            count++
            return "finished"
          }
        }
        const source = ByteSource.fromChunks(chunks.map((chunk) => Buffer.from(chunk)))
        const collected = yield* Stream.runCollect(EndOfStream.lastFrameAtEnd(source, end, identity).stream)
        const given = chunks.join("")
        assert.strictEqual(text(collected), (given.endsWith("end\n") ? `${given}\n` : given) + done)
        assert.deepStrictEqual([heads, count], [asked, read])
      })
  )

  it.effect("passes a chunk on as soon as it is there, and the end when the vendor has ended", () =>
    Effect.gen(function*() {
      const queue = yield* Queue.unbounded<Uint8Array, Cause.Done>()
      const pull = yield* Stream.toPull(doneAtEnd(Stream.fromQueue(queue)))
      yield* Queue.offer(queue, Buffer.from("data: 1\n\n"))
      assert.strictEqual(text(yield* pull), "data: 1\n\n")
      yield* Queue.offer(queue, Buffer.from(`data: 2\n\n${done}`))
      assert.strictEqual(text(yield* pull), "data: 2\n\n")
      yield* Queue.end(queue)
      assert.strictEqual(text(yield* pull), done)
      assert.isTrue(Cause.isDone(yield* Effect.flip(pull)))
    }))

  it.effect("passes a comment on at once: it keeps a connection open", () =>
    Effect.gen(function*() {
      const queue = yield* Queue.unbounded<Uint8Array, Cause.Done>()
      const pull = yield* Stream.toPull(doneAtEnd(Stream.fromQueue(queue)))
      for (const comment of [": ping\n", ":\r\n", ": pong\n\n"]) {
        yield* Queue.offer(queue, Buffer.from(comment))
        assert.strictEqual(text(yield* pull), comment)
      }
      yield* Queue.offer(queue, Buffer.from(`: ping\n${done}`))
      assert.strictEqual(text(yield* pull), ": ping\n")
      yield* Queue.end(queue)
      assert.strictEqual(text(yield* pull), done)
    }))

  it.effect("leaves a vendor whose frame never ends, and holds no more of it", () =>
    Effect.gen(function*() {
      const piece = Buffer.alloc(1024 * 1024, "a")
      let sent = 0
      const endless = Stream.fromEffectRepeat(Effect.sync(() => {
        sent++
        return piece
      }))
      const source = Stream.concat(Stream.make<ReadonlyArray<Uint8Array>>(Buffer.from("data: 1\n\n")), endless)
      const broken = { cutOff: () => "cut off", tooLong: () => "too long" } as const
      const seen: Array<Uint8Array> = []
      const ended = EndOfStream.lastFrameAtEnd(ByteSource.fromStream(source), doneFrame, identity, broken).stream
      const error = yield* Effect.flip(Stream.runForEach(ended, (chunk) => Effect.sync(() => seen.push(chunk))))
      assert.strictEqual(error, "too long")
      assert.strictEqual(text(seen), "data: 1\n\n")
      assert.isAtMost(sent * piece.length, EndOfStream.longestFrame + 4 * piece.length)
    }))

  it.effect("does not end a stream that breaks", () =>
    Effect.gen(function*() {
      const broken = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "reset" })
      const seen: Array<Uint8Array> = []
      const error = yield* Stream.make(Buffer.from("data: 1\n\n")).pipe(
        Stream.concat(Stream.fail(broken)),
        doneAtEnd,
        Stream.runForEach((chunk) => Effect.sync(() => seen.push(chunk))),
        Effect.flip
      )
      assert.strictEqual(error, broken)
      assert.strictEqual(text(seen), "data: 1\n\n")
    }))
})
