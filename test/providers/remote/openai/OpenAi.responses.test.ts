/** `remote::openai` with `api: responses`: clients of other dialects before a vendor of OpenAI's Responses, over HTTP. */
// oxlint-disable typescript/no-explicit-any -- answers of several dialects, read as they come
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { inputOf, reasoning, respond, response } from "../../../support/ResponsesVendor.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { hello } from "../../../support/Sdk.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [
      Strata.openAi(upstream, { api: "responses", models: ["o3", "gpt-4.1", "broken"], api_key: Vendors.vendorKey })
    ]
  })
  const verified = Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => Object(json))
  return { strata, upstream, verified }
})

/** The `data:` of a stream, parsed. */
const dataOf = (text: string): ReadonlyArray<any> =>
  text.split("\n").filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)))

const session = { "x-strata-session-id": "s" }

interface Client {
  readonly path: string
  readonly tools: ReadonlyArray<Schema.JsonObject>
  readonly user: (text: string) => Schema.JsonObject
  readonly result: (id: string) => Schema.JsonObject
  /** The assistant's turn as a client keeps it, and the id of its call. */
  readonly turn: (
    text: string,
    stream: boolean
  ) => { readonly message: Schema.JsonObject; readonly call: string | undefined }
  readonly usage: (text: string, stream: boolean) => Schema.JsonObject
}

const parameters = { type: "object", properties: { city: { type: "string" } } }

/** Folds chunks as OpenAI's client does, thinking blocks included. */
const chatMessage = (text: string, stream: boolean): any => {
  if (!stream) return JSON.parse(text).choices[0].message
  const message: any = { role: "assistant", content: "" }
  for (const { choices: [choice] } of dataOf(text)) {
    const delta = choice?.delta ?? {}
    message.content += delta.content ?? ""
    if (delta.thinking_blocks !== undefined) (message.thinking_blocks ??= []).push(...delta.thinking_blocks)
    for (const { function: { arguments: more = "", name = "" } = {}, id, index, ...rest } of delta.tool_calls ?? []) {
      const calls = message.tool_calls ??= []
      const before = calls[index] ??= { id, type: "function", function: { name: "", arguments: "" } }
      before.function.name += name
      before.function.arguments += more
      if (rest.extra_content !== undefined) before.extra_content = rest.extra_content
    }
  }
  return message
}

/** Folds events as Anthropic's client does. */
const anthropicContent = (text: string, stream: boolean): Array<any> => {
  if (!stream) return JSON.parse(text).content
  const content: Array<any> = []
  const input: Array<string> = []
  for (const { content_block, delta, index, type } of dataOf(text)) {
    if (type === "content_block_start") content[index] = { ...content_block }
    if (type !== "content_block_delta") continue
    if (delta.type === "text_delta") content[index].text += delta.text
    if (delta.type === "thinking_delta") content[index].thinking += delta.thinking
    if (delta.type === "signature_delta") content[index].signature = delta.signature
    if (delta.type === "input_json_delta") input[index] = (input[index] ?? "") + delta.partial_json
  }
  return content.map((block, index) =>
    input[index] === undefined ? block : { ...block, input: JSON.parse(input[index]) }
  )
}

const clients: Readonly<Record<string, Client>> = {
  chat: {
    path: "/v1/chat/completions",
    tools: [{ type: "function", function: { name: "weather", parameters } }],
    user: (content) => ({ role: "user", content }),
    result: (tool_call_id) => ({ role: "tool", tool_call_id, content: "rain" }),
    turn: (text, stream) => {
      const message = chatMessage(text, stream)
      return { message, call: message.tool_calls?.[0].id }
    },
    usage: (text, stream) => (stream ? dataOf(text).find(({ usage }) => usage != null) : JSON.parse(text)).usage
  },
  Anthropic: {
    path: "/v1/messages",
    tools: [{ name: "weather", input_schema: parameters }],
    user: (content) => ({ role: "user", content }),
    result: (tool_use_id) => ({ role: "user", content: [{ type: "tool_result", tool_use_id, content: "rain" }] }),
    turn: (text, stream) => {
      const content = anthropicContent(text, stream)
      return { message: { role: "assistant", content }, call: content.find(({ type }) => type === "tool_use")?.id }
    },
    usage: (text, stream) => (stream ? dataOf(text).findLast(({ usage }) => usage != null) : JSON.parse(text)).usage
  }
}

const rows = Object.keys(clients).flatMap((name) => [false, true].map((stream) => ({ name, stream })))

