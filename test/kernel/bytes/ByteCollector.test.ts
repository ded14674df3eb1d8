/** A body from the chunks of any source: whole, bounded, and let go where nobody waits for it. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Fiber, Stream } from "effect"
import * as ByteCollector from "../../../src/kernel/bytes/ByteCollector.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { kinds } from "../../support/ByteSources.ts"

const texts = (count: number) => Array.from({ length: count }, (_, index) => `<${index}>`)

const until = (condition: () => boolean) =>
  Effect.sleep("1 millis").pipe(Effect.repeat({ until: condition }), Effect.timeout("5 seconds"), Effect.orDie)

describe.each(kinds)("ByteCollector.collect, of ByteSource.$kind", ({ make }) => {
  it.live("gives all of it, or fails as it does, and is released where nobody waits", () =>
    Effect.gen(function*() {
      const whole = yield* ByteCollector.collect(make({ chunks: texts(40), ending: "ends" }).source)
      assert.strictEqual(whole.toString("utf8"), texts(40).join(""))
      assert.lengthOf(yield* ByteCollector.collect(make({ chunks: [], ending: "ends" }).source), 0)
      assert.strictEqual(
        yield* Effect.flip(ByteCollector.collect(make({ chunks: texts(2), ending: "fails" }).source)),
        "it broke"
      )
      const { given, released, source } = make({ chunks: texts(2), ending: "stays open" })
      const fiber = yield* Effect.forkChild(ByteCollector.collect(source))
      yield* until(() => given() === 2)
      yield* Fiber.interrupt(fiber)
      yield* until(released)
    }))
})

describe("ByteCollector.collect, of so many bytes at most", () => {
  const endless = Stream.fromEffectRepeat(Effect.sync(() => Buffer.from("abc")))

  it.live("fails and lets the source go where it gives more than it may", () =>
    Effect.gen(function*() {
      let released = false
      const source = ByteSource.fromStream(Stream.ensuring(endless, Effect.sync(() => void (released = true))))
      const error = yield* Effect.flip(ByteCollector.collect(source, { bytes: 100, tooLong: () => "too long" }))
      assert.strictEqual(error, "too long")
      yield* until(() => released)
    }))

  it.live("gives all of a source that is as long as it may be", () =>
    Effect.gen(function*() {
      const source = ByteSource.fromChunks(texts(3).map((text) => Buffer.from(text)))
      const all = yield* ByteCollector.collect(source, { bytes: 9, tooLong: () => "too long" })
      assert.strictEqual(all.toString(), "<0><1><2>")
    }))

  it.live("leaves a source that gives too much while it is opened, and hears nothing more of it", () =>
    Effect.gen(function*() {
      const how: Array<string> = []
      const source = ByteSource.make<string>((sink) => {
        sink.chunk(Buffer.from("abc"))
        sink.chunk(Buffer.from("def"))
        return {
          pause: () => {},
          resume: () => {},
          cancel: () => void how.push("cancelled"),
          leave: () => {
            how.push("left")
            sink.end()
            sink.fail(Cause.fail("broken"))
          }
        }
      })
      const error = yield* Effect.flip(ByteCollector.collect(source, { bytes: 5, tooLong: () => "too long" }))
      assert.deepStrictEqual([error, how], ["too long", ["left"]])
    }))
})
