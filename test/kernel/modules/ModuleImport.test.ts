/** Files are imported from where the configuration stands; what can't be is said with the remedy. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as ModuleImport from "../../../src/kernel/modules/ModuleImport.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const files = {
  "good.mjs": "export const providers = [1]\n",
  "throws.mjs": "throw new Error(\"no licence\")\n",
  "waits.mjs": "await new Promise(() => {})\n"
}

const folder = Effect.tap(TemporaryFolder.make, (path) =>
  Effect.sync(() => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  }))

describe("ModuleImport.load", () => {
  it.live("imports a file relative to the folder, and by its whole path", () =>
    Effect.gen(function*() {
      const path = yield* folder
      for (const module of ["./good.mjs", join(path, "good.mjs")]) {
        assert.deepStrictEqual({ ...yield* ModuleImport.load(module, path) }, { providers: [1] })
      }
    }))

  it.live("says what a file throws as it is loaded", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(ModuleImport.load("./throws.mjs", yield* folder))
      assert.strictEqual(message, "./throws.mjs can't be loaded: no licence")
    }))

  it.effect("gives up a file whose top level never ends", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.flip(ModuleImport.load("./waits.mjs", yield* folder)))
      yield* TestClock.adjust("9 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(
        (yield* Fiber.join(fiber)).message,
        "./waits.mjs has not loaded within 10s: look for an await at its top level that never ends"
      )
    }))

  it("knows two ways to write a path, and where a configuration stands", () => {
    assert.strictEqual(ModuleImport.keyOf("./a.ts", "/srv"), ModuleImport.keyOf("/srv/b/../a.ts", "/etc"))
    assert.strictEqual(ModuleImport.keyOf("@acme/thing", "/srv"), "@acme/thing")
    assert.strictEqual(ModuleImport.folderOf("/srv/strata.yaml"), "/srv")
  })
})
