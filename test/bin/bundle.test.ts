/** The bundle is what a server starts from where it is of these sources, and nobody meets a second Effect because of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { Http } from "../support/Http.ts"
import * as LoadedModules from "../support/LoadedModules.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A checkout of its own, without a bundle. */
const checkout = Effect.map(TemporaryFolder.make, (parent) => {
  const folder = join(parent, "a folder, 100% für strata")
  for (const name of ["bin", "src", "package.json", "samples", "examples"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  return folder
})

const bundle = (folder: string) =>
  Effect.sync(() => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "bin", "bundle.js")], { encoding: "utf8" })
    assert.deepStrictEqual([status, stderr], [0, ""])
  })

const scriptIn = (folder: string) => join(folder, "bin", "strata.js")

const bundled = ({ files }: LoadedModules.Loaded) => files.filter((url) => url.includes("/bundle/"))

const effects = ({ files }: LoadedModules.Loaded) => files.filter((url) => /\/node_modules\/effect\//.test(url))

describe.skipIf(process.platform === "win32")("bin/bundle.js", () => {
  it.live("makes what a server starts from, until a source changes", () =>
    Effect.gen(function*() {
      const folder = yield* checkout
      const start = LoadedModules.byServer({ script: scriptIn(folder), configuration: LoadedModules.openAi })

      const without = yield* start
      assert.deepStrictEqual(bundled(without), [])
      yield* bundle(folder)
      const first = yield* start
      assert.isNotEmpty(bundled(first))
      assert.deepStrictEqual(effects(first), [])
      assert.isBelow(first.files.length, without.files.length / 3)
      assert.isAbove(first.modules.length, 1000)
      assert.deepStrictEqual(LoadedModules.early(first), [])
      const files = readdirSync(join(folder, "bundle"))
      const having = (pattern: RegExp) =>
        files.filter((name) => name.endsWith(".js") && pattern.test(readFileSync(join(folder, "bundle", name), "utf8")))
      assert.deepStrictEqual(having(/[^\0-\x7f]/), [])
      assert.deepStrictEqual(having(/(?<![\w.$])import\(|import\.meta|importModule\("(?:\.|@?effect|yaml)/), [])
      const compiled = files.filter((name) => name.endsWith(".code")).map((name) => name.replace(/\.\w+\.code$/, ""))
      assert.includeMembers(compiled, bundled(first).map((url) => basename(url)))

      appendFileSync(join(folder, "src", "kernel", "http", "Version.ts"), "// edited\n")
      const edited = yield* start
      assert.deepStrictEqual(bundled(edited), [])
      yield* bundle(folder)
      assert.isNotEmpty(bundled(yield* start))
      assert.deepStrictEqual(readdirSync(folder).filter((name) => name.startsWith("bundle.")), [])
    }), 120_000)

  it.live("leaves it to Strata's own files where a module comes from outside", () =>
    Effect.gen(function*() {
      const folder = yield* checkout
      yield* bundle(folder)
      const configuration = join(folder, "examples", "external-api", "strata.yaml")
      const started = yield* StrataProcess.start(
        ["serve", "--port", "0", "--data", join(folder, "data"), "--config", configuration],
        { folder, script: scriptIn(folder) }
      )
      const server = yield* StrataProcess.ready(started, join(folder, "data"))
      const asked = yield* Http.send(server.url, "/v1/weather/forecasts", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ city: "Nairobi" })
      })
      assert.deepStrictEqual(asked.json, { city: "Nairobi", celsius: 26.5, source: "almanac" })
      assert.strictEqual((yield* server.kill("SIGTERM")).code, 0)
    }), 60_000)

  it.live("does nothing in a package, which has no sources", () =>
    Effect.gen(function*() {
      const folder = yield* checkout
      rmSync(join(folder, "src"), { recursive: true })
      yield* bundle(folder)
      assert.isFalse(existsSync(join(folder, "bundle")))
    }))
})
