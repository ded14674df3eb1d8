/** How many servers of tools a request may name is the configuration's to say. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as ScriptedMcp from "../../support/ScriptedMcp.ts"

const tool = (server_url: string, more: Schema.JsonObject) => ({
  type: "mcp",
  server_label: "s",
  server_url,
  require_approval: "never",
  ...more
})

describe("MostToolServers", () => {
  const many: ReadonlyArray<readonly [most: number | undefined, limit: number]> = [[undefined, 128], [2, 2], [0, 0]]
  it.live.each(many)(
    "given max_tool_servers is %s, then more of them in one request are refused",
    ([most, limit]) =>
      Effect.gen(function*() {
        const server = yield* ScriptedMcp.make()
        const { create, upstream } = yield* World.given({
          model: World.toolModel,
          more: World.mcpHere,
          ...most === undefined ? {} : { server: { max_tool_servers: most } }
        })
        const tools = Array.from({ length: limit + 1 }, (_, at) => tool(server.url, { server_label: `s${at}` }))
        const answer = yield* create({ input: "hello", tools })
        assert.strictEqual(answer.status, 400, answer.text)
        assert.deepInclude(field(answer.json, "error"), { param: "tools", code: "array_above_max_length" })
        assert.include(answer.text, `at most ${limit} are asked`)
        assert.include(answer.text, "server.max_tool_servers")
        assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 0)
        assert.strictEqual((yield* create({ input: "hello", tools: tools.slice(0, Math.min(limit, 1)) })).status, 200)
      }).pipe(Effect.scoped)
  )
})
