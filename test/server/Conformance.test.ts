/** The public probe of engines, its own command, asked about a whole Strata whose vendor speaks Chat Completions. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import * as ProbedModel from "../support/ProbedModel.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

interface Tier {
  readonly tier: string
  readonly supported: number
  readonly total: number
  readonly missing: ReadonlyArray<string>
}

interface Surface {
  readonly surface: string
  readonly passed: number
  readonly total: number
}

const command = join(
  dirname(createRequire(import.meta.url).resolve("llmprobe/package.json")),
  "bin/dist/llmprobe.mjs"
)

const run = (parameters: ReadonlyArray<string>, home: string) =>
  Effect.callback<string>((resume) => {
    const child = spawn(process.execPath, [command, ...parameters], {
      env: { PATH: process.env["PATH"] ?? "", HOME: home },
      stdio: ["ignore", "pipe", "ignore"]
    })
    let text = ""
    child.stdout.on("data", (bytes: Buffer) => void (text += bytes.toString("utf8")))
    child.once("close", () => resume(Effect.succeed(text)))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

describe("the probe llmprobe", () => {
  it.live(
    "finds every core surface, most of the others, and all that a specification demands",
    () =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: ProbedModel.make(), models: ["m"] })
        const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] }, "v")] })
        const home = yield* TemporaryFolder.make
        const report = JSON.parse(yield* run([strata.url, "--model", "v/m", "--json", "--no-save", "--no-bench"], home))
        const tiers = new Map<string, Tier>(report.coverage.byTier.map((tier: Tier) => [tier.tier, tier]))
        assert.deepInclude(tiers.get("core"), { supported: 9, total: 9, missing: [] })
        assert.isAtLeast(tiers.get("extended")!.supported, 11)
        const { bySurface, total } = report.conformance as { bySurface: ReadonlyArray<Surface>; total: number }
        assert.deepStrictEqual(bySurface.filter(({ passed, total }) => passed < total), [])
        assert.includeMembers(bySurface.map(({ surface }) => surface), ["models", "chat", "responses", "messages"])
        // One that is asked about little finds nothing wrong.
        assert.isAtLeast(total, 200)
      }).pipe(Effect.scoped),
    120_000
  )
})
