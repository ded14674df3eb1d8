import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Worker } from "node:worker_threads"
import * as VectorThread from "../../../../src/kernel/vectors/sqlite/VectorThread.ts"

/** A thread that ends when it is asked for a second time. */
const fragile = () =>
  new Worker(
    `const { parentPort } = require("node:worker_threads")
    let count = 0
    parentPort.on("message", ({ id }) => ++count > 1 ? process.exit(3) : parentPort.postMessage({ id, answer: { chunks: [], count } }))`,
    { eval: true }
  )

/** A thread that answers nothing until it is asked to drop something. */
const silent = () =>
  new Worker(
    `const { parentPort } = require("node:worker_threads")
    const all = []
    parentPort.on("message", (message) => {
      if (message.question?.method !== "drop") return void all.push(message)
      for (const { id } of [...all.splice(0), message]) parentPort.postMessage({ id, answer: { chunks: [], count: 1 } })
    })`,
    { eval: true }
  )

describe("the thread of the vectors", () => {
  it.live("has so many questions before it and no more, also of who has left", () =>
    Effect.scoped(Effect.gen(function*() {
      const thread = yield* VectorThread.make({ provider: "vectors", file: "none", start: silent, most: 3, closing: 0 })
      const ask = thread.ask({ method: "check" })
      const waits = yield* Effect.forkChild(ask, { startImmediately: true })
      const leaves = yield* Effect.forkChild(ask, { startImmediately: true })
      yield* Fiber.interrupt(leaves)
      const last = yield* Effect.forkChild(thread.ask({ method: "drop", name: "a" }), { startImmediately: true })
      const refused = yield* Effect.flip(ask)
      assert.include(refused, { reason: "busy", detail: "3 questions wait for it: ask again in a moment" })
      yield* Fiber.join(waits)
      yield* Fiber.join(last)
      assert.strictEqual((yield* thread.ask({ method: "drop", name: "a" })).count, 1)
    })))

  it.live("is replaced for the next who asks, where it breaks", () =>
    Effect.scoped(Effect.gen(function*() {
      let started = 0
      const thread = yield* VectorThread.make({
        provider: "vectors",
        file: "none",
        start: () => {
          started++
          return fragile()
        }
      })
      assert.strictEqual((yield* thread.ask({ method: "check" })).count, 1)
      const broken = yield* Effect.flip(thread.ask({ method: "check" }))
      assert.match(broken.message, /its thread ended with 3/)
      assert.strictEqual((yield* thread.ask({ method: "check" })).count, 1)
      assert.strictEqual(started, 2)
    })))

  it.live("says why the database can't be used", () =>
    Effect.scoped(Effect.gen(function*() {
      const thread = yield* VectorThread.make({ provider: "vectors", file: "/proc/none/vectors.db" })
      const error = yield* Effect.flip(thread.ask({ method: "check" }))
      assert.include(error, { _tag: "VectorIndexFailed", reason: "failed" })
    })))
})
