/** Recordings come from the log or from a file; one that can't be used says why. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, PlatformError } from "effect"
import { EventHub } from "../../../src/events/EventHub.ts"
import { streamOf } from "../../../src/events/SessionEvents.ts"
import * as SessionFile from "../../../src/kernel/replay/SessionFile.ts"
import { SessionRecordings } from "../../../src/kernel/replay/SessionRecordings.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const event = { ...draft({ id: "one", sessionId: "s" }), position: 1, stream: "session-s", version: 1 }
const files: Readonly<Record<string, string>> = {
  "good.jsonl": SessionFile.format("a session", [event]),
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

const services = SessionRecordings.layer.pipe(Layer.provideMerge(Layer.mergeAll(MemoryHub.layer, fileSystem)))

const refused = [
  { source: { session: "other" }, name: "other", detail: "there is no such session" },
  { source: { file: "none.jsonl" }, name: "none.jsonl", detail: "no such file" },
  { source: { file: "bad.jsonl" }, name: "bad.jsonl", detail: "Line 1 of the session file is not understood" }
]

describe("SessionRecordings", () => {
  it.effect("loads a session of the log, and nothing of the others", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const recordings = yield* SessionRecordings
      yield* hub.append(streamOf("s"), "any", [draft({ id: "one", sessionId: "s" })])
      yield* hub.append(streamOf("t"), "any", [draft({ sessionId: "t" })])
      assert.deepStrictEqual(yield* recordings.load({ session: "s" }), [event])
    }).pipe(Effect.provide(services)))

  it.effect("loads a session file", () =>
    Effect.gen(function*() {
      const recordings = yield* SessionRecordings
      assert.deepStrictEqual(yield* recordings.load({ file: "good.jsonl" }), [event])
    }).pipe(Effect.provide(services)))

  it.effect.each(refused)("says why $name can't be used", ({ detail, name, source }) =>
    Effect.gen(function*() {
      const recordings = yield* SessionRecordings
      const error = yield* Effect.flip(recordings.load(source))
      assert.strictEqual(error.source, name)
      assert.include(error.message, `The recording ${name} can't be used: `)
      assert.include(error.detail, detail)
    }).pipe(Effect.provide(services)))
})
