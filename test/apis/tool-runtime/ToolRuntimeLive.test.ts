/** The router of tools: which provider is asked, what hooks have a say in, what replays. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Hooks } from "../../../src/kernel/hooks/Hooks.ts"
import * as Tool from "../../../src/kernel/tools/Tool.ts"
import { CodeToolsOf } from "../../../src/providers/inline/code/CodeTools.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Http } from "../../support/Http.ts"
import { ToolWorld } from "../../support/ToolWorld.ts"
import { verify } from "../../support/verify.ts"

const echo = (name: string, by: string) =>
  Tool.make({
    name,
    description: `Says who it is: ${by}.`,
    input: Schema.Struct({ text: Schema.optionalKey(Schema.String) }),
    execute: ({ text = "" }) => Effect.succeed(`${by}: ${text}`)
  })

const types = [
  ...registry,
  CodeToolsOf({ type: "inline::one", description: "One.", tools: [echo("shared", "one"), echo("only_one", "one")] }),
  CodeToolsOf({ type: "inline::two", description: "Two.", tools: [echo("shared", "two")] })
]

const more = {
  tool_runtime: ["one", "two"].map((name) => ({
    provider_id: name,
    provider_type: `inline::${name}`,
    config: {}
  }))
}

const tools = (answer: unknown) =>
  (field(answer, "data") as ReadonlyArray<Record<string, unknown>>).map((tool) =>
    `${tool["toolgroup_id"]} ${tool["name"]}`
  )

describe("the router of tools", () => {
  it.live("lists the tools of all groups, and those of one", () =>
    Effect.gen(function*() {
      const { url } = yield* ToolWorld.make({ types, more })
      assert.deepStrictEqual(tools((yield* ToolWorld.list(url)).json), [
        "one/one shared",
        "one/one only_one",
        "two/two shared"
      ])
      assert.deepStrictEqual(tools((yield* ToolWorld.list(url, "?toolgroup_id=two")).json), ["two/two shared"])
      const runtime = yield* Http.send(url, "/v1/tool-runtime/list-tools?tool_group_id=two%2Ftwo")
      assert.deepStrictEqual(tools(runtime.json), ["two/two shared"])
      const absent = yield* ToolWorld.list(url, "?toolgroup_id=thre")
      assert.strictEqual(absent.status, 404, absent.text)
      assert.strictEqual(ToolWorld.codeOf(absent.json), "tool_group_not_found")
    }))

  it.live("asks the group that has a tool; where several have, the client says which", () =>
    Effect.gen(function*() {
      const { url } = yield* ToolWorld.make({ types, more })
      const only = yield* ToolWorld.invoke(url, { name: "only_one", arguments: { text: "hi" } })
      assert.strictEqual(ToolWorld.textOf(only.json), "one: hi")
      const shared = yield* ToolWorld.invoke(url, { name: "shared" })
      assert.strictEqual(shared.status, 400, shared.text)
      assert.strictEqual(ToolWorld.codeOf(shared.json), "tool_ambiguous")
      assert.include(shared.text, "one/one, two/two")
      const two = yield* ToolWorld.invoke(url, { name: "shared", group: "two", arguments: { text: "hi" } })
      assert.strictEqual(ToolWorld.textOf(two.json), "two: hi")
      const one = yield* Http.send(url, "/v1/tools/shared?toolgroup_id=one")
      assert.strictEqual(field(one.json, "description"), "Says who it is: one.")
    }))

  it.live("asks hooks, which change arguments and results, or deny; a verification takes that from the log", () =>
    Effect.gen(function*() {
      const extensions = Layer.mergeAll(
        Hooks.contribute({
          name: "shout",
          pattern: "tool:request",
          handler: ({ data }) =>
            Effect.succeed(
              field(field(data, "arguments"), "text") === "forbidden"
                ? { action: "deny", reason: "not that" }
                : { action: "modify", data: { ...data, arguments: { text: "HOOKED" } } }
            )
        }),
        Hooks.contribute({
          name: "sign",
          pattern: "tool:response",
          handler: ({ data }) =>
            Effect.succeed({
              action: "modify",
              data: { ...data, content: [{ type: "text", text: `${ToolWorld.textOf(data)}, signed` }] }
            })
        })
      )
      const strata = yield* ToolWorld.make({ types, more, extensions })
      const answer = yield* ToolWorld.invoke(strata.url, { name: "shared", group: "two", session: "s" })
      assert.strictEqual(ToolWorld.textOf(answer.json), "two: HOOKED, signed")
      const denied = yield* ToolWorld.invoke(strata.url, {
        name: "shared",
        group: "two",
        session: "s",
        arguments: { text: "forbidden" }
      })
      assert.strictEqual(denied.status, 403, denied.text)
      assert.include(denied.text, "The hook shout denied this call of shared: not that")
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"], [], types)
      assert.strictEqual(report?.requests, 2)
      assert.isUndefined(report?.divergence, JSON.stringify(report?.divergence))
    }))

  it.live("leaves out what can't be asked, and says so in the log; a verification does the same", () =>
    Effect.gen(function*() {
      const strata = yield* ToolWorld.make({
        types,
        more: {
          tool_runtime: [...more.tool_runtime, {
            provider_id: "gone",
            provider_type: "remote::model-context-protocol",
            config: { command: "/no/such/program" }
          }]
        }
      })
      const answer = yield* ToolWorld.invoke(strata.url, { name: "only_one", arguments: { text: "hi" }, session: "s" })
      assert.strictEqual(ToolWorld.textOf(answer.json), "one: hi", answer.text)
      assert.lengthOf((yield* strata.events()).filter(({ type }) => type === "tool_list:error"), 1)
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"], [], types)
      assert.deepInclude(report, { requests: 1, skipped: [], divergence: undefined })
    }))
})
