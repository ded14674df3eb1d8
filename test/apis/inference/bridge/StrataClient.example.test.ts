/** `examples/effect-ai` as a program of its own, against a Strata that asks a fake vendor. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as BridgedStrata from "../../../support/BridgedStrata.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"

const root = new URL("../../../../", import.meta.url)

/** The package as it is installed, before it is built: `strata/…` is a source. */
const installed = `import { registerHooks } from "node:module"
registerHooks({
  resolve: (name, context, next) =>
    next(name.startsWith("strata/") ? "${root.href}src/" + name.slice(7) + ".ts" : name, context)
})`

const run = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv) =>
  Effect.callback<{ readonly stdout: string; readonly stderr: string }>((resume) => {
    const main = fileURLToPath(new URL("examples/effect-ai/main.ts", root))
    const flags = ["--import", `data:text/javascript,${encodeURIComponent(installed)}`]
    const child = execFile(
      process.execPath,
      [...flags, main, ...args],
      { env },
      (_, stdout, stderr) => resume(Effect.succeed({ stdout, stderr }))
    )
    return Effect.sync(() => child.kill())
  })

const completion = (message: object, finish_reason: string) =>
  ScriptedAnswer.json(200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }]
  } as never)

describe("examples/effect-ai", () => {
  it.live("calls its tool and says what the model answers", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({
        respond: ({ bodyText }) =>
          bodyText.includes("rain in Oslo")
            ? completion({ content: "Take an umbrella." }, "stop")
            : completion({
              content: null,
              tool_calls: [{
                id: "call_1",
                type: "function",
                function: { name: "weather", arguments: "{\"city\":\"Oslo\"}" }
              }]
            }, "tool_calls")
      })
      const { strata } = yield* BridgedStrata.make([BridgedStrata.openAi(vendor)])
      const { stderr, stdout } = yield* run(["openai/m", "Umbrella?"], { STRATA_URL: strata.url })
      assert.deepStrictEqual([stdout, stderr], ["Take an umbrella.\n", ""])
      assert.strictEqual(vendor.received.length, 2)
    }).pipe(Effect.scoped))
})
