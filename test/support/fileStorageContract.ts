/** What every storage of files keeps to. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { Scope } from "effect"
import { createHash } from "node:crypto"
import type { FileStorage } from "../../src/apis/files/FileStorage.ts"

type Storage = FileStorage["Service"]

const bytes = (text: string) => new TextEncoder().encode(text)

const textOf = (storage: Storage, key: string, range?: { readonly start: number; readonly end: number }) =>
  Effect.map(Stream.runCollect(storage.read(key, range)), (chunks) => Buffer.concat(chunks).toString())

export const fileStorageContract = (name: string, make: Effect.Effect<Storage, never, Scope.Scope>) => {
  describe(`${name} keeps files`, () => {
    it.live("as they were written, and says how long they are", () =>
      Effect.gen(function*() {
        const storage = yield* make
        const stored = yield* storage.write("file-1", Stream.make(bytes("Oslo "), bytes("is cold.")))
        assert.deepInclude(stored, {
          bytes: 13,
          sha256: createHash("sha256").update("Oslo is cold.").digest("hex"),
          md5: createHash("md5").update("Oslo is cold.").digest("hex")
        })
        assert.strictEqual(yield* textOf(storage, "file-1"), "Oslo is cold.")
        assert.strictEqual(yield* textOf(storage, "file-1", { start: 5, end: 6 }), "is")
      }))

    it.live("that are empty", () =>
      Effect.gen(function*() {
        const storage = yield* make
        assert.include(yield* storage.write("file-1", Stream.empty), { bytes: 0 })
        assert.strictEqual(yield* textOf(storage, "file-1"), "")
      }))

    it.live("whole or not at all", () =>
      Effect.gen(function*() {
        const storage = yield* make
        const broken = Stream.concat(Stream.make(bytes("half")), Stream.fail("the client left" as const))
        assert.strictEqual(yield* Effect.flip(storage.write("file-1", broken)), "the client left")
        const gone = yield* Effect.flip(textOf(storage, "file-1"))
        assert.include(gone, { _tag: "StorageFailed", missing: true })
        yield* storage.write("file-2", Stream.make(bytes("before")))
        yield* Effect.flip(storage.write("file-2", broken))
        assert.strictEqual(yield* textOf(storage, "file-2"), "before")
      }))

    it.live("until they are removed, once or twice", () =>
      Effect.gen(function*() {
        const storage = yield* make
        yield* storage.write("file-1", Stream.make(bytes("x")))
        yield* storage.remove("file-1")
        yield* storage.remove("file-1")
        assert.include(yield* Effect.flip(textOf(storage, "file-1")), { missing: true })
      }))
  })
}
