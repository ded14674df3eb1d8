/** Wherever bytes come from: in order, with one end, held where they are not wanted, let go where nobody is left. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Stream } from "effect"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { kinds, makeSink } from "../../support/ByteSources.ts"

const texts = (count: number) => Array.from({ length: count }, (_, index) => `<${index}>`)

const until = (condition: () => boolean) =>
  Effect.sleep("1 millis").pipe(Effect.repeat({ until: condition }), Effect.timeout("5 seconds"), Effect.orDie)

const aWhile = Effect.sleep("30 millis")

describe.each(kinds)("ByteSource.$kind", ({ make }) => {
  it.live.each(
    [
      { ending: "ends", last: "(end)" },
      { ending: "fails", last: "(failed: it broke)" }
    ] as const
  )("gives the chunks in order, and $last once", ({ ending, last }) =>
    Effect.gen(function*() {
      const { source } = make({ chunks: texts(40), ending })
      const { calls, sink } = makeSink()
      yield* source.open(sink)
      yield* until(() => calls.includes(last))
      yield* aWhile
      assert.deepStrictEqual(calls, [...texts(40), last])
    }))

  it.live("has no chunk while it is paused but one on its way, and goes on where it was", () =>
    Effect.gen(function*() {
      const { source } = make({ chunks: texts(40), ending: "ends" })
      const { calls, sink } = makeSink()
      const control = yield* source.open({
        ...sink,
        chunk: (bytes) => {
          sink.chunk(bytes)
          if (calls.length === 5) control.pause()
        }
      })
      yield* until(() => calls.length >= 5)
      yield* aWhile
      assert.isAtMost(calls.length, 6)
      control.resume()
      yield* until(() => calls.includes("(end)"))
      assert.deepStrictEqual(calls, [...texts(40), "(end)"])
    }))

  it.live("paused before its first chunk gives none", () =>
    Effect.gen(function*() {
      const { source } = make({ chunks: texts(3), ending: "ends" })
      const { calls, sink } = makeSink()
      const control = yield* source.open(sink)
      control.pause()
      control.pause()
      yield* aWhile
      assert.deepStrictEqual(calls, [])
      control.resume()
      control.resume()
      yield* until(() => calls.includes("(end)"))
      assert.deepStrictEqual(calls, [...texts(3), "(end)"])
    }))

  it.live.each([{ paused: false }, { paused: true }])(
    "is released when it is cancelled, and calls nothing after it; paused: $paused",
    ({ paused }) =>
      Effect.gen(function*() {
        const { released, source } = make({ chunks: texts(1000), ending: "fails" })
        const { calls, sink } = makeSink()
        const control = yield* source.open(sink)
        yield* until(() => calls.length >= 3)
        if (paused) control.pause()
        control.cancel()
        const before = calls.length
        yield* until(released)
        control.resume()
        yield* aWhile
        assert.strictEqual(calls.length, before)
        control.cancel()
      })
  )

  it.live("is released when it is cancelled while nothing comes", () =>
    Effect.gen(function*() {
      const { released, source } = make({ chunks: texts(1), ending: "stays open" })
      const { calls, sink } = makeSink()
      const control = yield* source.open(sink)
      yield* until(() => calls.length === 1)
      control.cancel()
      yield* until(released)
      assert.deepStrictEqual(calls, texts(1))
    }))

  it.live.each(["ends", "fails"] as const)(
    "is the same as a stream that %s, and is released at its end",
    (ending) =>
      Effect.gen(function*() {
        const { released, source } = make({ chunks: texts(100), ending })
        const passed: Array<string> = []
        const exit = yield* source.stream.pipe(
          Stream.runForEach((bytes) => Effect.sync(() => passed.push(Buffer.from(bytes).toString("utf8")))),
          Effect.exit
        )
        assert.deepStrictEqual(passed, texts(100))
        assert.strictEqual(
          Exit.isSuccess(exit) ? undefined : Cause.squash(exit.cause),
          ending === "ends" ? undefined : "it broke"
        )
        assert.isTrue(released())
      })
  )

  it.live("waits for a slow reader with a bounded number of chunks", () =>
    Effect.gen(function*() {
      const { given, source } = make({ chunks: texts(2000), ending: "ends" })
      let [read, most] = [0, 0]
      yield* source.stream.pipe(
        Stream.take(60),
        Stream.runForEach(() =>
          Effect.map(Effect.sleep("2 millis"), () => {
            read++
            most = Math.max(most, given() - read)
          })
        )
      )
      assert.strictEqual(read, 60)
      assert.isAtMost(most, 40)
    }))

  it.live("is released where who reads its stream is interrupted", () =>
    Effect.gen(function*() {
      const { given, released, source } = make({ chunks: texts(5), ending: "stays open" })
      const fiber = yield* Effect.forkChild(Stream.runDrain(source.stream))
      yield* until(() => given() === 5)
      yield* Fiber.interrupt(fiber)
      yield* until(released)
    }))
})

/** A source whose chunks are lists, as that of the parts of a stream. */
const inLists = <E>(source: ByteSource.ByteSource<E>) =>
  ByteSource.through<E, E, readonly [Uint8Array, Uint8Array], Uint8Array>(source, (sink) => ({
    chunk: (bytes) => sink.chunk([bytes, Buffer.from("|")]),
    end: () => sink.end(),
    fail: (cause) => sink.fail(cause)
  }))

