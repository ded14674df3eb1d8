/** V8 makes nothing old from its birth: what hangs on it would be kept until the next collection of everything. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

/** V8's sign of the flags that stand, which kept code has to bear. */
const sign =
  `import { cachedDataVersionTag as tag } from "node:v8"; process.on("exit", () => console.error("sign", tag()))`
const saying = `--import=data:text/javascript,${encodeURIComponent(sign)}`

const signUnder = (...flags: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [...flags, saying, "-e", ""], { encoding: "utf8" }).stderr

describe.skipIf(Number(process.versions.node.split(".")[0]) < 24)("bin/pretenuring.js", () => {
  it.live("stands for each command, as if V8 had been started so", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { stderr } = yield* StrataProcess.run(["--version"], { folder, environment: { NODE_OPTIONS: saying } })
      assert.match(stderr, /^sign \d+\n$/)
      assert.strictEqual(stderr, signUnder("--no-allocation-site-pretenuring"))
      assert.notStrictEqual(stderr, signUnder())
    }))
})
