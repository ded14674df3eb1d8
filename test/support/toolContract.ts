/** What every provider of tools does, whatever is behind it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema, Scope } from "effect"
import { field } from "../../src/events/types/JsonAccess.ts"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import type { Strata } from "./Strata.ts"
import type { StrataOptions } from "./Strata.ts"
import { ToolWorld } from "./ToolWorld.ts"
import { verify } from "./verify.ts"

interface Case {
  readonly name: string
  readonly arguments: Schema.JsonObject
}

export interface ToolFixture {
  readonly provider: Omit<ProviderEntry, "provider_id">
  /** What the provider calls the group; default as it is called itself. */
  readonly group?: string
  readonly options?: Omit<StrataOptions, "more">
  /** A tool that answers with this text in its result. */
  readonly answered: Case & { readonly text: string }
  /** A tool that runs and fails. */
  readonly failing: Case
  /** Wrong arguments, and what the result says of them. */
  readonly wrong: Case & { readonly says: RegExp }
  /** A tool that takes longer than three seconds; the provider's `timeout_ms` is 3000. */
  readonly slow: Case
  /** Takes away what stands behind it. */
  readonly gone?: Effect.Effect<unknown>
}

const provider_id = "given"

export const toolContract = (name: string, fixture: Effect.Effect<ToolFixture, never, Scope.Scope>) =>
  describe(`${name} as a provider of tools`, () => {
    const started = Effect.gen(function*() {
      const given = yield* fixture
      const config = { timeout_ms: 3000, ...given.provider.config }
      const strata: Strata = yield* ToolWorld.make({
        ...given.options,
        more: { tool_runtime: [{ provider_id, ...given.provider, config }] }
      })
      return { group: provider_id, ...given, strata }
    })

    it.live("lists its tools, each with a JSON Schema, twice in the same order", () =>
      Effect.gen(function*() {
        const { answered, group, strata } = yield* started
        const [first, second] = [yield* ToolWorld.list(strata.url), yield* ToolWorld.list(strata.url)]
        assert.strictEqual(first.status, 200, first.text)
        assert.strictEqual(first.text, second.text)
        const tools = field(first.json, "data") as ReadonlyArray<Record<string, unknown>>
        assert.include(tools.map((tool) => tool["name"]), answered.name)
        for (const tool of tools) {
          assert.strictEqual(tool["toolgroup_id"], `${provider_id}/${group}`)
          assert.strictEqual(field(tool["input_schema"], "type"), "object", JSON.stringify(tool))
        }
      }), 30_000)

    it.live(
      "runs a tool: its result comes whole, and the call is recorded at three levels",
      () =>
        Effect.gen(function*() {
          const { answered, group, strata } = yield* started
          const answer = yield* ToolWorld.invoke(strata.url, { ...answered, group })
          assert.strictEqual(answer.status, 200, answer.text)
          assert.include(ToolWorld.textOf(answer.json), answered.text)
          assert.isFalse(field(answer.json, "is_error"))
          const calls = ToolWorld.calls(yield* strata.events())
          assert.deepStrictEqual(ToolWorld.types(calls).sort(), [
            "tool:request",
            "tool:request:debug",
            "tool:request:raw",
            "tool:response",
            "tool:response:debug",
            "tool:response:raw"
          ])
          const request = ToolWorld.payload(calls.find(({ type }) => type === "tool:request")!)
          assert.strictEqual(field(request, "tool"), answered.name)
          assert.deepStrictEqual(field(request, "argument_names"), Object.keys(answered.arguments))
        }),
      30_000
    )

    it.live("says of a tool that failed that it failed", () =>
      Effect.gen(function*() {
        const { failing, group, strata } = yield* started
        const answer = yield* ToolWorld.invoke(strata.url, { ...failing, group })
        assert.strictEqual(answer.status, 200, answer.text)
        assert.isTrue(field(answer.json, "is_error"), answer.text)
        // What a server refuses over HTTP is an error of its call, and a result for the model.
        const ended = (yield* strata.events()).find(({ type }) => type === "tool:response" || type === "tool:error")
        assert.isTrue(ended?.type === "tool:error" || field(ToolWorld.payload(ended!), "is_error"))
      }), 30_000)

    it.live("tells the model what is wrong with its arguments", () =>
      Effect.gen(function*() {
        const { group, strata, wrong } = yield* started
        const answer = yield* ToolWorld.invoke(strata.url, { ...wrong, group })
        assert.strictEqual(answer.status, 200, answer.text)
        assert.isTrue(field(answer.json, "is_error"), answer.text)
        assert.match(ToolWorld.textOf(answer.json), wrong.says)
      }), 30_000)

    it.live("has no tool that is not there: the failure names what may have been meant", () =>
      Effect.gen(function*() {
        const { answered, group, strata } = yield* started
        const answer = yield* ToolWorld.invoke(strata.url, { name: `${answered.name}x`, group })
        assert.strictEqual(answer.status, 404, answer.text)
        assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_not_found")
        assert.include(answer.text, `Did you mean ${answered.name}?`)
        assert.include(ToolWorld.types(yield* strata.events()), "tool:error")
      }), 30_000)

    it.live("waits for a tool no longer than it may", () =>
      Effect.gen(function*() {
        const { group, slow, strata } = yield* started
        const answer = yield* ToolWorld.invoke(strata.url, { ...slow, group })
        assert.strictEqual(answer.status, 504, answer.text)
        assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_timeout")
      }), 30_000)

    it.live("is verified without what stands behind it", () =>
      Effect.gen(function*() {
        const { answered, failing, gone = Effect.void, options: { types } = {}, strata, wrong } = yield* started
        const session = "tools"
        for (const { arguments: given, name } of [answered, failing, wrong, { name: "no_such_tool", arguments: {} }]) {
          yield* ToolWorld.invoke(strata.url, { name, arguments: given, session })
        }
        yield* strata.close
        yield* gone
        const [report] = yield* verify(strata.folder, [session], [], types)
        assert.strictEqual(report?.requests, 4)
        assert.deepStrictEqual(report?.skipped, [])
        assert.isUndefined(report?.divergence, JSON.stringify(report?.divergence))
        assert.deepStrictEqual(report?.around, [])
      }), 30_000)
  })
