/** What no translation takes is refused by its field; a vendor that has Responses judges it itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { problem } from "../../../src/apis/responses/TranslatedForms.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"

const missing = "missing_required_parameter"
const unlisted = "invalid_value"
const tools = [{ type: "function", name: "f" }]
const choice = (tool_choice: Schema.Json) => ({ tools, tool_choice })
const item = (more: Schema.JsonObject) => ({ input: [{ role: "user", content: "hello" }, more] })
const unsupported = "unsupported_value"
const withPart = (part: Schema.Json) => item({ role: "user", content: [part] })
const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" }

const refused: ReadonlyArray<readonly [param: string, body: Schema.JsonObject, code: string | null]> = [
  ["text.format.type", { text: { format: { type: "xml" } } }, unlisted],
  ["text.format.type", { text: { format: {} } }, missing],
  ["text.format.type", { text: { format: { type: { toString: 1, valueOf: 1 } } } }, unlisted],
  ["text.verbosity", { text: { verbosity: "deafening" } }, unlisted],
  ["reasoning.summary", { reasoning: { summary: "long" } }, unlisted],
  ["tool_choice", choice("sometimes"), unlisted],
  ["tool_choice", { tool_choice: "required" }, null],
  ["tool_choice.type", choice({ type: "telepathy" }), unlisted],
  ["tool_choice.type", choice({ name: "f" }), missing],
  ["tool_choice.type", choice({ type: { toString: 1, valueOf: 1 } }), unlisted],
  ["tool_choice.name", choice({ type: "function" }), missing],
  ["tool_choice", choice({ type: "function", name: "g" }), unlisted],
  ["tool_choice", choice({ type: "code_interpreter" }), unlisted],
  ["tool_choice.server_label", choice({ type: "mcp" }), missing],
  ["tool_choice", choice({ type: "mcp", server_label: "s" }), unlisted],
  ["tool_choice.mode", choice({ type: "allowed_tools", tools }), missing],
  ["tool_choice.mode", choice({ type: "allowed_tools", mode: "none", tools }), unlisted],
  ["tool_choice.tools", choice({ type: "allowed_tools", mode: "auto", tools: [] }), missing],
  [
    "tool_choice.tools[1]",
    choice({ type: "allowed_tools", mode: "auto", tools: [...tools, { type: "mcp", server_label: "s" }] }),
    unlisted
  ],
  ["tool_choice.tools[0].type", choice({ type: "allowed_tools", mode: "auto", tools: ["f"] }), missing],
  ["include[1]", { include: ["reasoning.encrypted_content", "everything"] }, unlisted],
  ["input[1].type", item({ type: "dream" }), unlisted],
  ["input[1].role", item({ role: "tool", content: "x" }), unlisted],
  ["input[1].role", item({ content: "x" }), missing],
  ["input[1].content", item({ role: "user" }), missing],
  ["input[1].content", item({ role: "user", content: 5 }), "invalid_type"],
  ["input[1].call_id", item({ type: "function_call_output", output: "x" }), missing],
  ["input[1].call_id", item({ type: "function_call", name: "f", arguments: "{}" }), missing],
  ["input[1].name", item({ ...call, name: "" }), missing],
  ["input[1].output", item({ type: "function_call_output", call_id: "c" }), missing],
  ["input[1].call_id", item({ type: "custom_tool_call_output", output: "x" }), missing],
  ["input[1].content[0].file_id", withPart({ type: "input_file", file_id: "file-x" }), unsupported],
  ["input[1].content[0].file_id", withPart({ type: "input_image", file_id: "file-x" }), unsupported],
  ["input[1].content[0].image_url", withPart({ type: "input_image" }), missing],
  ["input[1].content[0].image_url", withPart({ type: "input_image", image_url: "data:image/png;base64,!" }), unlisted],
  [
    "input[1].content[0].file_data",
    withPart({ type: "input_file", file_data: "data:text;base64,eA==", filename: "a.txt" }),
    unlisted
  ],
  ["input[1].content[0].file_data", withPart({ type: "input_file", file_data: "it rains" }), unsupported],
  [
    "input[1].content[0].file_url",
    withPart({ type: "input_file", file_url: "https://example.com/a.pdf" }),
    unsupported
  ],
  ["input[1].content[0].type", withPart({ type: "input_audio", input_audio: {} }), unsupported],
  ["input[1].content[0].type", withPart({ text: "x" }), missing],
  ["input[1].content[0].text", withPart({ type: "input_text" }), missing],
  ["input[1].content[0]", withPart("x"), "invalid_type"],
  [
    "input[1].content[0].file_id",
    item({ role: "system", content: [{ type: "input_file", file_id: "f" }] }),
    unsupported
  ],
  ...["function_call_output", "custom_tool_call_output"].map((type) =>
    [
      "input[1].output[1].file_id",
      item({ type, call_id: "c", output: [{ type: "input_text", text: "t" }, { type: "input_file", file_id: "f" }] }),
      unsupported
    ] as const
  ),
  ["input", item({ type: "custom_tool_call", call_id: "c", name: "g", input: "x" }), "missing_tool_output"],
  ["input[1].encrypted_content", item({ type: "compaction", encrypted_content: "gAAA" }), unsupported],
  ["context_management", { context_management: [{ type: "compaction", compact_threshold: 1000 }] }, unsupported]
]

describe("what can be translated", () => {
  it("is whatever OpenAI's document has", () => {
    const bodies: ReadonlyArray<Schema.JsonObject> = [
      {},
      { text: null, tools: null, tool_choice: null, include: null, reasoning: null, input: "hello" },
      { text: { format: { type: "json_object" }, verbosity: "low" }, reasoning: { summary: "auto", effort: "new" } },
      choice("required"),
      choice({ type: "function", name: "f" }),
      choice({ type: "allowed_tools", mode: "auto", tools }),
      { tools: [{ type: "mcp", server_label: "s" }], tool_choice: { type: "function", name: "any of the server's" } },
      { tools: [{ type: "mcp", server_label: "s" }], tool_choice: { type: "mcp", server_label: "s" } },
      { tools: [{ type: "web_search" }], tool_choice: { type: "web_search_preview_2025_03_11" } },
      { include: ["message.output_text.logprobs", "file_search_call.results"] },
      {
        input: [call, { type: "function_call_output", call_id: "c", output: [] }, { role: "assistant", content: null }]
      },
      item({ type: "item_reference", id: "msg_1" }),
      item({ type: "reasoning", summary: [] })
    ]
    for (const body of bodies) assert.isUndefined(problem(body, { takesFileUrls: false }), JSON.stringify(body))
  })

  it.live(
    "given a chat vendor, then all else is 400 and names its field, and the vendor is not asked",
    () =>
      Effect.gen(function*() {
        const { post, upstream } = yield* ResponsesWorld.given()
        for (const [param, body, code] of refused) {
          const answer = yield* post("/v1/responses", { model: "m", input: "hello", ...body })
          assert.strictEqual(answer.status, 400, `${param}: ${answer.text}`)
          assert.deepInclude(field(answer.json, "error"), { type: "invalid_request_error", param, code })
          assert.include(String(field(field(answer.json, "error"), "message")), `${param}:`)
        }
        assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 0)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("given a chat vendor, then what is counted or made shorter is refused alike", () =>
    Effect.gen(function*() {
      const { post, upstream } = yield* ResponsesWorld.given()
      const refusedByForm = refused.filter(([, body]) =>
        problem({ input: "hello", ...body }, { takesFileUrls: false }) !== undefined
      )
      assert.isAbove(refusedByForm.length, 30)
      for (const path of ["/v1/responses/input_tokens", "/v1/responses/compact"]) {
        for (const [param, body, code] of refusedByForm) {
          const answer = yield* post(path, { model: "m", input: "hello", ...body })
          assert.deepInclude(field(answer.json, "error"), { type: "invalid_request_error", param, code }, answer.text)
        }
      }
      const counted = yield* post("/v1/responses/input_tokens", { model: "m", input: "hello", tools: "none" })
      assert.deepStrictEqual([counted.status, field(field(counted.json, "error"), "param")], [400, "tools"])
      assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 0)
    }).pipe(Effect.scoped), 30_000)

  it.live("given a chat vendor, then a file that a stored prompt is filled with is refused by its variable", () =>
    Effect.gen(function*() {
      const { create, post, upstream } = yield* ResponsesWorld.given()
      const { json } = yield* post("/v1/prompts", { prompt: "Read {{what}}" })
      const id = String(field(json, "prompt_id"))
      const filled = (what: Schema.Json) => create({ input: "hello", prompt: { id, variables: { what } } })
      const later = yield* create({ input: "hello", prompt: { id, version: "7", variables: { what: "this" } } })
      assert.strictEqual(later.status, 404)
      assert.strictEqual(field(field(later.json, "error"), "param"), "prompt.version")
      const refusal = yield* filled({ type: "input_file", file_id: "file-x" })
      assert.strictEqual(refusal.status, 400, refusal.text)
      assert.deepInclude(field(refusal.json, "error"), { param: "prompt.variables.what.file_id", code: unsupported })
      assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 0)
      for (const value of ["this", { type: "input_text", text: "this" }]) {
        assert.strictEqual((yield* filled(value)).status, 200)
        assert.include(upstream.received.at(-1)!.bodyText, "Read this")
      }
    }).pipe(Effect.scoped))

  it.live("given a vendor that has Responses, then it gets what it alone understands, passed or on a turn of ours", () =>
    Effect.gen(function*() {
      const { post, upstream } = yield* ResponsesWorld.given({
        model: ResponsesVendor.respond,
        config: { api: "responses" }
      })
      const body = {
        input: "hello",
        text: { format: { type: "xml" } },
        tools: [{ type: "telepathy" }],
        tool_choice: { type: "telepathy" },
        include: ["everything"]
      }
      for (const more of [{}, { max_infer_iters: 3 }]) {
        const answer = yield* post("/v1/responses", { model: "upstream/m", ...body, ...more })
        assert.strictEqual(answer.status, 200, answer.text)
        const { text, tool_choice, tools } = body
        const sent = upstream.received.at(-1)!.body
        assert.deepInclude(sent, { text, tool_choice, tools })
        assert.include(field(sent, "include") as ReadonlyArray<string>, "everything")
      }
    }).pipe(Effect.scoped))
})
