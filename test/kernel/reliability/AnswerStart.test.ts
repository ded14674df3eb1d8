/** An answer is waited for until something of it is there, and is whole for who reads it then. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Stream } from "effect"
import * as ByteCollector from "../../../src/kernel/bytes/ByteCollector.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import * as AnswerStart from "../../../src/kernel/reliability/AnswerStart.ts"

const bytes = (stream: Stream.Stream<Uint8Array, string>) => ({
  status: 200,
  headers: {},
  body: ByteSource.fromStream(stream)
})

const pieces = ["a", "b", "c"].map((text) => Buffer.from(text))

const read = Effect.fnUntraced(function*(stream: Stream.Stream<Uint8Array, string>) {
  const { body } = (yield* AnswerStart.ofBytes(bytes(stream))).answer
  if (typeof body === "string" || body instanceof Uint8Array) return "it is no stream"
  return (yield* ByteCollector.collect(body)).toString()
})

describe("an answer that has begun", () => {
  it.live("has all its bytes", () =>
    Effect.map(read(Stream.fromIterable(pieces)), (text) => assert.strictEqual(text, "abc")))

  it.live("may be empty", () => Effect.map(read(Stream.empty), (text) => assert.strictEqual(text, "")))

  it.live("fails at its end where it breaks off behind its first bytes", () =>
    Effect.gen(function*() {
      const { answer, broken } = yield* AnswerStart.ofBytes(
        bytes(Stream.concat(Stream.fromIterable(pieces), Stream.fail("broken")))
      )
      assert.isUndefined(broken)
      if (typeof answer.body === "string" || answer.body instanceof Uint8Array) return assert.fail("it is no stream")
      assert.strictEqual(yield* Effect.flip(ByteCollector.collect(answer.body)), "broken")
    }))

  it.live("says at once that it breaks off before them, and fails for who reads it all the same", () =>
    Effect.gen(function*() {
      const { answer, broken } = yield* AnswerStart.ofBytes(bytes(Stream.fail("broken")))
      assert.deepStrictEqual(broken, Cause.fail("broken"))
      if (typeof answer.body === "string" || answer.body instanceof Uint8Array) return assert.fail("it is no stream")
      assert.strictEqual(yield* Effect.flip(ByteCollector.collect(answer.body)), "broken")
    }))

  it.live("is left by who does not wait for it any more", () =>
    Effect.gen(function*() {
      let left = false
      const never = Stream.ensuring(Stream.never, Effect.sync(() => void (left = true)))
      const waiting = yield* Effect.forkChild(AnswerStart.ofBytes(bytes(never)))
      yield* Effect.sleep(10)
      assert.isTrue(Exit.isFailure(yield* Effect.andThen(Fiber.interrupt(waiting), Fiber.await(waiting))))
      yield* Effect.sleep(10)
      assert.isTrue(left)
    }))
})
