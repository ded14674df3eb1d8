/** What a response's model refuses is kept by the place that its client knows. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { CompletionError, Inference } from "../../../src/apis/inference/Inference.ts"
import type { ResponseInvalid } from "../../../src/apis/responses/ResponseErrors.ts"
import * as WatchedInference from "../../../src/apis/responses/WatchedInference.ts"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as CustomTools from "../../../src/kernel/dialects/CustomTools.ts"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"

const grammar = { type: "grammar", syntax: "regex", definition: "a" }
const request = { model: "m", messages: [], tools: [{ name: "sql", parameters: {}, custom: grammar }] }

describe("WatchedInference", () => {
  it.effect("keeps why there is no answer, whole or streamed, and fails as before", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(Effect.fromResult(CustomTools.forVendor(request, anthropic, chat)))
      const refused = LlmErrors.of({ kind: "invalid_request", message, param: "tools" })
      const failures: Array<CompletionError | ResponseInvalid> = []
      const failing = {
        complete: () => Effect.fail(refused),
        completeParts: () => Effect.fail(refused)
      } as unknown as Inference["Service"]
      const watcher = {
        fail: (failure: CompletionError | ResponseInvalid) => void failures.push(failure),
        note: () => {}
      }
      const of = (tools: unknown) => WatchedInference.of(failing, watcher, tools)!
      const own = of([{ type: "mcp" }, { type: "custom", name: "sql", format: grammar }])
      assert.strictEqual(yield* Effect.flip(own.complete(request)), refused)
      assert.strictEqual(yield* Effect.flip(own.completeParts(request, () => Effect.void)), refused)
      yield* Effect.flip(of([]).complete(request))
      assert.deepStrictEqual(failures.map((each) => "param" in each ? each.param : undefined), [
        "tools[1].format",
        "tools[1].format",
        "tools"
      ])
      assert.isUndefined(WatchedInference.of(undefined, watcher, []))
    }))
})
