/** What a tool's server says is without the secrets that it was asked with. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ToolSecrets from "../../../src/apis/tool-runtime/ToolSecrets.ts"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import type { ProviderToolFailure } from "../../../src/kernel/tools/ToolFailure.ts"
import { missing, ToolCallFailed } from "../../../src/kernel/tools/ToolFailure.ts"

const secrets = new Secrets()
secrets.add("tok\"en-4711-4712")
const masked = <A>(asked: Effect.Effect<A, ProviderToolFailure>) =>
  Effect.provideService(ToolSecrets.masked(asked), ConfiguredSecrets, secrets)

const answer = (text: string) => ({ content: [{ type: "text", text }], is_error: false })
const failed = (detail: string) => new ToolCallFailed({ provider: "p", tool: "t", reason: "rejected", detail })

describe("what a tool's server says", () => {
  it.effect("is as it was where no secret is in it", () =>
    Effect.gen(function*() {
      const said = answer("It is cold. sk-abcdefghijklmnopqrstuvwx is nobody's.")
      assert.strictEqual(yield* masked(Effect.succeed(said)), said)
      const absent = missing("t", null, [])
      assert.strictEqual(yield* Effect.flip(masked(Effect.fail(absent))), absent)
    }))

  it.effect("has a mask in the place of one, in an answer and in a failure", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* masked(Effect.succeed(answer("It is tok\"en-4711-4712!"))),
        answer("It is [REDACTED]!")
      )
      const failure = yield* Effect.flip(masked(Effect.fail(failed("tok\"en-4711-4712 is wrong"))))
      assert.deepStrictEqual(failure, failed("[REDACTED] is wrong"))
    }))
})
