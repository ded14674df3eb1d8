/** The bundle is what a server starts from where it is of these sources, and nobody meets a second Effect because of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
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

const makeBundle = (folder: string) =>
  Effect.sync(() => spawnSync(process.execPath, [join(folder, "bin", "bundle.js")], { encoding: "utf8" }))

const bundle = (folder: string) =>
  Effect.map(makeBundle(folder), ({ status, stderr }) => assert.deepStrictEqual([status, stderr], [0, ""]))

const scriptIn = (folder: string) => join(folder, "bin", "strata.js")

const bundled = ({ files }: LoadedModules.Loaded) => files.filter((url) => url.includes("/bundle/"))

const effects = ({ files }: LoadedModules.Loaded) => files.filter((url) => /\/node_modules\/effect\//.test(url))

/** What stands in files of its own: packages, a program of Strata's for a thread, what a documentation is made of. */
const answersFromFiles = Effect.fnUntraced(function*(url: string) {
  const initialize = yield* Http.send(url, "/mcp", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } }
    })
  })
  assert.include(initialize.text, `"serverInfo"`)
  assert.include((yield* Http.send(url, "/docs")).text, "@scalar/api-reference")
})

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
      const wide = readdirSync(join(folder, "bundle")).filter((name) =>
        /\.c?js$/.test(name) && /[^\0-\x7f]/.test(readFileSync(join(folder, "bundle", name), "utf8"))
      )
      assert.deepStrictEqual(wide, [])

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

describe.skipIf(process.platform !== "linux")("bin/snapshot.js", () => {
  it.live("makes a snapshot that this Node's servers begin from, and no other's", () =>
    Effect.gen(function*() {
      const folder = yield* checkout
      yield* bundle(folder)
      const begun = (environment: Readonly<Record<string, string>>) =>
        Effect.scoped(Effect.gen(function*() {
          const server = yield* StrataProcess.serve({ folder, environment, script: scriptIn(folder) })
          yield* answersFromFiles(server.url)
          const from = readFileSync(`/proc/${server.pid}/cmdline`, "utf8").split("\0")
          const { code, stderr } = yield* server.kill("SIGTERM")
          assert.deepStrictEqual([code, stderr], [0, ""])
          return from.includes("--snapshot-blob")
        }))
      const made = join(folder, "bundle", "made-by.txt")
      const itself = readFileSync(made, "utf8")
      assert.isTrue(yield* begun({}))
      assert.isFalse(yield* begun({ NODE_OPTIONS: "--no-deprecation" }))
      assert.isFalse(yield* begun({ STRATA_BUNDLE: "0" }))
      writeFileSync(made, itself.replace(process.version, "v24.0.0"))
      assert.isFalse(yield* begun({}))
      writeFileSync(made, itself)
      appendFileSync(join(folder, "src", "kernel", "http", "Version.ts"), "// edited\n")
      assert.isFalse(yield* begun({}))
    }), 120_000)

  it.live("is of modules that ask neither clock nor chance as they are loaded", () =>
    Effect.gen(function*() {
      const folder = yield* checkout
      const begins = "Object.assign(globalThis, { begins: Math.random() })\n"
      appendFileSync(join(folder, "src", "kernel", "http", "Version.ts"), begins)
      const { status, stderr } = yield* makeBundle(folder)
      assert.strictEqual(status, 0)
      assert.include(stderr, "No startup snapshot could be made")
      assert.include(stderr, "a module asks for random as it is loaded")
      const made = readdirSync(join(folder, "bundle"))
      assert.include(made, "made-of.txt")
      assert.notIncludeMembers(made, ["made-by.txt"])
      assert.notIncludeMembers(made, ["snapshot.blob"])
    }), 60_000)
})
