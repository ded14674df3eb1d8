/** The `strata` command: how its process starts, and what a Node does that is too old for it. */
import { assert, describe, it } from "@effect/vitest"
import { Config, Effect, Fiber } from "effect"
import { spawnSync } from "node:child_process"
import { copyFileSync, cpSync, readFileSync, symlinkSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { version } from "../../src/kernel/http/Version.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const needed = 24
const root = fileURLToPath(new URL("../..", import.meta.url))

const majorOf = (node: string) => Number(/^v(\d+)\./.exec(spawnSync(node, ["--version"]).stdout?.toString() ?? "")?.[1])

/** The host's own Node, where it is an older one. */
const runtime = Effect.runSync(Effect.orDie(Config.String("PATH"))).split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .map((folder) => join(folder, "node"))
  .find((node) => majorOf(node) < needed)

const reason = runtime === undefined ? `, skipped: no Node older than ${needed} on this machine` : ""

const withRuntime = <A>(options: A) => ({ ...options, ...(runtime === undefined ? {} : { runtime }) })

/** The command and its package.json alone: nothing to run it with. */
const copyCommand = (folder: string) => {
  cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true })
  copyFileSync(join(root, "package.json"), join(folder, "package.json"))
  return join(folder, "bin", "strata.js")
}

/** What its process was started with, bounds of memory alone. */
const bounds = Effect.fnUntraced(function*(environment: Readonly<Record<string, string>>) {
  const server = yield* StrataProcess.serve({ folder: yield* TemporaryFolder.make, environment })
  const inside = (name: string) => readFileSync(`/proc/${server.pid}/${name}`, "utf8").split("\0")
  return [...inside("cmdline"), ...inside("environ")].filter((text) => /^--max-semi|^MALLOC_/.test(text))
})

describe.skipIf(process.platform !== "linux")("strata serve", () => {
  it.live("bounds what its process takes of the memory", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* bounds({}), ["--max-semi-space-size=32", "MALLOC_ARENA_MAX=1"])
    }))

  it.live("leaves it to who sets bounds", () =>
    Effect.gen(function*() {
      const given = { NODE_OPTIONS: "--max-semi-space-size=64", MALLOC_ARENA_MAX: "4" }
      assert.deepStrictEqual(yield* bounds(given), ["MALLOC_ARENA_MAX=4"])
    }))
})

describe.skipIf(runtime === undefined)(`strata on an older Node${reason}`, () => {
  for (const to of ["process", "group"] as const) {
    it.live(`hands over to the pinned runtime, which ends well when the ${to} is told to stop`, () =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"], "300 millis") })
        const configuration = Chat.configuration(upstream)
        const folder = yield* TemporaryFolder.make
        const server = yield* StrataProcess.serve(withRuntime({ folder, configuration }))
        const asked = yield* Effect.forkChild(Chat.ask(server.url, { stream: true }))
        yield* Http.readUntil(server.url, "/v1/events?follow=true&type=llm:request", {}, (text) => text !== "")
        const { code, stderr } = yield* server.kill(to === "group" ? "SIGINT" : "SIGTERM", to)
        assert.deepStrictEqual([code, stderr], [0, ""])
        assert.match((yield* Fiber.join(asked)).text, /whale[^]*\[DONE\]\n\n$/)
      }))
  }

  it.live("hands over from a folder whose name needs care, with arguments and exit code", () =>
    Effect.gen(function*() {
      const folder = join(yield* TemporaryFolder.make, "a folder, 100% für strata")
      const script = copyCommand(folder)
      cpSync(join(root, "src"), join(folder, "src"), { recursive: true })
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
      const run = (...args: ReadonlyArray<string>) => StrataProcess.run(args, withRuntime({ folder, script }))
      const shown = yield* run("--version")
      assert.deepStrictEqual([shown.code, shown.stderr], [0, ""])
      assert.include(shown.stdout, version)
      const refused = yield* run("replay", "my session", "--data", "no where")
      assert.strictEqual(refused.code, 1)
      assert.include(refused.stderr, "no where holds no event log yet")
    }))

  it.live("says in one line what it needs where no runtime can be found", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { code, stderr, stdout } = yield* StrataProcess.run(
        ["serve"],
        withRuntime({ folder, script: copyCommand(folder) })
      )
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(
        stderr,
        /^Strata needs Node 24 or newer; this is v\d+\.\d+\.\d+\. Install it, or run npm ci here\.\n$/
      )
    }))
})
