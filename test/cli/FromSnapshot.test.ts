/** What runs at once where modules are loaded one by one, runs in a process that begins from a snapshot of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { join } from "node:path"
import * as FromSnapshot from "../../src/cli/FromSnapshot.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const source = readFileSync(new URL("../../src/cli/FromSnapshot.ts", import.meta.url), "utf8")

/** The module as the script that a snapshot is made of. */
const script = `${
  stripTypeScriptTypes(source)
    .replaceAll(/^import \{(.*)\} from (".*")$/gm, "const {$1} = require($2)")
    .replaceAll("export const", "const")
}
console.log("loaded")
run(() => {
  const { argv, execArgv } = process
  const child = require("node:child_process").spawnSync(argv[0], [...execArgv, "-p", "'as Node does'"])
  console.log(JSON.stringify([argv.slice(2), execArgv, child.stdout.toString()]))
})
`

describe("FromSnapshot.run", () => {
  it("runs the program at once where no snapshot is made", () => {
    const ran: Array<string> = []
    FromSnapshot.run(() => void ran.push("the program"))
    assert.deepStrictEqual(ran, ["the program"])
  })

  it.effect("runs it in each process that begins from a snapshot, whose children begin as Node does", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const [file, blob] = [join(folder, "script.cjs"), join(folder, "snapshot.blob")]
      writeFileSync(file, script)
      const run = (...args: ReadonlyArray<string>) =>
        spawnSync(process.execPath, ["--snapshot-blob", blob, ...args], { encoding: "utf8", env: {} })
      const made = run("--build-snapshot", file)
      assert.deepStrictEqual([made.status, made.stdout], [0, "loaded\n"])
      for (const asked of ["serve", "chat"]) {
        const began = run("--max-semi-space-size=32", "/bin/strata.js", asked, "--port")
        assert.deepStrictEqual([began.status, began.stderr], [0, ""])
        assert.deepStrictEqual(JSON.parse(began.stdout), [
          [asked, "--port"],
          ["--max-semi-space-size=32"],
          "as Node does\n"
        ])
      }
    }))
})
