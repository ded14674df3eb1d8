/** Recordings come from the log or from a file; one that can't be used says why. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, PlatformError } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Read } from "../../../src/events/log/EventLog.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import { ReplaySources } from "../../../src/kernel/replay/ReplaySources.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { SessionLines } from "../../support/SessionLines.ts"

const event = { ...draft({ id: "one", sessionId: "s" }), position: 1, stream: "session-s", version: 1 }
const files: Readonly<Record<string, string>> = {
  "good.jsonl": SessionLines.text([
    { ...event, type: "a:one", position: 7 },
    { ...event, type: "b:one", position: 7 },
    { ...event, type: "a:two", position: 2 }
  ]),
  "bad.jsonl": "hello"
}

const absent = (path: string) =>
  PlatformError.systemError({
    _tag: "NotFound",
    module: "FileSystem",
    method: "readFileString",
    pathOrDescriptor: path,
    description: "no such file"
  })

const fileSystem = FileSystem.layerNoop({
  readFileString: (path) => {
    const text = files[path]
    return text === undefined ? Effect.fail(absent(path)) : Effect.succeed(text)
  }
})

const services = ReplaySources.layer.pipe(Layer.provideMerge(Layer.mergeAll(MemoryHub.layer, fileSystem)))

const refused = [
  { source: { session: "other" }, name: "other", detail: "there is no such session" },
  { source: { file: "none.jsonl" }, name: "none.jsonl", detail: "no such file" },
  { source: { file: "bad.jsonl" }, name: "bad.jsonl", detail: "Line 1 of the session file is not understood" }
]

const everything = { after: 0, limit: 10 }

describe("SessionRecordings", () => {
  it.effect("opens the whole log, also what is added later", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const log = yield* (yield* ReplaySources).open({})
      assert.strictEqual(yield* log.head, 0)
      yield* hub.append(streamOf("s"), "any", [draft({ id: "one", sessionId: "s" })])
      assert.strictEqual(yield* log.head, 1)
      assert.deepStrictEqual(yield* log.read(everything), [event])
    }).pipe(Effect.provide(services)))

  it.effect("opens the log for a session that is in it", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      yield* hub.append(streamOf("s"), "any", [draft({ id: "one", sessionId: "s" })])
      const log = yield* (yield* ReplaySources).open({ session: "s" })
      assert.deepStrictEqual(yield* log.read({ ...everything, sessionId: "s" }), [event])
    }).pipe(Effect.provide(services)))

  it.effect("opens a session file at positions of its own, whatever it says, to be read by type and in pages", () =>
    Effect.gen(function*() {
      const log = yield* (yield* ReplaySources).open({ file: "good.jsonl" })
      assert.strictEqual(yield* log.head, 3)
      const positions = (read: Partial<Read>) =>
        Effect.map(log.read({ ...everything, ...read }), (events) => events.map(({ position }) => position))
      assert.deepStrictEqual(yield* positions({}), [1, 2, 3])
      assert.deepStrictEqual(yield* positions({ after: 1, limit: 1 }), [2])
      assert.deepStrictEqual(yield* positions({ types: ["a:*"] }), [1, 3])
      assert.deepStrictEqual(yield* positions({ after: 3 }), [])
    }).pipe(Effect.provide(services)))

  it.effect.each(refused)("says why $name can't be used", ({ detail, name, source }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip((yield* ReplaySources).open(source))
      assert.strictEqual(error.source, name)
      assert.include(error.message, `The recording ${name} can't be used: `)
      assert.include(error.detail, detail)
    }).pipe(Effect.provide(services)))
})