describe.each(kinds)("what is taken of ByteSource.$kind", ({ make }) => {
  it.live.each(["ends", "fails"] as const)(
    "is in order and all of it, to its end: it %s",
    (ending) =>
      Effect.gen(function*() {
        const { released, source } = make({ chunks: texts(100), ending })
        let taken = ""
        const exit = yield* Effect.exit(
          ByteSource.runForEach(inLists(source), (values) =>
            Effect.sync(() => {
              assert.isAbove(values.length, 0)
              taken += Buffer.concat(values).toString("utf8")
            }))
        )
        assert.strictEqual(taken, texts(100).map((text) => `${text}|`).join(""))
        assert.strictEqual(
          Exit.isSuccess(exit) ? undefined : Cause.squash(exit.cause),
          ending === "ends" ? undefined : "it broke"
        )
        assert.isTrue(released())
      })
  )

  it.live("waits for who takes, and is released where that fails", () =>
    Effect.gen(function*() {
      const { given, released, source } = make({ chunks: texts(2000), ending: "ends" })
      let [taken, most] = [0, 0]
      const error = yield* Effect.flip(
        ByteSource.runForEach(inLists(source), (values) => {
          taken += values.length / 2
          most = Math.max(most, given() - taken)
          return taken > 60 ? Effect.fail("enough") : Effect.sleep("2 millis")
        })
      )
      assert.strictEqual(error, "enough")
      assert.isAtMost(most, 40)
      yield* until(released)
    }))

  it.live("is released where who takes is interrupted", () =>
    Effect.gen(function*() {
      const { given, released, source } = make({ chunks: texts(5), ending: "stays open" })
      const fiber = yield* Effect.forkChild(ByteSource.runForEach(inLists(source), () => Effect.void))
      yield* until(() => given() === 5)
      yield* Fiber.interrupt(fiber)
      yield* until(released)
    }))
})

describe("ByteSource.make", () => {
  it.live("keeps to the contract where the source does not: what comes too late reaches nobody", () =>
    Effect.gen(function*() {
      const late: Array<() => void> = []
      const { calls, sink } = makeSink()
      const source = ByteSource.make<string>((gated) => {
        late.push(() => gated.chunk(Buffer.from("late")), () => gated.end(), () => gated.fail(Cause.fail("late")))
        gated.chunk(Buffer.from("in time"))
        gated.end()
        return { pause: () => {}, resume: () => {}, cancel: () => {} }
      })
      yield* source.open(sink)
      for (const call of late) call()
      assert.deepStrictEqual(calls, ["in time", "(end)"])
    }))

  it.live("goes on where all was read before the source could be paused", () =>
    Effect.gen(function*() {
      const source = ByteSource.make<never>((sink) => {
        let [paused, given] = [false, 0]
        const burst = () => {
          if (paused) return
          for (let count = 0; count < 16; count++) sink.chunk(Buffer.from(String(given++)))
          if (given < 160) setImmediate(burst)
          else sink.end()
        }
        burst()
        return {
          pause: () => {
            paused = true
          },
          resume: () => {
            if (paused) setImmediate(burst)
            paused = false
          },
          cancel: () => {}
        }
      })
      const all = yield* Stream.runCollect(source.stream).pipe(Effect.timeout("2 seconds"))
      assert.strictEqual(all.length, 160)
    }))
})

describe.each(kinds)("a view of ByteSource.$kind", ({ make }) => {
  it.live.each(
    [
      { ending: "ends", last: "(end)" },
      { ending: "fails", last: "(failed: it broke)" },
      { ending: "stays open", last: "(cancelled)" }
    ] as const
  )("tells a watcher first what it gives: $last", ({ ending, last }) =>
    Effect.gen(function*() {
      const { calls, sink } = makeSink()
      const { source } = make({ chunks: texts(3), ending })
      const watched = ByteSource.watch(source, { ...sink, cancelled: () => void calls.push("(cancelled)") })
      const seen: Array<string> = []
      yield* watched.stream.pipe(
        Stream.take(3),
        Stream.runForEach((bytes) => {
          seen.push(Buffer.from(bytes).toString("utf8"))
          assert.isTrue(seen.every((text) => calls.includes(text)))
          return Effect.void
        })
      )
      assert.deepStrictEqual(seen, texts(3))
      assert.deepStrictEqual(calls.slice(0, 3), texts(3))
      assert.isTrue(calls.includes(last) || calls.includes("(cancelled)"))
    }))
})

describe("ByteSource.make, left by its reader", () => {
  it.live.each([{ taken: 1, expected: "left" }, { taken: undefined, expected: "cancelled" }])(
    "is $expected",
    ({ expected, taken }) =>
      Effect.gen(function*() {
        const how: Array<string> = []
        const source = ByteSource.make<never>((sink) => {
          sink.chunk(Buffer.from("one"))
          return {
            pause: () => {},
            resume: () => {},
            cancel: () => void how.push("cancelled"),
            leave: () => void how.push("left")
          }
        })
        const reading = taken === undefined ? source.stream : Stream.take(source.stream, taken)
        const fiber = yield* Effect.forkChild(Stream.runDrain(reading))
        yield* Effect.sleep("10 millis")
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual(how, [expected])
      })
  )
})
