/** The engine costs a server without work nothing: none of its modules is loaded. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { Http } from "../../support/Http.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const hook = fileURLToPath(new URL("../../support/EngineModules.ts", import.meta.url))
const engine = fileURLToPath(new URL("../../../src/kernel/work/WorkEngine.ts", import.meta.url))

const environment = { NODE_OPTIONS: `--import=${hook}` }

describe("WorkEngine", () => {
  it.live(
    "given a server without work, when it answers, then no module of the engine was loaded",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const server = yield* StrataProcess.serve({ folder, environment })
        assert.strictEqual((yield* Http.send(server.url, "/v1/health")).status, 200)
        assert.notInclude(server.output.stderr, "loads ")
      }),
    60_000
  )

  it.live(
    "given the engine, when it is imported, then its modules are loaded: they are seen",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const imported = yield* StrataProcess.start([], { folder, environment, script: engine })
        const { code, stderr } = yield* imported.ended
        assert.strictEqual(code, 0)
        assert.include(stderr, "/cluster/")
      }),
    60_000
  )
})
