/** Threads that read files: what ends one of them harms nobody. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Worker } from "node:worker_threads"
import type { ExtractionLimits } from "../../../src/kernel/extraction/ExtractionLimits.ts"
import { defaults } from "../../../src/kernel/extraction/ExtractionLimits.ts"
import * as ExtractionThreads from "../../../src/kernel/extraction/ExtractionThreads.ts"
import { auto } from "../../../src/kernel/text/ChunkingStrategy.ts"
import * as OfficeFiles from "../../support/OfficeFiles.ts"

const file = (content: string | Uint8Array, name = "a.txt") => ({
  name,
  contentType: "text/plain",
  bytes: Buffer.from(content)
})

/** Threads whose program is another: `parentPort` is there, and `ask` is called with each message. */
const given = Effect.fnUntraced(function*(limits: Partial<ExtractionLimits> = {}, program?: string) {
  const started: Array<Worker> = []
  const start = () => {
    const worker = new Worker(
      `const { parentPort } = require("node:worker_threads"); parentPort.on("message", (asked) => { ${program} })`,
      { eval: true }
    )
    started.push(worker)
    return worker
  }
  const threads = yield* ExtractionThreads.make({ ...defaults, ...limits }, program === undefined ? undefined : start)
  return { threads, started }
})

const ended = (worker: Worker) =>
  Effect.callback<void>((resume) => {
    if (worker.threadId === -1) return resume(Effect.void)
    worker.once("exit", () => resume(Effect.void))
  })

const forEver = "while (true) {}"

describe("threads that read files", () => {
  it.live("read one after the other in the same thread, and say how far they are", () =>
    Effect.gen(function*() {
      const { threads } = yield* given()
      const done: Array<number> = []
      const pdf = file(OfficeFiles.pdf(["a", "b", "c", "d"]), "a.pdf")
      const read = yield* threads.read(pdf, auto, (share) => void done.push(share))
      assert.strictEqual(read.parts.length, 4)
      assert.deepStrictEqual(done, done.toSorted((a, b) => a - b))
      assert.strictEqual(done.at(-1), 1)
      assert.isAbove(done.length, 3)
      assert.strictEqual((yield* threads.read(file("Oslo"), auto)).text, "Oslo")
      assert.strictEqual(threads.idle, 1)
      const refused = yield* Effect.flip(threads.read(file(""), auto))
      assert.strictEqual(refused.reason, "no_text")
      assert.strictEqual(threads.idle, 1)
    }))

  it.live("given a file without an end, when its time is over, then it fails, and its thread has ended", () =>
    Effect.gen(function*() {
      const { started, threads } = yield* given({ max_seconds: 1 }, forEver)
      const error = yield* Effect.flip(threads.read(file("x"), auto))
      assert.strictEqual(error.reason, "timed_out")
      assert.include(error.message, "max_seconds")
      yield* ended(started[0]!)
      assert.strictEqual(threads.idle, 0)
    }))

  it.live("given somebody leaves, then the thread ends, and the next has another", () =>
    Effect.gen(function*() {
      const { started, threads } = yield* given({ threads: 1 }, forEver)
      const first = yield* Effect.forkChild(threads.read(file("x"), auto))
      while (started.length === 0) yield* Effect.sleep("5 millis")
      yield* Fiber.interrupt(first)
      yield* ended(started[0]!)
      const second = yield* Effect.forkChild(threads.read(file("y"), auto))
      while (started.length === 1) yield* Effect.sleep("5 millis")
      yield* Fiber.interrupt(second)
      yield* ended(started[1]!)
    }))

  it.live("given a thread that breaks or ends, then its file fails alone", () =>
    Effect.gen(function*() {
      const { threads } = yield* given(
        {},
        "const text = Buffer.from(asked.file.bytes).toString();" +
          "if (text === \"throw\") throw new Error(\"no\"); if (text === \"end\") process.exit(3);" +
          "setTimeout(() => parentPort.postMessage({ type: \"failed\", reason: \"broken\", message: text }), 50)"
      )
      const all = yield* Effect.forEach(
        ["throw", "end", "other"],
        (text) => Effect.flip(threads.read(file(text), auto)),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(all.map(({ reason }) => reason), ["processor_failed", "processor_failed", "broken"])
    }))

  it.live(
    "given a file that takes all memory, of the heap or beside it, then it fails, and the server goes on",
    () =>
      Effect.gen(function*() {
        for (const what of ["new Array(1e6).fill(Math.random())", "new Uint8Array(5e6).fill(1)"]) {
          const program = `const kept = []; const more = () => { kept.push(${what}); setTimeout(more, 1) }; more()`
          const { threads } = yield* given({ max_memory_bytes: 100 * 1024 * 1024, max_seconds: 60 }, program)
          const error = yield* Effect.flip(threads.read(file("x"), auto))
          assert.strictEqual(error.reason, "too_large")
          assert.include(error.message, "max_memory_bytes")
        }
      }),
    60_000
  )

  it.live("are as many as was said; who is one too many is told so", () =>
    Effect.gen(function*() {
      const { started, threads } = yield* given({ threads: 2, max_waiting: 1 }, forEver)
      const reading = yield* Effect.forkChild(
        Effect.forEach([1, 2, 3], () => threads.read(file("x"), auto), { concurrency: "unbounded" })
      )
      while (started.length < 2) yield* Effect.sleep("5 millis")
      assert.strictEqual((yield* Effect.flip(threads.read(file("x"), auto))).reason, "busy")
      assert.strictEqual(started.length, 2)
      yield* Fiber.interrupt(reading)
    }))

  it.live("take no file that is longer than is read", () =>
    Effect.gen(function*() {
      const { started, threads } = yield* given({ max_file_bytes: 3 }, forEver)
      const error = yield* Effect.flip(threads.read(file("four"), auto))
      assert.strictEqual(error.reason, "too_large")
      assert.deepStrictEqual(started, [])
    }))
})
