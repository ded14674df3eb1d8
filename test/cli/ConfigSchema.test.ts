/** `strata config schema`: the JSON Schema of the configuration file, printed or written. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { config } from "../../src/cli/ConfigCommand.ts"
import * as ConfigurationJsonSchema from "../../src/kernel/configuration/ConfigurationJsonSchema.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as Command from "../support/Command.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

describe("strata config schema", () => {
  it.live("prints the Schema of all that Strata brings", () =>
    Effect.gen(function*() {
      const { code, stdout } = yield* StrataProcess.run(["config", "schema"], { folder: yield* TemporaryFolder.make })
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(JSON.parse(stdout), ConfigurationJsonSchema.make(registry))
    }))

  it.live("writes it to a file, or says why not", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const file = join(folder, "strata.schema.json")
      const written = yield* Command.run(config, ["schema", "--output", file])
      assert.deepStrictEqual(written, { code: 0, stdout: "", stderr: "" })
      assert.strictEqual(JSON.parse(readFileSync(file, "utf8")).title, "Strata configuration")
      const refused = yield* Command.run(config, ["schema", "--output", join(folder, "no", "where.json")])
      assert.strictEqual(refused.code, 1)
      assert.match(refused.stderr, /^The schema can't be written to .*where\.json: /)
    }))
})
