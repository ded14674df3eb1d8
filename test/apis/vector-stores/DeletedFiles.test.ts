/** Which deletions have been done stands in the log's database: a server that starts again reads the others alone. */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as FilesEvents from "../../../src/apis/files/FilesEvents.ts"
import { NoVectorIndex } from "../../../src/apis/vector-io/VectorIoErrors.ts"
import * as DeletedFiles from "../../../src/apis/vector-stores/DeletedFiles.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { VectorIndexFailed } from "../../../src/kernel/vectors/VectorIndexFailed.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const attached = (file_id: string) => ({
  attachment: `a-${file_id}`,
  vector_store_id: "vs_a",
  batch_id: null,
  file_id,
  filename: "a",
  attributes: {},
  chunking_strategy: { type: "auto" as const },
  created_at: 0,
  status: "completed" as const,
  usage_bytes: 0,
  chunk_count: 0,
  last_error: null
})

const deleted = (file_id: string) =>
  Effect.gen(function*() {
    const event = yield* Draft.make(FilesEvents.Deleted, { file_id, reason: "requested" })
    yield* (yield* EventHub).append(`file/${file_id}`, "any", [event])
  })

it.effect("deleted files are taken out once, also of an index that could not be reached, and none again behind a start", () =>
  Effect.gen(function*() {
    const asked: Array<string> = []
    const done: Array<string> = []
    let failure: VectorIndexFailed | NoVectorIndex | undefined
    const follow = DeletedFiles.follow({
      records: { find: () => Effect.succeed(undefined) },
      attachments: {
        forEach: (where, run) =>
          Effect.andThen(
            Effect.sync(() => void asked.push(String(Reflect.get(where, "file")))),
            run(attached(String(Reflect.get(where, "file"))))
          )
      },
      files: {
        detach: (_, { file_id }) =>
          failure === undefined ? Effect.sync(() => void done.push(file_id)) : Effect.fail(failure)
      }
    })
    const during = (run: Effect.Effect<unknown, unknown, EventHub>) =>
      Effect.gen(function*() {
        const following = yield* Effect.forkChild(follow)
        yield* run
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.interrupt(following)
      })
    yield* during(deleted("file-1"))
    assert.deepStrictEqual([asked, done], [["file-1"], ["file-1"]])
    yield* deleted("file-2")
    yield* during(Effect.void)
    assert.deepStrictEqual([asked, done], [["file-1", "file-2"], ["file-1", "file-2"]])

    failure = new VectorIndexFailed({ provider: "vectors", reason: "unreachable", detail: "down" })
    yield* during(Effect.gen(function*() {
      yield* deleted("file-3")
      yield* TestClock.adjust("10 seconds")
      assert.notInclude(done, "file-3")
      failure = undefined
      yield* TestClock.adjust("1 minute")
      assert.include(done, "file-3")
    }))

    failure = new NoVectorIndex({ provider: "gone", configured: [] })
    yield* during(deleted("file-4"))
    failure = undefined
    asked.length = 0
    yield* during(deleted("file-5"))
    assert.deepStrictEqual(asked, ["file-5"])
  }).pipe(Effect.provide(MemoryHub.layer)))
