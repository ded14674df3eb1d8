/** The thread of the model: started late, left by who leaves, replaced when it breaks, ended with the provider. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Worker } from "node:worker_threads"
import * as EmbeddingVector from "../../../../src/kernel/embeddings/EmbeddingVector.ts"
import * as EmbeddingThread from "../../../../src/providers/inline/sentence-transformers/EmbeddingThread.ts"

/** A thread that does what each text says. */
const obedient = () =>
  new Worker(
    `const { parentPort } = require("node:worker_threads")
     parentPort.on("message", ({ type, id, texts }) => {
       if (type === "cancel" || texts[0] === "wait") return
       if (texts[0] === "break") throw new Error("out of memory")
       if (texts[0] === "end") process.exit(3)
       if (texts[0] === "fail") return parentPort.postMessage({ type: "failed", id, message: "no such word" })
       parentPort.postMessage({ type: "embedded", id, vectors: texts, tokens: texts.length })
     })`,
    { eval: true }
  )

const given = (maxWaiting = 4, start: (() => Worker) | undefined = obedient) =>
  EmbeddingThread.make({ maxWaiting, ...start === undefined ? {} : { start } })

describe("EmbeddingThread", () => {
  it.live("starts when it is first asked, and not before", () =>
    Effect.gen(function*() {
      const thread = yield* given()
      assert.isFalse(thread.isStarted)
      assert.deepInclude(yield* thread.embed(["a", "b"]), { vectors: ["a", "b"], tokens: 2 })
      assert.isTrue(thread.isStarted)
    }).pipe(Effect.scoped))

  it.live("refuses who would wait too long", () =>
    Effect.gen(function*() {
      const thread = yield* given(1)
      const waiting = yield* Effect.forkChild(thread.embed(["wait"]), { startImmediately: true })
      const { message, reason } = yield* Effect.flip(thread.embed(["a"]))
      assert.strictEqual(reason, "busy")
      assert.include(message, "max_waiting")
      yield* Fiber.interrupt(waiting)
      assert.deepInclude(yield* thread.embed(["a"]), { tokens: 1 })
    }).pipe(Effect.scoped))

  it.live.each([["break", "out of memory"], ["end", "3"]])(
    "fails all who wait when it breaks, and works again: %s",
    ([how, says]) =>
      Effect.gen(function*() {
        const thread = yield* given()
        const waiting = yield* Effect.forkChild(Effect.flip(thread.embed(["wait"])), { startImmediately: true })
        const error = yield* Effect.flip(thread.embed([how!]))
        assert.include(error.message, says!)
        assert.strictEqual((yield* Fiber.join(waiting)).reason, "failed")
        assert.deepInclude(yield* thread.embed(["a"]), { tokens: 1 })
      }).pipe(Effect.scoped)
  )

  it.live("says what the model says of a text", () =>
    Effect.gen(function*() {
      const thread = yield* given()
      assert.strictEqual((yield* Effect.flip(thread.embed(["fail"]))).message, "no such word")
    }).pipe(Effect.scoped))

  it.live("ends with its scope, whoever waits", () =>
    Effect.gen(function*() {
      const waiting = yield* Effect.scoped(Effect.gen(function*() {
        const thread = yield* given()
        return yield* Effect.forkDetach(Effect.flip(thread.embed(["wait"])), { startImmediately: true })
      }))
      assert.strictEqual((yield* Fiber.join(waiting)).message, "the provider is stopped")
    }))

  it.live("answers few texts before many that came first", () =>
    Effect.gen(function*() {
      const thread = yield* EmbeddingThread.make({ maxWaiting: 4 })
      const many = Array.from({ length: 200 }, (_, at) => `text number ${at} of many`)
      const order: Array<string> = []
      const ask = (name: string, texts: ReadonlyArray<string>) =>
        Effect.map(thread.embed(texts), () => void order.push(name))
      const first = yield* Effect.forkChild(ask("many", many), { startImmediately: true })
      yield* ask("few", ["one"])
      yield* Fiber.join(first)
      assert.deepStrictEqual(order, ["few", "many"])
    }).pipe(Effect.scoped))

  it.live("runs the model, and leaves what nobody waits for", () =>
    Effect.gen(function*() {
      const thread = yield* EmbeddingThread.make({ maxWaiting: 8 })
      const texts = Array.from({ length: 2000 }, (_, index) => `Sentence number ${index}.`)
      const abandoned = yield* Effect.forkChild(thread.embed(texts), { startImmediately: true })
      const queued = yield* Effect.forkChild(thread.embed(texts), { startImmediately: true })
      const next = yield* Effect.forkChild(thread.embed(["a", "\ud800"]), { startImmediately: true })
      yield* Fiber.interruptAll([abandoned, queued])
      const { tokens, vectors } = yield* Fiber.join(next)
      assert.deepStrictEqual(vectors.map((vector) => EmbeddingVector.fromBase64(vector)?.length), [512, 512])
      assert.isAbove(tokens, 1)
    }).pipe(Effect.scoped), 20_000)
})
