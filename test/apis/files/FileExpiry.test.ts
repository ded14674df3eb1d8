/** Files whose time is over are removed, uploads ended, and what can't be removed now is tried again. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as FileExpiry from "../../../src/apis/files/FileExpiry.ts"
import * as FilesEvents from "../../../src/apis/files/FilesEvents.ts"
import { FileKind, UploadKind } from "../../../src/apis/files/FilesKinds.ts"
import { CurrentTenant } from "../../../src/events/types/Tenant.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const fileOf = (id: string, expires_at: number | null) => ({
  file: {
    id,
    object: "file" as const,
    bytes: 1,
    created_at: 0,
    expires_at,
    filename: "a.txt",
    purpose: "assistants" as const,
    status: "processed" as const
  },
  provider_id: "files",
  sha256: "00",
  content_type: "text/plain",
  owner: null
})

const uploadOf = (id: string, expires_at: number) => ({
  upload: {
    id,
    object: "upload" as const,
    bytes: 1,
    created_at: 0,
    expires_at,
    filename: "a.txt",
    purpose: "assistants" as const,
    status: "pending" as const,
    file: null
  },
  provider_id: "files",
  mime_type: "text/plain",
  expires_after_seconds: null,
  owner: null
})

const given = Effect.gen(function*() {
  const files = yield* Documents.of(FileKind)
  const uploads = yield* Documents.of(UploadKind)
  const removed: Array<string> = []
  const ended: Array<string> = []
  const failing = new Set<string>()
  const gone = (id: string, to: Array<string>) =>
    failing.has(id)
      ? Effect.fail(new Error("its provider can't be reached"))
      : Effect.flatMap(CurrentTenant, (tenant) => Effect.sync(() => void to.push(tenant + id)))
  const end = (id: string) =>
    uploads.change(
      id,
      "update",
      () => Effect.map(Documents.draft(FilesEvents.UploadEnded, { status: "expired", file: null }), (event) => [event])
    )
  return {
    removed,
    ended,
    failing,
    store: (id: string, expires_at: number | null) =>
      files.create(
        id,
        () => Effect.map(Documents.draft(FilesEvents.Created, fileOf(id, expires_at)), (event) => [event])
      ),
    begin: (id: string, expires_at: number) =>
      uploads.create(
        id,
        () => Effect.map(Documents.draft(FilesEvents.UploadBegun, uploadOf(id, expires_at)), (event) => [event])
      ),
    sweep: FileExpiry.run({
      removeFile: (id) => gone(id, removed),
      endUpload: (id) => Effect.andThen(gone(id, ended), end(id))
    })
  }
})

describe("files and uploads", () => {
  it.effect("whose time is over are gone, and no others", () =>
    Effect.gen(function*() {
      const { begin, ended, removed, store, sweep } = yield* given
      yield* store("file-1", 60)
      yield* store("file-2", 61)
      yield* store("file-3", null)
      yield* begin("upload_1", 60)
      yield* begin("upload_2", 3600)
      assert.deepStrictEqual(yield* sweep, { files: 0, uploads: 0 })
      yield* TestClock.adjust("60 seconds")
      assert.deepStrictEqual(yield* sweep, { files: 1, uploads: 1 })
      assert.deepStrictEqual([removed, ended], [["file-1"], ["upload_1"]])
      yield* TestClock.adjust("1 second")
      // An upload that has ended is never ended again.
      assert.deepStrictEqual(yield* sweep, { files: 2, uploads: 0 })
      assert.deepStrictEqual(removed, ["file-1", "file-1", "file-2"])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("are removed in their own tenant, however many there are, and one that fails is no obstacle", () =>
    Effect.gen(function*() {
      const { failing, removed, store, sweep } = yield* given
      const ids = Array.from({ length: 600 }, (_, at) => `file-${at}`)
      for (const id of ids) yield* Effect.provideService(store(id, 60), CurrentTenant, "acme")
      failing.add("file-0")
      yield* TestClock.adjust("60 seconds")
      yield* sweep
      assert.deepStrictEqual(removed, ids.slice(1).map((id) => `acme${id}`))
      failing.clear()
      yield* sweep
      assert.include(removed, "acmefile-0")
    }).pipe(Effect.provide(MemoryHub.layer)))
})
