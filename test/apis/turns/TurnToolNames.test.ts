/** Tools whose names no model takes have others for the model, and stand in a request by either. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import type { ToolRuntime } from "../../../src/apis/tool-runtime/ToolRuntime.ts"
import * as TurnPortsLive from "../../../src/apis/turns/TurnPortsLive.ts"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { Recording } from "../../../src/kernel/requests/Recording.ts"
import * as TurnWorld from "../../support/TurnWorld.ts"

const long = "a".repeat(80)
const tools = ["echo", "say.again", "say_again", "räume/öffnen", long].map((name) => TurnWorld.echo(name))

const namesSent = (body: unknown) =>
  listOf(field(body, "tools")).map((tool) => String(field(field(tool, "function"), "name")))

describe("tools of a server under names that models take", () => {
  it.live("are taken, however many a server lists, and refused where two have one name", () =>
    Effect.gen(function*() {
      const many = 150_000
      const listed = Array.from({ length: many }, (_, at) => ({
        name: `t${at}`,
        description: "",
        input_schema: {},
        provider: "p",
        group: "g"
      }))
      const portsOf = (definitions: typeof listed) => {
        const tools = { list: () => Effect.succeed(definitions) } as unknown as ToolRuntime["Service"]
        const served = { inference: undefined, tools, tables: {} as unknown as TurnPortsLive.Served["tables"] }
        return TurnPortsLive.make(served, {} as unknown as Recording, 0)
      }
      const begun = performance.now()
      assert.lengthOf(yield* portsOf(listed).tools(["g"]), many)
      const { error } = yield* Effect.flip(portsOf([...listed, listed.at(-1)!]).tools(["g"]))
      assert.include(error.message, `The tool t${many - 1} is in more than one`)
      assert.isBelow(performance.now() - begun, 5000)
    }))

  it.live("are called by these, run by their own, and the turn verifies", () =>
    Effect.gen(function*() {
      const { ask, upstream, verify } = yield* TurnWorld.given({ tools })
      yield* ask("hello")
      const names = namesSent(upstream.received.at(-1)!.body)
      assert.lengthOf(names, tools.length)
      assert.lengthOf(new Set(names), tools.length)
      for (const name of names) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/)
      const [echo, again, other, rooms, cut] = names
      assert.strictEqual(echo, "echo")

      const { text } = yield* ask(`call ${again} 1, ${other} 2, ${rooms} 3, ${cut} 4`)
      for (const answer of ["say.again 1", "say_again 2", "räume/öffnen 3", `${long} 4`]) assert.include(text, answer)
      assert.deepInclude(yield* verify(), { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("are chosen, allowed and held for an approval by their own names", () =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* TurnWorld.given({ tools: [TurnWorld.echo("say.again"), TurnWorld.echo()] })
      const given: Schema.JsonObject = {
        allowed_tools: ["say.again"],
        tool_choice: { name: "say.again" },
        approval: { require: ["say.again"] }
      }
      const { json } = yield* ask("call say_again 1", given)
      const { body } = upstream.received.at(-1)!
      assert.deepStrictEqual(namesSent(body), ["say_again"])
      assert.deepStrictEqual(field(body, "tool_choice"), { type: "function", function: { name: "say_again" } })
      assert.strictEqual(field(json, "status"), "requires_approval")
    }).pipe(Effect.scoped))
})
