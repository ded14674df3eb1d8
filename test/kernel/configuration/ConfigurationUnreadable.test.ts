/** Which files are read, and what is said of those that cannot be. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Path, PlatformError } from "effect"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import type { ConfigurationUnreadable } from "../../../src/kernel/configuration/ConfigurationUnreadable.ts"

const environment = ConfigProvider.layer(ConfigProvider.fromEnvRecord({ PORT: "9000" }))
type Reason = ConfigurationUnreadable["reason"]

const refused = (reason: PlatformError.SystemErrorTag) =>
  FileSystem.layerNoop({
    readFileString: () =>
      Effect.fail(PlatformError.systemError({ _tag: reason, module: "FileSystem", method: "readFile" })),
    stat: () => Effect.fail(PlatformError.systemError({ _tag: reason, module: "FileSystem", method: "stat" }))
  })

describe("ConfigurationFile.load", () => {
  it.effect("reads a file", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const path = yield* fileSystem.makeTempFileScoped({ suffix: ".yaml" })
      yield* fileSystem.writeFileString(path, "server: { port: \"${env.PORT}\" }\n")
      const { configuration } = yield* ConfigurationFile.load(path)
      assert.strictEqual(configuration.server.port, 9000)
    }).pipe(Effect.provide([NodeServices.layer, environment])))

  it.effect("names the file in the error of its text", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const file = yield* fileSystem.makeTempFileScoped({ suffix: ".yaml" })
      yield* fileSystem.writeFileString(file, "version: 3")
      const error = yield* Effect.flip(ConfigurationFile.load(file))
      assert.deepInclude(error, { _tag: "ConfigurationInvalid", file })
    }).pipe(Effect.provide(NodeServices.layer)))

  const onDisk: ReadonlyArray<
    { readonly name: string; readonly path: ReadonlyArray<string>; readonly reason: Reason }
  > = [
    { name: "a file that is not there", path: ["absent.yaml"], reason: "not found" },
    { name: "a folder", path: [], reason: "is a folder" },
    { name: "a path through a file", path: ["file.yaml", "below"], reason: "other" }
  ]
  for (const { name, path, reason } of onDisk) {
    it.effect(`cannot read ${name}`, () =>
      Effect.gen(function*() {
        const fileSystem = yield* FileSystem.FileSystem
        const { join } = yield* Path.Path
        const folder = yield* fileSystem.makeTempDirectoryScoped()
        yield* fileSystem.writeFileString(join(folder, "file.yaml"), "")
        const file = join(folder, ...path)
        const error = yield* Effect.flip(ConfigurationFile.load(file))
        assert.deepInclude(error, { _tag: "ConfigurationUnreadable", file, reason })
        assert.include(error.message, file)
      }).pipe(Effect.provide(NodeServices.layer)))
  }

  const reasons: ReadonlyArray<{ readonly tag: PlatformError.SystemErrorTag; readonly reason: Reason }> = [
    { tag: "PermissionDenied", reason: "permission" },
    { tag: "Unknown", reason: "other" }
  ]
  for (const { reason, tag } of reasons) {
    it.effect(`reports ${tag} as ${reason}`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(ConfigurationFile.load("strata.yaml"))
        assert.deepInclude(error, { _tag: "ConfigurationUnreadable", reason })
      }).pipe(Effect.provide(refused(tag))))
  }
})
