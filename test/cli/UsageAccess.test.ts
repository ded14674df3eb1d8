/** Usage for commands: what a server answers, and what it does not. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { remote, UsageAccess } from "../../src/cli/UsageAccess.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"

const page = (answer: ScriptedAnswer) =>
  Effect.gen(function*() {
    const { received, url } = yield* FakeUpstream.make({ respond: () => answer })
    const base = url.replace(/\/v1$/, "/")
    const asked = UsageAccess.use((usage) => usage.page({ group_by: "day", after: "[\"2026-11-27\"]" }))
    const refused = yield* Effect.flip(asked).pipe(Effect.provide([remote(base), NodeServices.layer]))
    return { message: refused.message, path: received[0]?.path }
  })

describe("UsageAccess", () => {
  it.live("tells in the server's words why it does not answer", () =>
    Effect.gen(function*() {
      const { message, path } = yield* page(ScriptedAnswer.error(400, "group_by: not so"))
      assert.strictEqual(message, "group_by: not so")
      assert.strictEqual(path, "/v1/usage?group_by=day&after=%5B%222026-11-27%22%5D")
    }))

  it.live("says what came where that is no answer of Strata", () =>
    Effect.gen(function*() {
      const failed = yield* page({ _tag: "Fixed", status: 502, body: "<html>bad gateway</html>" })
      assert.match(failed.message, /^http:\/\/127\.0\.0\.1:\d+ answered 502: <html>bad gateway<\/html>$/)
      const other = yield* page(ScriptedAnswer.json(200, { object: "list", data: [] }))
      assert.match(other.message, /^The answer of http:\/\/127\.0\.0\.1:\d+ is not understood: /)
    }))
})
