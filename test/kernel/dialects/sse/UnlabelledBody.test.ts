/** Events and texts are told apart by how they begin, wherever their bytes are cut; neither loses any. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import * as ByteSource from "../../../../src/kernel/bytes/ByteSource.ts"
import * as UnlabelledBody from "../../../../src/kernel/dialects/sse/UnlabelledBody.ts"

const streamOf = (text: string, size: number) =>
  Stream.fromIterable(
    Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      Buffer.from(text.slice(index * size, (index + 1) * size)) as Uint8Array)
  ).pipe(Stream.rechunk(1))

const read = <E>(stream: Stream.Stream<Uint8Array, E>) => UnlabelledBody.read(ByteSource.fromStream(stream))

const kinds = [
  { text: "data: {}\n\ndata: [DONE]\n\n", events: true },
  { text: ": ping\n\ndata: 1\n\n", events: true },
  { text: "\r\n\r\nevent: a\ndata: 1\n\n", events: true },
  { text: "id: 1\n\n", events: true },
  { text: "{\"data\": 1}", events: false },
  { text: "<html>data: 1\n\n</html>", events: false },
  { text: "data", events: false },
  { text: "", events: false }
]

describe("UnlabelledBody", () => {
  it.effect.each(kinds.flatMap((kind) => [1, 3, 1000].map((size) => ({ ...kind, size }))))(
    "reads $text in pieces of $size",
    ({ events, size, text }) =>
      Effect.gen(function*() {
        let released = 0
        const stream = Stream.ensuring(streamOf(text, size), Effect.sync(() => released++))
        const body = yield* read(stream)
        assert.strictEqual(typeof body, events ? "object" : "string")
        const whole = typeof body === "string" ? body : yield* Stream.mkString(Stream.decodeText(body.stream))
        assert.strictEqual(whole, text)
        assert.strictEqual(released, 1)
      })
  )

  it.effect.each([["a text", "text "], ["nothing but spaces", "   "]])(
    "gives up %s that does not end",
    ([, piece]) =>
      Effect.gen(function*() {
        let released = 0
        const endless = Stream.fromEffectRepeat(Effect.sync((): Uint8Array => Buffer.from(piece!)))
        const stream = Stream.ensuring(endless, Effect.sync(() => released++))
        const error = yield* Effect.flip(UnlabelledBody.read(ByteSource.fromStream(stream), 1000))
        assert.strictEqual(error._tag, "TooLong")
        yield* Effect.yieldNow
        assert.strictEqual(released, 1)
      })
  )

  it.effect("fails as the stream does, before and behind the beginning", () =>
    Effect.gen(function*() {
      const early = yield* Effect.flip(read(Stream.concat(streamOf("da", 1), Stream.fail("early"))))
      assert.strictEqual(early, "early")
      const body = yield* read(Stream.concat(streamOf("data: 1\n\n", 100), Stream.fail("late")))
      if (typeof body === "string") return assert.fail("it is a stream")
      assert.strictEqual(yield* Effect.flip(Stream.runDrain(body.stream)), "late")
    }))

  it.effect.each(["before it can be told", "behind the beginning"])(
    "releases the source it is left, %s",
    (when) =>
      Effect.gen(function*() {
        const [released, given] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
        const text = when === "behind the beginning" ? "data: 1\n\n" : "da"
        const more = Stream.concat(Stream.fromEffectDrain(Deferred.succeed(given, undefined)), Stream.never)
        const stream = Stream.ensuring(Stream.concat(streamOf(text, 100), more), Deferred.succeed(released, undefined))
        const fiber = yield* Effect.forkChild(
          Effect.flatMap(read(stream), (body) => typeof body === "string" ? Effect.void : Stream.runDrain(body.stream))
        )
        yield* Deferred.await(given)
        yield* Fiber.interrupt(fiber)
        yield* Deferred.await(released)
      })
  )
})
