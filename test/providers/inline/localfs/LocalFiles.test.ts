import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Stream } from "effect"
import { mkdirSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { FileStorage } from "../../../../src/apis/files/FileStorage.ts"
import { CurrentDataFolder } from "../../../../src/kernel/provider/DataFolder.ts"
import { LocalFiles } from "../../../../src/providers/inline/localfs/LocalFiles.ts"
import { fileStorageContract } from "../../../support/fileStorageContract.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"

const given = (config: { readonly storage_dir?: string }) =>
  Effect.gen(function*() {
    const decoded = { max_file_bytes: 1e9, ...config }
    const context = yield* Layer.build(LocalFiles.layer(decoded, { provider_id: "files" } as never))
    return Context.get(context, FileStorage)
  })

fileStorageContract(
  "inline::localfs",
  Effect.flatMap(TemporaryFolder.make, (folder) => given({ storage_dir: folder }))
)

describe("inline::localfs", () => {
  it.live("keeps them in the data folder, for their owner alone, where nothing else is said", () =>
    Effect.gen(function*() {
      const data = yield* TemporaryFolder.make
      const storage = yield* Effect.provideService(given({}), CurrentDataFolder, data)
      yield* storage.write("file-1a", Stream.make(Buffer.from("x")))
      assert.strictEqual(statSync(join(data, "files", "1a", "file-1a")).mode & 0o777, 0o600)
      assert.strictEqual(statSync(join(data, "files", "1a")).mode & 0o777, 0o700)
    }))

  it.live("leaves nothing where a file can't get its name", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const storage = yield* given({ storage_dir: folder })
      mkdirSync(join(folder, "1a", "file-1a"), { recursive: true })
      const exit = yield* Effect.exit(storage.write("file-1a", Stream.make(Buffer.from("x"))))
      assert.strictEqual(exit._tag, "Failure")
      assert.deepStrictEqual(readdirSync(join(folder, "1a")), ["file-1a"])
    }))

  it.live("takes no key that leads elsewhere", () =>
    Effect.gen(function*() {
      const storage = yield* Effect.flatMap(TemporaryFolder.make, (folder) => given({ storage_dir: folder }))
      const exit = yield* Effect.exit(storage.write("../x", Stream.empty))
      assert.strictEqual(exit._tag, "Failure")
    }))
})
