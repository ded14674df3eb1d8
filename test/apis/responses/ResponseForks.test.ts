/** A fork from the middle of the tool loop of a response goes on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { EverythingServer } from "../../support/EverythingServer.ts"
import * as World from "../../support/ResponsesWorld.ts"

describe("a fork from the middle of a tool loop", () => {
  it.live(
    "given the results of the tools, when the child goes on, then the model answers to what the tools gave there",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { create, post, strata, upstream } = yield* World.given({
          model: World.toolModel,
          more: World.mcpHere
        })
        const tools = [{
          type: "mcp",
          server_label: "everything",
          server_url: server.url,
          allowed_tools: ["echo"],
          require_approval: "never"
        }]
        const made = yield* create({ input: "call echo 1", tools }, "s")
        assert.strictEqual(World.textOf(made.json), "Tools said Echo: 1")
        const [results] = yield* strata.events({ types: ["turn:tool_results"] })
        const fork = yield* post("/v1/sessions/s/fork", { position: results!.position })
        assert.strictEqual(fork.status, 201, fork.text)
        const child = String(field(fork.json, "id") ?? field(field(fork.json, "session"), "id"))
        const turn = yield* post(`/v1/sessions/${child}/turns`, {
          model: "upstream/m",
          // The servers that a response named are no tool groups: the turn names its own.
          tool_groups: [],
          input: "and now?"
        })
        assert.strictEqual(turn.status, 200, turn.text)
        assert.deepStrictEqual(
          listOf(field(upstream.received.at(-1)!.body, "messages")).map((message) => field(message, "role")),
          ["user", "assistant", "tool", "user"]
        )
      }).pipe(Effect.scoped),
    30_000
  )
})
