/** A process of a bundle begins anew without it; any other goes on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const program = `
import { Effect } from ${JSON.stringify(import.meta.resolve("effect"))}
import * as OwnFiles from ${JSON.stringify(new URL("../../../src/kernel/modules/OwnFiles.ts", import.meta.url).href)}
console.log("begins", process.env.STRATA_BUNDLE ?? "", ...process.argv.slice(2))
await Effect.runPromise(OwnFiles.needed)
console.log("goes on")
`

const run = Effect.fnUntraced(function*(environment: Readonly<Record<string, string>>) {
  const file = join(yield* TemporaryFolder.make, "program.mjs")
  writeFileSync(file, program)
  const { stderr, stdout } = spawnSync(process.execPath, [file, "serve", "--port"], {
    encoding: "utf8",
    env: environment
  })
  assert.strictEqual(stderr, "")
  return stdout.trim().split("\n")
})

describe.skipIf(process.platform === "win32")("OwnFiles.needed", () => {
  it.effect("begins anew in a bundle, with the same arguments", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run({ STRATA_BUNDLE: "1" }), [
        "begins 1 serve --port",
        "begins 0 serve --port",
        "goes on"
      ])
    }))

  it.effect("goes on everywhere else", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* run({}), ["begins  serve --port", "goes on"])
      assert.deepStrictEqual(yield* run({ STRATA_BUNDLE: "0" }), ["begins 0 serve --port", "goes on"])
    }))
})
