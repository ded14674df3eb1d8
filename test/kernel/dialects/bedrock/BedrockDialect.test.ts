/** What Bedrock's Converse says, and what it can't. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { bedrock } from "../../../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import { lowered, read, responseOf } from "../../../support/DialectProperties.ts"

const user = { role: "user" as const, content: "Hello?" }
const tools = [{ name: "f", parameters: { type: "object" } }]
const claude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"

const ask = (request: Partial<ChatRequest>) =>
  lowered(bedrock, { model: claude, messages: [user], ...request } as ChatRequest)

const refusedBy = (request: Partial<ChatRequest>): string | undefined => {
  const asked = bedrock.lower.request({ model: claude, messages: [user], ...request } as ChatRequest)
  return Result.isFailure(asked) ? asked.failure.param : undefined
}

const marked = (text: string) => ({ type: "text" as const, text, cache_control: { type: "ephemeral", ttl: "1h" } })
const point = { cachePoint: { type: "default", ttl: "1h" } }

const streamOf = (...events: ReadonlyArray<object>) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")

const delta = (contentBlockIndex: number, delta: object) => ({ contentBlockDelta: { contentBlockIndex, delta } })
const stop = { messageStop: { stopReason: "end_turn" } }

describe("bedrock, asked", () => {
  it("puts the system's words before the turns, and results before what else the user says", () => {
    const { body, degradations } = ask({
      messages: [
        { role: "system", content: "Be brief." },
        user,
        { role: "assistant", content: [{ type: "tool_call", id: "c", name: "f", input: { a: 1 } }] },
        { role: "user", content: "Now?" },
        { role: "tool", content: [{ type: "tool_result", tool_call_id: "c", output: { b: 2 }, is_error: true }] }
      ],
      tools
    })
    assert.deepStrictEqual(body["system"], [{ text: "Be brief." }])
    assert.deepStrictEqual(body["messages"], [
      { role: "user", content: [{ text: "Hello?" }] },
      { role: "assistant", content: [{ toolUse: { toolUseId: "c", name: "f", input: { a: 1 } } }] },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "c", content: [{ json: { b: 2 } }], status: "error" } },
          { text: "Now?" }
        ]
      }
    ])
    assert.isEmpty(degradations)
  })

  it("marks the cache behind the blocks, for models that have one, and the last four times", () => {
    const content = ["a", "b", "c", "d", "e"].map(marked)
    const claudes = ask({ messages: [{ role: "user", content }] })
    assert.deepStrictEqual(claudes.body["messages"], [{
      role: "user",
      content: [{ text: "a" }, ...["b", "c", "d", "e"].flatMap((text) => [{ text }, point])]
    }])
    assert.deepStrictEqual(claudes.degradations.map(({ requested }) => requested), ["5 marks of the cache"])
    const llamas = ask({ model: "meta.llama3-1-70b-instruct-v1:0", messages: [{ role: "user", content }] })
    assert.notInclude(JSON.stringify(llamas.body), "cachePoint")
  })

  it.each([
    ["auto", { auto: {} }],
    ["required", { any: {} }],
    [{ name: "f" }, { tool: { name: "f" } }]
  ])("has a word for the choice %j", (tool_choice, toolChoice) => {
    assert.deepInclude(ask({ tools, tool_choice }).body["toolConfig"], { toolChoice })
  })

  it("leaves tools out that must not be called, unless calls of them stand in the conversation", () => {
    assert.notProperty(ask({ tools, tool_choice: "none" }).body, "toolConfig")
    const messages = [
      user,
      { role: "assistant" as const, content: [{ type: "tool_call" as const, id: "c", name: "f", input: {} }] },
      { role: "tool" as const, content: [{ type: "tool_result" as const, tool_call_id: "c", output: "1" }] }
    ]
    const { body, degradations } = ask({ messages, tools, tool_choice: "none" })
    assert.property(body, "toolConfig")
    assert.deepStrictEqual(degradations.map(({ actual }) => actual), ["tool_choice auto"])
  })

  it.each([
    [claude, { reasoning_budget_tokens: 2048 }, { thinking: { type: "enabled", budget_tokens: 2048 } }, 0],
    [claude, { reasoning_effort: "high" }, { thinking: { type: "adaptive" }, output_config: { effort: "high" } }, 0],
    [claude, { reasoning_effort: "none", top_k: 5 }, { top_k: 5 }, 0],
    ["openai.gpt-oss-120b-1:0", { reasoning_effort: "minimal", top_k: 5 }, { reasoning_effort: "low" }, 2],
    ["us.amazon.nova-2-lite-v1:0", { reasoning_effort: "low", top_k: 5 }, {
      inferenceConfig: { topK: 5 },
      reasoningConfig: { type: "enabled", maxReasoningEffort: "low" }
    }, 0],
    ["meta.llama3-1-70b-instruct-v1:0", { reasoning_effort: "high", top_k: 5 }, undefined, 2]
  ])("asks %s for %j in its own fields", (model, request, fields, losses) => {
    const { body, degradations } = ask({ model, ...request })
    assert.deepStrictEqual(body["additionalModelRequestFields"], fields)
    assert.lengthOf(degradations, losses)
  })

  it("takes Bedrock's own fields of clients of other dialects, and before what it makes itself", () => {
    const guardrailConfig = { guardrailIdentifier: "g", guardrailVersion: "1" }
    const additionalModelRequestFields = { top_k: 7, anthropic_beta: ["x"] }
    const { body } = ask({
      top_k: 5,
      provider_options: { chat: { guardrailConfig, additionalModelRequestFields, logit_bias: {} } }
    })
    assert.deepStrictEqual(body["additionalModelRequestFields"], additionalModelRequestFields)
    assert.deepStrictEqual(body["guardrailConfig"], guardrailConfig)
    assert.notProperty(body, "logit_bias")
    assert.isTrue(bedrock.lower.takes?.has("guardrailConfig"))
  })

  it("sends its own thoughts back, and nobody else's", () => {
    const thought = { type: "thinking" as const, thinking: "hm", signature: "c2lnbg==" }
    const sent = (producer_dialect: string) =>
      ask({
        messages: [user, {
          role: "assistant",
          content: [{ ...thought, producer_dialect }, { type: "text", text: "Hi" }]
        }]
      })
    const own = (sent("bedrock").body["messages"] as ReadonlyArray<Schema.JsonObject>)[1]
    assert.deepStrictEqual(Object(own)["content"][0], {
      reasoningContent: { reasoningText: { text: "hm", signature: "c2lnbg==" } }
    })
    const foreign = sent("anthropic")
    assert.notInclude(JSON.stringify(foreign.body), "reasoningContent")
    assert.lengthOf(foreign.degradations, 1)
  })

  it("clamps what is out of range, and says what it has no field for", () => {
    const { body, degradations } = ask({ model: "m", temperature: 1.5, seed: 7, presence_penalty: 0 })
    assert.deepStrictEqual(body["inferenceConfig"], { temperature: 1 })
    assert.deepStrictEqual(degradations.map(({ requested }) => requested), ["temperature 1.5", "seed 7"])
  })

  it("digests ids that are too long, the same for a call and its result", () => {
    const id = "fc_".padEnd(90, "x")
    const { body } = ask({
      messages: [
        { role: "assistant", content: [{ type: "tool_call", id, name: "f", input: {} }] },
        { role: "tool", content: [{ type: "tool_result", tool_call_id: id, output: "1" }] }
      ]
    })
    const ids = JSON.stringify(body).match(/"toolUseId":"([^"]+)"/g)
    assert.lengthOf(ids!, 2)
    assert.lengthOf(new Set(ids), 1)
    assert.isAtMost(ids![0]!.length, 64 + "\"toolUseId\":\"\"".length)
  })

  it.each([
    ["model", { model: "" }],
    ["messages", { messages: [] }],
    ["messages", {
      messages: [{ role: "user", content: [{ type: "image", source: { type: "url", url: "https://e.com/a" } }] }]
    }],
    ["tools", { model: "m", tools: [{ name: "a b", parameters: {} }] }],
    ["tool_choice", { model: "m", tools, tool_choice: "odd" }],
    ["response_format", { model: "m", response_format: { type: "json" } }],
    ["messages.0.tool_calls.0.function.arguments", {
      messages: [{
        role: "assistant",
        content: [{ type: "tool_call", id: "c", name: "f", input: {}, arguments: "{\"a\":1}{\"b\":2}" }]
      }]
    }]
  ])("refuses by %s", (param, request) => {
    assert.strictEqual(refusedBy(request as Partial<ChatRequest>), param)
  })

  it("names the model in its path, whatever letters it has", () => {
    const model = "arn:aws:bedrock:eu-central-1:1:inference-profile/eu.a"
    const name = "arn%3Aaws%3Abedrock%3Aeu-central-1%3A1%3Ainference-profile%2Feu.a"
    assert.strictEqual(bedrock.path({ model, stream: false }), `/model/${name}/converse`)
    assert.strictEqual(bedrock.path({ model, stream: true }), `/model/${name}/converse-stream`)
  })
})

describe("bedrock, answering", () => {
  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["tool_use", "tool_calls"],
    ["guardrail_intervened", "content_filter"],
    ["content_filtered", "content_filter"],
    ["malformed_model_output", "malformed_model_output"]
  ])("ends by %s as %s, and says the same word again", (stopReason, reason) => {
    const body = { output: { message: { role: "assistant", content: [{ text: "Hi" }] } }, stopReason }
    const response = Result.getOrThrow(bedrock.raise.response(body))
    assert.strictEqual(response.finish_reason, reason)
    assert.deepStrictEqual(bedrock.lower.response(response), body)
  })

  it("counts what a cache gave and took as input", () => {
    const usage = {
      inputTokens: 3,
      outputTokens: 2,
      totalTokens: 35,
      cacheReadInputTokens: 20,
      cacheWriteInputTokens: 10
    }
    const body = { output: { message: { content: [] } }, usage: { ...usage, cacheDetails: [] } }
    const response = Result.getOrThrow(bedrock.raise.response(body))
    assert.deepStrictEqual(response.usage, {
      input_tokens: 33,
      output_tokens: 2,
      total_tokens: 35,
      cache_read_tokens: 20,
      cache_write_tokens: 10
    })
    assert.deepStrictEqual(bedrock.lower.response(response)["usage"], body.usage)
  })

  it("keeps metrics and trace", () => {
    const text = streamOf(delta(0, { text: "Hi" }), stop, {
      metadata: { metrics: { latencyMs: 7 }, trace: { guardrail: {} } }
    })
    assert.deepStrictEqual(responseOf(read(bedrock, text))?.provider_options?.["bedrock"], {
      metrics: { latencyMs: 7 },
      trace: { guardrail: {} }
    })
  })

  it("puts thoughts together that nobody may read, and texts with what they refer to", () => {
    const piece = (text: string) =>
      delta(0, { reasoningContent: { redactedContent: Buffer.from(text).toString("base64") } })
    const text = streamOf(
      piece("a"),
      piece("bc"),
      delta(1, { text: "Hi" }),
      delta(1, { citation: { title: "T" } }),
      stop
    )
    const content = responseOf(read(bedrock, text))?.content
    assert.deepInclude(content?.[0], { type: "redacted_thinking", data: "YWJj", producer_dialect: "bedrock" })
    assert.deepInclude(content?.[1], { type: "text", text: "Hi" })
    assert.deepStrictEqual(content?.[1]?.provider_options, {
      bedrock: { citationsContent: { content: [{ text: "Hi" }], citations: [{ title: "T" }] } }
    })
  })

  it("keeps arguments that were cut off as they came", () => {
    const start = { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: "t", name: "f" } } } }
    const text = streamOf(start, delta(0, { toolUse: { input: "{\"a\":" } }), {
      messageStop: { stopReason: "max_tokens" }
    })
    const response = responseOf(read(bedrock, text))
    assert.deepInclude(response?.content[0], { input: {}, provider_options: { bedrock: { input: "{\"a\":" } } })
    assert.strictEqual(response?.finish_reason, "length")
  })

  it("is cut off without its stop, and broken by an exception", () => {
    const hi = delta(0, { text: "Hi" })
    assert.strictEqual(bedrock.endingOf?.(streamOf(hi)), "cut off")
    assert.strictEqual(bedrock.endingOf?.(streamOf(hi, stop)), "finished")
    const broken = { modelStreamErrorException: { message: "no" } }
    assert.strictEqual(bedrock.endingOf?.(streamOf(hi, broken)), "failed")
    assert.isUndefined(responseOf(read(bedrock, streamOf(hi))))
    assert.deepInclude(read(bedrock, streamOf(hi, broken)).at(-1), {
      type: "error",
      error: broken,
      failure: { kind: "stream", message: "no", type: "ModelStreamErrorException" }
    })
  })

  it.each([
    [429, { __type: "ThrottlingException", message: "no" }, "rate_limit"],
    [429, { __type: "ThrottlingException", message: "Too many tokens per day" }, "quota_exceeded"],
    [403, { __type: "com.amazon.coral#ExpiredTokenException", message: "no" }, "authentication"],
    [403, { Message: "The security token included in the request is invalid" }, "authentication"],
    [400, { message: "no" }, "invalid_request"],
    [424, { __type: "ModelErrorException", message: "no" }, "unavailable"],
    [200, { internalServerException: { message: "no" } }, "unavailable"],
    [200, { error: { type: "broken_frame", message: "no" } }, "stream"],
    [500, "no", "unavailable"]
  ])("fails by status %s and body %j as %s", (status, body, kind) => {
    assert.strictEqual(bedrock.errors.raise(status, body).kind, kind)
  })

  it("has the type of a refusal of its header, where the body says none", () => {
    const header = { "x-amzn-errortype": "AccessDeniedException:http://internal/" }
    const typed = bedrock.errors.typed!
    assert.strictEqual(
      typed("{\"message\":\"no\"}", header),
      "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}"
    )
    assert.strictEqual(typed("no JSON", header), "{\"__type\":\"AccessDeniedException\",\"message\":\"no JSON\"}")
    const own = "{\"__type\":\"a#ValidationException\"}"
    assert.strictEqual(typed(own, header), own)
    assert.strictEqual(typed("{}", {}), "{}")
  })
})

describe("bedrock, its conversations", () => {
  const { conversation } = bedrock

  it("finds answers, calls and results, and puts others in their place", () => {
    const content = [{ toolUse: { toolUseId: "c", name: "f", input: {} } }]
    const answer = conversation.answer(
      JSON.stringify({ output: { message: { role: "assistant", content } }, stopReason: "tool_use" }),
      false
    )
    assert.strictEqual(answer?.finish_reason, "tool_calls")
    assert.deepStrictEqual(conversation.toolCalls(answer!.message), ["c"])
    const result = conversation.toolResult("c", "rain")
    assert.deepStrictEqual(conversation.toolResults(result), ["c"])
    assert.deepStrictEqual(conversation.replaceToolResults(result, { c: "sun" }), conversation.toolResult("c", "sun"))
  })

  it("takes more context behind the last turn, with the system's words, or within a result", () => {
    const context = { text: "Late.", role: "user" as const, append_to_last_tool_result: true }
    const result = conversation.toolResult("c", "rain")
    const within = conversation.addContext({ messages: [result] }, context)
    assert.include(JSON.stringify(within["messages"]), "[{\"text\":\"rain\"},{\"text\":\"Late.\"}]")
    const asked = { role: "user", content: [{ text: "Hello?" }] }
    assert.deepStrictEqual(conversation.addContext({ messages: [asked] }, context)["messages"], [
      { role: "user", content: [{ text: "Hello?" }, { text: "Late." }] }
    ])
    const system = conversation.addContext({ messages: [asked] }, { ...context, role: "system" })
    assert.deepStrictEqual(system["system"], [{ text: "Late." }])
  })
})
