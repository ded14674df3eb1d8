/** Uploads whose requests meet, or whose client leaves at the wrong moment: there is the whole file or none. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect, Layer, Result, Schema, Stream } from "effect"
import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { ConflictError } from "openai"
import { FilesApi } from "../../../src/apis/files/FilesApi.ts"
import { FileStorage, StorageFailed } from "../../../src/apis/files/FileStorage.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const { ask } = FilesWorld

const given = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  const { client } = yield* FilesWorld.make({ storage_dir: folder })
  const { id } = yield* ask(() =>
    client.uploads.create({ filename: "big.txt", bytes: 3, mime_type: "text/plain", purpose: "assistants" })
  )
  const part = yield* ask(() => client.uploads.parts.create(id, { data: new File(["abc"], "part") }))
  const filesIn = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map(({ name }) =>
      name
    )
  return { client, id, part_ids: [part.id], filesIn }
})

/** Keeps everything in memory, and removes no part. */
const KeepingFiles = Provider.make({
  api: FilesApi,
  type: "inline::keeping",
  description: "Its parts can't be removed.",
  config: Schema.Struct({}),
  requires: [],
  layer: (_, { provider_id: provider }) =>
    Layer.sync(FileStorage, () => {
      const kept = new Map<string, Uint8Array>()
      return FileStorage.of({
        maxFileBytes: 1000,
        write: (key, content) =>
          Effect.map(Stream.runCollect(content), (chunks) => {
            const bytes = Buffer.concat([...chunks])
            kept.set(key, bytes)
            const digest = (name: string) => createHash(name).update(bytes).digest("hex")
            return { bytes: bytes.length, sha256: digest("sha256"), md5: digest("md5") }
          }),
        read: (key) => {
          const bytes = kept.get(key)
          return bytes === undefined
            ? Stream.fail(new StorageFailed({ provider, operation: "be read", missing: true, reason: "gone" }))
            : Stream.make(bytes)
        },
        remove: (key) =>
          key.startsWith("part_")
            ? Effect.fail(new StorageFailed({ provider, operation: "be removed", missing: false, reason: "busy" }))
            : Effect.sync(() => void kept.delete(key))
      })
    })
})

describe.each(ways)("an upload, before $way", ({ it, stored }) => {
  it.live("given it is completed many times at once, when all have their answer, then there is one file, and it is whole", () =>
    Effect.gen(function*() {
      const { client, filesIn, id, part_ids } = yield* given
      const results = yield* Effect.forEach(
        Array.from({ length: 8 }),
        () => Effect.result(ask(() => client.uploads.complete(id, { part_ids }))),
        { concurrency: "unbounded" }
      )
      const done = results.filter(Result.isSuccess)
      assert.strictEqual(done.length, 1)
      for (const failed of results.filter(Result.isFailure)) assert.instanceOf(failed.failure.cause, ConflictError)
      const { data } = yield* ask(() => client.files.list())
      assert.deepStrictEqual(data.map((file) => file.id), [done[0]!.success.file!.id])
      assert.deepStrictEqual(filesIn().map(stored(data[0]!.id)), [data[0]!.id])
      assert.strictEqual(
        yield* ask(() => client.files.content(data[0]!.id).then((response) => response.text())),
        "abc"
      )
    }))

  it.live("given it is cancelled while it is completed, when both have their answer, then one of them holds", () =>
    Effect.gen(function*() {
      const { client, filesIn, id, part_ids } = yield* given
      const [completed, cancelled] = yield* Effect.all([
        Effect.result(ask(() => client.uploads.complete(id, { part_ids }))),
        Effect.result(ask(() => client.uploads.cancel(id)))
      ], { concurrency: "unbounded" })
      assert.notStrictEqual(Result.isSuccess(completed), Result.isSuccess(cancelled))
      const { data } = yield* ask(() => client.files.list())
      assert.strictEqual(data.length, Result.isSuccess(completed) ? 1 : 0)
      assert.lengthOf(filesIn(), data.length)
    }))

  it.live("given a name with half a character, when its file is downloaded, then it comes under a name that can be written", () =>
    Effect.gen(function*() {
      const { client } = yield* given
      const { id } = yield* ask(() =>
        client.uploads.create({ filename: "\ud800.txt", bytes: 3, mime_type: "text/plain", purpose: "assistants" })
      )
      const part = yield* ask(() => client.uploads.parts.create(id, { data: new File(["abc"], "part") }))
      const { file } = yield* ask(() => client.uploads.complete(id, { part_ids: [part.id] }))
      const response = yield* ask(() => client.files.content(file!.id))
      assert.strictEqual(yield* ask(() => response.text()), "abc")
      assert.include(response.headers.get("content-disposition"), ".txt")
    }))

  it.live("given a storage that keeps what it should remove, when it is completed, then its file is there", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        types: [...registry, KeepingFiles],
        more: { files: [{ provider_id: "files", provider_type: "inline::keeping", config: {} }] }
      })
      const client = FilesWorld.clientOf(strata)
      const { id } = yield* ask(() =>
        client.uploads.create({ filename: "big.txt", bytes: 3, mime_type: "text/plain", purpose: "assistants" })
      )
      const part = yield* ask(() => client.uploads.parts.create(id, { data: new File(["abc"], "part") }))
      const { file, status } = yield* ask(() => client.uploads.complete(id, { part_ids: [part.id] }))
      assert.strictEqual(status, "completed")
      assert.strictEqual(yield* ask(() => client.files.content(file!.id).then((response) => response.text())), "abc")
    }))
})