describe("a vendor of Responses", () => {
  it.live.each(rows)(
    "gets its reasoning back as it gave it, over turns of a client: $name, stream $stream",
    ({ name, stream }) =>
      Effect.gen(function*() {
        const { strata, upstream, verified } = yield* given
        const { path, result, tools, turn, usage, user } = clients[name]!
        const messages: Array<Schema.JsonObject> = []
        for (const question of ["Oslo?", "And now?"]) {
          messages.push(user(question))
          for (let step = 0; step < 2; step++) {
            const body = {
              model: "upstream/o3",
              max_tokens: 500,
              stream,
              tools,
              messages: [...messages],
              ...name === "chat" ? { stream_options: { include_usage: true } } : {}
            }
            const answer = yield* Http.post(
              strata.url,
              path,
              name === "chat" && !stream ? { ...body, stream_options: undefined } : body,
              session
            )
            assert.strictEqual(answer.status, 200, answer.text)
            const counted = usage(answer.text, stream)
            assert.strictEqual(counted["output_tokens"] ?? counted["completion_tokens"], 20)
            const { call, message } = turn(answer.text, stream)
            messages.push(message)
            if (call !== undefined) messages.push(result(call))
          }
        }
        assert.deepStrictEqual(upstream.received.map(({ path }) => path), Array(4).fill("/v1/responses"))
        for (const { body } of upstream.received) {
          assert.deepInclude(Object(body), { store: false, include: ["reasoning.encrypted_content"], model: "o3" })
        }
        const input = inputOf(upstream.received.at(-1)!)
        assert.deepStrictEqual(input.map(({ type }) => type), [
          "message",
          "reasoning",
          "function_call",
          "function_call_output",
          "reasoning",
          "message",
          "message",
          "reasoning",
          "function_call",
          "function_call_output"
        ])
        assert.deepStrictEqual(
          input.filter(({ type }) => type === "reasoning"),
          [reasoning(1), reasoning(4), reasoning(7)]
        )
        assert.deepInclude(input[2], { call_id: "call_1", name: "weather", arguments: "{\"city\":\"Oslo\"}" })
        assert.deepInclude(input[3], { call_id: "call_1", output: "rain" })
        const responses = (yield* strata.events({ types: ["llm:response"] })).map((event) => Object(payloadOf(event)))
        for (const { usage } of responses) {
          assert.deepInclude(usage, {
            input_tokens: 30,
            output_tokens: 20,
            reasoning_tokens: 12,
            cache_read_tokens: 10
          })
        }
        assert.deepInclude(yield* verified, { status: "identical", requests: 4 })
      })
  )

  it.live.each(Object.keys(clients))("refuses in the words of the client: %s", (name) =>
    Effect.gen(function*() {
      const { strata, verified } = yield* given
      const { path, user } = clients[name]!
      const body = { model: "upstream/broken", max_tokens: 9, messages: [user("Oslo?")] }
      const { json, status } = yield* Http.post(strata.url, path, body, session)
      assert.strictEqual(status, 429)
      const { error } = Object(json)
      assert.strictEqual(error.message, "Slow down.")
      if (name === "Anthropic") assert.strictEqual(error.type, "rate_limit_error")
      else assert.deepInclude(error, { type: "requests", code: "rate_limit_exceeded" })
      assert.strictEqual((yield* verified).status, "identical")
    }))

  it.live("is not asked for encrypted reasoning of a model that does not reason, and stores nothing", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given
      yield* Http.post(strata.url, "/v1/chat/completions", { ...hello, model: "upstream/gpt-4.1" })
      const body = Object(upstream.received[0]?.body)
      assert.strictEqual(body.store, false)
      assert.notProperty(body, "include")
    }))

  it.live("says in mid-stream that it failed, in the words of the client", () =>
    Effect.gen(function*() {
      const failed = {
        type: "response.failed",
        response: { ...response(1, []), status: "failed", error: { code: "server_error", message: "Broken." } }
      }
      const created = { type: "response.created", response: response(1, []) }
      const upstream = yield* FakeUpstream.make({
        respond: () =>
          Vendors.frames([created, failed].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
      })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { api: "responses", models: ["o3"] })] })
      const { text } = yield* Http.post(strata.url, "/v1/messages", {
        model: "upstream/o3",
        max_tokens: 9,
        stream: true,
        messages: [{ role: "user", content: "?" }]
      })
      assert.containsSubset(dataOf(text).at(-1), { type: "error", error: { message: "Broken." } })
      assert.lengthOf(yield* strata.events({ types: ["llm:error"] }), 1)
    }))

  it.live("is another by its configuration alone: without it, Chat Completions are asked", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { choices: [] }) })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      yield* Http.post(strata.url, "/v1/chat/completions", { ...hello, model: "upstream/m" })
      assert.deepStrictEqual(upstream.received.map(({ path }) => path), ["/v1/chat/completions"])
    }))
})
