/** `inline::localfs`: files in a folder of this machine, each under a key of Strata's own. */
import { Effect, Layer, Schema, Stream } from "effect"
import { createHash } from "node:crypto"
import { createReadStream, mkdirSync } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import { mkdir, open, rename, rm, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { FilesApi } from "../../../apis/files/FilesApi.ts"
import type { ByteRange, StorageKey } from "../../../apis/files/FileStorage.ts"
import { FileStorage, keyOrThrow, StorageFailed } from "../../../apis/files/FileStorage.ts"
import { CurrentDataFolder } from "../../../kernel/provider/DataFolder.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { whole } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

const Config = Schema.Struct({
  storage_dir: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description:
        "Folder of the files, relative to where Strata is started; made when it is missing, for its owner alone. " +
        "Default: files in the data folder."
    }).pipe(FieldPrompt.annotate({ prompt: "Folder of the files (empty: in the data folder)" }))
  ),
  max_file_bytes: whole(1, Number.MAX_SAFE_INTEGER, {
    description: "The longest file that is taken, bytes. Default 536870912 (512 MiB).",
    default: 512 * 1024 * 1024
  }).pipe(FieldPrompt.annotate({ prompt: "The longest file that is taken, bytes" }))
})
type Config = typeof Config.Type

const folderMode = 0o700
const fileMode = 0o600

const isMissing = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT"

const reasonOf = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)

const make = ({ max_file_bytes: maxFileBytes, storage_dir }: Config, provider: string, data: string) => {
  const folder = resolve(storage_dir ?? join(data, "files"))

  const failed = (operation: string) => (cause: unknown) =>
    new StorageFailed({ provider, operation, missing: isMissing(cause), reason: reasonOf(cause) })

  const attempt = <A>(operation: string, run: () => Promise<A>) =>
    Effect.tryPromise({ try: run, catch: failed(operation) })

  /** Two characters of the key are a folder: none gets too full. */
  const fileOf = (key: StorageKey): string => join(folder, keyOrThrow(key).slice(-2), key)

  const write = <E, R>(key: StorageKey, content: Stream.Stream<Uint8Array, E, R>) =>
    Effect.gen(function*() {
      const file = fileOf(key)
      const partial = `${file}.part`
      const sha256 = createHash("sha256")
      const md5 = createHash("md5")
      let bytes = 0
      const append = (handle: FileHandle) => (chunk: Uint8Array) => {
        bytes += chunk.length
        sha256.update(chunk)
        md5.update(chunk)
        return attempt("be written", () => handle.writeFile(chunk))
      }
      yield* attempt("be written", () => mkdir(join(file, ".."), { recursive: true, mode: folderMode }))
      yield* Effect.acquireUseRelease(
        attempt("be written", () => open(partial, "w", fileMode)),
        (handle) =>
          Effect.andThen(
            Stream.runForEach(content, append(handle)),
            attempt("be written", () => handle.sync())
          ),
        (handle) => Effect.promise(() => handle.close())
      ).pipe(
        Effect.andThen(attempt("be written", () => rename(partial, file))),
        Effect.onError(() => Effect.ignore(attempt("be removed", () => rm(partial, { force: true }))))
      )
      return { bytes, sha256: sha256.digest("hex"), md5: md5.digest("hex") }
    })

  const read = (key: StorageKey, range?: ByteRange) =>
    Stream.unwrap(
      Effect.map(attempt("be read", () => stat(fileOf(key))), ({ size }) =>
        size === 0
          ? Stream.empty
          : Stream.fromAsyncIterable<Uint8Array, StorageFailed>(
            createReadStream(fileOf(key), range),
            failed("be read")
          ))
    )

  return FileStorage.of({
    maxFileBytes,
    write,
    read,
    remove: (key) => attempt("be removed", () => rm(fileOf(key), { force: true })),
    health: Effect.try({
      try: () => void mkdirSync(folder, { recursive: true, mode: folderMode }),
      catch: (cause) => ({ message: `The folder ${folder} can't be written: ${reasonOf(cause)}` })
    })
  })
}

export const LocalFiles = Provider.make({
  api: FilesApi,
  type: "inline::localfs",
  displayName: "Files in a folder",
  description: "Keeps files in a folder of this machine.",
  config: Config,
  requires: [],
  capabilities: ["files"],
  status: { status: "proven", against: "a real folder, in the tests" },
  layer: (config, { provider_id }) =>
    Layer.effect(FileStorage, Effect.map(CurrentDataFolder, (data) => make(config, provider_id, data)))
})
