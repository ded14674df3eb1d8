/** Strata's MCP server against the conformance suite of the Model Context Protocol: every server scenario it has. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { extensions } from "../../support/ConformanceServer.ts"
import { Strata } from "../../support/Strata.ts"

const folder = dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/package.json"))
const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
  readonly bin: { conformance: string }
}

interface Ran {
  readonly code: number
  readonly output: string
}

const conformance = (...given: ReadonlyArray<string>) =>
  Effect.callback<Ran>((resume) => {
    const child = execFile(
      process.execPath,
      [join(folder, bin.conformance), ...given],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resume(Effect.succeed({
          code: error === null ? 0 : 1,
          output: stripVTControlCharacters(`${stdout}\n${stderr}`)
        }))
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })

describe("the MCP server", () => {
  it.live("passes every server scenario, the pending ones too", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        extensions,
        more: { tool_runtime: [{ provider_id: "code", provider_type: "inline::code", config: {} }] }
      })
      const listed = yield* conformance("list", "--server")
      const scenarios = [...listed.output.matchAll(/^ +- ([\w-]+) \[/gm)].map(([, name]) => name!)
      assert.isAbove(scenarios.length, 25)
      const url = `http://localhost:${new URL(strata.url).port}/mcp`
      const { code, output } = yield* conformance("server", "--url", url, "--suite", "all")
      const results = [...output.matchAll(/^([✓✗~]) ([\w-]+): (\d+) passed, (\d+) failed(?:, (\d+) warnings?)?/gm)]
        .map(([, , name, , failed, warnings = "0"]) => ({ name, failed, warnings }))
      assert.strictEqual(code, 0, output)
      assert.deepStrictEqual(
        results.filter(({ failed, warnings }) => failed !== "0" || warnings !== "0"),
        [],
        output
      )
      assert.deepStrictEqual(results.map(({ name }) => name), scenarios)
    }), 120_000)
})
