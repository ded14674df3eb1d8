/** What Ollama's dialect says, and what it can't. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { ollama } from "../../../../src/kernel/dialects/ollama/OllamaDialect.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import { lowered, read, responseOf } from "../../../support/DialectProperties.ts"

const user = { role: "user" as const, content: "Hello?" }
const tools = ["f", "g"].map((name) => ({ name, parameters: { type: "object" } }))

const ask = (request: Partial<ChatRequest>) =>
  lowered(ollama, { model: "m", messages: [user], ...request } as ChatRequest)

const refusedBy = (request: Partial<ChatRequest>): string | undefined => {
  const asked = ollama.lower.request({ model: "m", messages: [user], ...request } as ChatRequest)
  return Result.isFailure(asked) ? asked.failure.param : undefined
}

const line = (message: object, more: object = {}) =>
  `data: ${
    JSON.stringify({ model: "m", message: { role: "assistant", content: "", ...message }, done: false, ...more })
  }\n\n`

const picture = (source: Schema.JsonObject) => ({ type: "image" as const, source })

describe("ollama, asked", () => {
  it("gives images their bytes, and refuses those that stand elsewhere", () => {
    const content = [
      { type: "text" as const, text: "What is it?" },
      picture({ type: "base64", media_type: "image/png", data: "AA==" }),
      picture({ type: "url", url: "data:image/gif;base64,R0lGOD" })
    ]
    assert.deepStrictEqual(ask({ messages: [{ role: "user", content }] }).body["messages"], [
      { role: "user", content: "What is it?", images: ["AA==", "R0lGOD=="] }
    ])
    const elsewhere = [picture({ type: "url", url: "https://example.com/a.png" })]
    assert.strictEqual(refusedBy({ messages: [{ role: "user", content: elsewhere }] }), "messages")
  })

  it("gives results the names of their tools, and says developers' words as a file", () => {
    const { body } = ask({
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "assistant", content: [{ type: "tool_call", id: "c", name: "f", input: {} }] },
        { role: "tool", content: [{ type: "tool_result", tool_call_id: "c", output: { a: 1 } }] },
        { role: "tool", tool_call_id: "c", content: "rain" }
      ]
    })
    assert.deepStrictEqual(body["messages"], [
      { role: "user", content: "<context_file>\nBe brief.\n</context_file>" },
      { role: "assistant", content: "", tool_calls: [{ id: "c", function: { name: "f", arguments: {} } }] },
      { role: "tool", content: "{\"a\":1}", tool_name: "f", tool_call_id: "c" },
      { role: "tool", content: "rain", tool_name: "f", tool_call_id: "c" }
    ])
  })

  it("sends thoughts back that are signed for nobody else", () => {
    const thought = (more: object) => ({ type: "thinking" as const, thinking: "hm", ...more })
    const asked = (more: object) =>
      ask({ messages: [user, { role: "assistant", content: [thought(more), { type: "text", text: "Hi" }] }] })
    assert.deepInclude((asked({}).body["messages"] as ReadonlyArray<unknown>)[1], { thinking: "hm" })
    const foreign = asked({ signature: "c2lnbg==", producer_dialect: "anthropic" })
    assert.notProperty((foreign.body["messages"] as ReadonlyArray<unknown>)[1], "thinking")
    assert.lengthOf(foreign.degradations, 1)
  })

  it.each([
    ["none", undefined, []],
    ["auto", ["f", "g"], []],
    [{ name: "g" }, ["g"], ["no tool but g"]],
    ["required", ["f", "g"], ["tool_choice auto"]]
  ])("where the choice of tools is %j sends %j", (tool_choice, names, actual) => {
    const { body, degradations } = ask({ tools, tool_choice })
    const sent = body["tools"] as ReadonlyArray<{ function: { name: string } }> | undefined
    assert.deepStrictEqual(sent?.map((tool) => tool.function.name), names)
    assert.deepStrictEqual(degradations.map((each) => each.actual), actual)
  })

  it.each([
    [{ reasoning_effort: "none" }, false, 0],
    [{ reasoning_effort: "high" }, "high", 0],
    [{ reasoning_effort: "minimal" }, "low", 1],
    [{ reasoning_effort: "odd" }, undefined, 1],
    [{ reasoning_budget_tokens: 0 }, false, 0],
    [{ reasoning_budget_tokens: -1 }, true, 0],
    [{ reasoning_budget_tokens: 2000 }, "medium", 1],
    [{ reasoning_effort: "high", provider_options: { chat: { think: false } } }, false, 0]
  ])("thinks as %j says: %j", (request, think, losses) => {
    const { body, degradations } = ask(request)
    assert.deepStrictEqual(body["think"], think)
    assert.lengthOf(degradations, losses)
  })

  it("has its options of the canonical fields, and its own before them", () => {
    const { body } = ask({
      temperature: 0.5,
      max_output_tokens: 9,
      stop: ["x"],
      response_format: { type: "json_schema", json_schema: { type: "object" } },
      provider_options: { anthropic: { options: { temperature: 0.1, num_ctx: 4096 }, container: "c" } }
    })
    assert.deepStrictEqual(body, {
      model: "m",
      messages: [user],
      format: { type: "object" },
      options: { temperature: 0.1, num_predict: 9, stop: ["x"], num_ctx: 4096 },
      stream: false
    })
    assert.deepStrictEqual(ask({ response_format: { type: "json" } }).body["format"], "json")
  })

  it.each([
    ["model", { model: "" }],
    ["messages", { messages: [] }],
    ["tools", { tools: [{ name: "", parameters: {} }] }],
    ["messages.0.content.0.input", {
      messages: [{
        role: "assistant",
        content: [{ type: "tool_call", id: "c", name: "f", input: {}, provider_options: { anthropic: { input: 7 } } }]
      }]
    }]
  ])("refuses by %s", (param, request) => {
    assert.strictEqual(refusedBy(request as Partial<ChatRequest>), param)
  })

  it("gives results without ids to the calls they are of", () => {
    const call = (name: string) => ({ function: { name, arguments: {} } })
    const { messages } = Result.getOrThrow(ollama.raise.request({
      model: "m",
      messages: [
        { role: "assistant", content: "", tool_calls: [call("f"), call("g")] },
        { role: "tool", content: "2", tool_name: "g" },
        { role: "tool", content: "1" }
      ]
    }))
    const [calls, ...results] = messages.map(({ content }) => content as ReadonlyArray<Schema.JsonObject>)
    const ids = calls!.map(({ id }) => id)
    assert.lengthOf(new Set(ids), 2)
    assert.deepStrictEqual(results.map(([result]) => result?.["tool_call_id"]), [ids[1], ids[0]])
  })
})

describe("ollama, answering", () => {
  const calls = [line({ tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }] }, { created_at: "2026-01-01" })]
  const end = line({}, { done: true, done_reason: "stop" })
  const idsOf = (text: string) => responseOf(read(ollama, text))?.content.map((block) => (block as { id?: string }).id)

  it("makes the same ids of the same calls, and others at another time", () => {
    const stream = [...calls, ...calls, end].join("")
    const ids = idsOf(stream)
    assert.deepStrictEqual(idsOf(stream), ids)
    assert.lengthOf(new Set(ids), 2)
    assert.notDeepEqual(idsOf(stream.replaceAll("2026-01-01", "2026-01-02")), ids)
  })

  it("opens another block where the kind of words changes", () => {
    const parts = read(
      ollama,
      [line({ thinking: "a" }), line({ content: "b" }), ...calls, line({ content: "c" }), end].join("")
    )
    const starts = parts.flatMap((part) => part.type === "block_start" ? [[part.index, part.block]] : [])
    assert.deepStrictEqual(starts, [[0, "thinking"], [1, "text"], [2, "tool_call"], [3, "text"]])
  })

  it("keeps what it took, and why it loaded", () => {
    const response = Result.getOrThrow(ollama.raise.response({
      model: "m",
      created_at: "2026-11-26T12:00:00Z",
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: "load",
      total_duration: 5
    }))
    assert.deepInclude(response, { finish_reason: "load", metadata: { model: "m", created: 1_795_694_400 } })
    assert.deepStrictEqual(response.provider_options?.["ollama"], {
      created_at: "2026-11-26T12:00:00Z",
      total_duration: 5
    })
  })

  it("is cut off without its last line, and broken by an error", () => {
    assert.strictEqual(ollama.endingOf?.(calls.join("")), "cut off")
    assert.strictEqual(ollama.endingOf?.(end), "finished")
    assert.strictEqual(ollama.endingOf?.("data: {\"error\":\"no\"}\n\n"), "failed")
    assert.isUndefined(responseOf(read(ollama, calls.join(""))))
    assert.deepInclude(read(ollama, `${calls[0]}data: {"error":"no"}\n\n`).at(-1), {
      type: "error",
      error: { error: "no" }
    })
  })

  it.each([
    [404, { error: "model 'x' not found" }, "not_found"],
    [400, { error: "x does not support tools" }, "invalid_request"],
    [400, { error: "exceeds maximum context size" }, "context_length"],
    [503, { error: "server busy, please try again" }, "overloaded"],
    [500, {}, "unavailable"],
    [200, { error: "llama runner has terminated" }, "unavailable"],
    [200, { error: { type: "broken_frame", message: "a line is no JSON object" } }, "stream"]
  ])("fails by status %s and body %j as %s", (status, body, kind) => {
    assert.strictEqual(ollama.errors.raise(status, body).kind, kind)
  })
})

describe("ollama, its conversations", () => {
  const { conversation } = ollama

  it("finds answers, calls and results, and puts others in their place", () => {
    const call = { id: "c", function: { name: "f", arguments: {} } }
    const body = JSON.stringify({
      message: { role: "assistant", content: "", tool_calls: [call] },
      done_reason: "stop"
    })
    const answer = conversation.answer(body, false)
    assert.strictEqual(answer?.finish_reason, "tool_calls")
    assert.deepStrictEqual(conversation.toolCalls(answer!.message), ["c"])
    const result = conversation.toolResult("c", "rain")
    assert.deepStrictEqual(conversation.toolResults(result), ["c"])
    assert.deepInclude(conversation.replaceToolResults(result, { c: "sun" }), { content: "sun" })
    assert.strictEqual(conversation.replaceToolResults(result, { d: "sun" }), result)
    assert.deepStrictEqual(conversation.request({ stream: true }, "m", [result]), {
      stream: true,
      model: "m",
      messages: [result]
    })
  })

  it("takes more context behind the last message, or within it", () => {
    const result = conversation.toolResult("c", "rain")
    const context = { text: "It is late.", role: "system" as const, append_to_last_tool_result: true }
    assert.deepStrictEqual(conversation.addContext({ messages: [result] }, context)["messages"], [
      { ...result, content: "rain\n\nIt is late." }
    ])
    assert.deepStrictEqual(conversation.addContext({ messages: [user] }, context)["messages"], [
      user,
      { role: "system", content: "It is late." }
    ])
  })
})
