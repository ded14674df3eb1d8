import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
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

describe("the thread of the vectors", () => {
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
