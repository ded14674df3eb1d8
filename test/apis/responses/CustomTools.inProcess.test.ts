/** A model in the process knows functions: tools that take text are told to it as these, and its calls are read as theirs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Http } from "../../support/Http.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"
import { Strata } from "../../support/Strata.ts"

type Json = Schema.JsonObject

const caller = (requests: Array<ChatRequest>) =>
  Provider.make({
    api: InferenceApi,
    type: "inline::caller",
    description: "Calls its first tool.",
    config: Schema.Struct({}),
    requires: [],
    layer: (_, { provider_id }) =>
      Layer.succeed(
        InferenceProvider,
        InferenceProvider.of({
          complete: (request) =>
            Effect.sync(() => {
              requests.push(request)
              return {
                content: [{ type: "tool_call", id: "c1", name: "sql", input: { input: "SELECT 1" } }],
                finish_reason: "tool_calls"
              }
            }),
          models: { source: "configuration", list: Effect.succeed([{ id: "m", created: 0, owned_by: provider_id }]) }
        })
      )
  })

describe("tools that take text, of a model in the process", () => {
  it.live("are functions to it, and custom tools to every client", () =>
    Effect.gen(function*() {
      const requests: Array<ChatRequest> = []
      const { url } = yield* Strata.make({
        level: "raw",
        types: [...registry, caller(requests)],
        providers: [{ provider_id: "caller", provider_type: "inline::caller", config: {} }]
      })
      const post = (path: string, body: Json, session = "s") =>
        Http.post(url, path, { model: "caller/m", ...body }, { "x-strata-session-id": session })
      const tools = [{ type: "custom", name: "sql", description: "d" }]
      const whole = yield* post("/v1/responses", { input: "hello", tools })
      const call = { type: "custom_tool_call", call_id: "c1", name: "sql", input: "SELECT 1" }
      assert.deepInclude(listOf(field(whole.json, "output"))[0] as Json, call)
      const streamed = ResponsesWorld.eventsOf(yield* post("/v1/responses", { input: "hello", tools, stream: true }))
      const done = streamed.find(({ type }) => type === "response.custom_tool_call_input.done")
      assert.strictEqual(done?.["input"], "SELECT 1")
      const chat = yield* post("/v1/chat/completions", {
        messages: [{ role: "user", content: "hello" }],
        tools: [{ type: "custom", custom: { name: "sql", description: "d" } }]
      })
      const [choice] = listOf(field(chat.json, "choices"))
      assert.deepStrictEqual<unknown>(field(field(choice, "message"), "tool_calls"), [
        { id: "c1", type: "custom", custom: { name: "sql", input: "SELECT 1" } }
      ])
      assert.lengthOf(requests, 3)
      for (const { tools = [] } of requests) {
        assert.deepStrictEqual(
          tools?.map(({ custom, name, parameters }) => [name, custom ?? null, parameters["type"]]),
          [
            ["sql", null, "object"]
          ]
        )
      }
      const format = { type: "grammar", syntax: "regex", definition: "a" }
      const refused = yield* post("/v1/responses", { input: "hello", tools: [{ ...tools[0], format }] }, "other")
      assert.deepInclude(field(refused.json, "error") as Json, { param: "tools[0].format" })
      const verified = yield* Http.post(url, "/v1/sessions/s/verify", {})
      assert.deepInclude(verified.json as Json, { status: "identical", requests: 3 })
    }).pipe(Effect.scoped))
})
