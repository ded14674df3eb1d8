/** Public reports about errors, secrets, request validation, configuration and connections: each case is a test. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { config } from "../../src/cli/ConfigCommand.ts"
import * as Command from "../support/Command.ts"
import { Http } from "../support/Http.ts"
import * as PublicCases from "../support/PublicCases.ts"
import * as RawVendor from "../support/RawVendor.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const { ask, askEach, inputOf, nameOf, requestOf, vendorOf, write } = PublicCases

const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }]
}
const answers = write({ body: JSON.stringify(completion) })

describe("errors", () => {
  it.live(nameOf("chat-x-should-retry"), () =>
    Effect.gen(function*() {
      const vendor = vendorOf("chat-x-should-retry")
      const { answered } = yield* ask(requestOf("chat-x-should-retry"), write(vendor))
      assert.deepStrictEqual([answered.status, answered.text], [429, vendor.body])
      assert.deepInclude(answered.headers, {
        "x-should-retry": "false",
        "retry-after": "17",
        "retry-after-ms": "17000",
        "x-ratelimit-remaining-tokens": "0"
      })
    }).pipe(Effect.scoped))

  it.live("x-should-retry: true reaches the client, too", () =>
    Effect.gen(function*() {
      const { answered } = yield* ask(
        requestOf("chat-x-should-retry"),
        write({ status: 400, headers: { "x-should-retry": "true" }, body: `{"error":{"message":"again"}}` })
      )
      assert.strictEqual(answered.headers["x-should-retry"], "true")
    }).pipe(Effect.scoped))
})

const key = "ollama/Zx9+quite=secret\"7"
const plainKey = "Zx9-quite-secret-7"
const basic = (secret: string, user: string) => Buffer.from(`${user}:${secret}`).toString("base64")
const unicode = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")
const percent = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join("")

/** An error body that repeats a key, in each form. */
const echoes = (secret: string): ReadonlyArray<readonly [name: string, body: string]> => {
  const error = (message: string) => JSON.stringify({ error: { message, type: "invalid", param: null, code: "key" } })
  return [
    ["as it is", error(`Incorrect API key provided: ${secret}. Find yours at the dashboard.`)],
    ["as a bearer token", error(`not allowed: Bearer ${secret}`)],
    ["twice", error(`${secret} ${secret}`)],
    ["in JSON within JSON", error(error(secret))],
    ["in escapes", `{"error":{"message":"no: ${unicode(secret)}"}}`],
    ["with slashes escaped", error(secret).replaceAll("/", "\\/")],
    ["encoded for a URL", error(`GET /v1?key=${encodeURIComponent(secret)}&a=1`)],
    ["encoded for a URL throughout", error(`GET /v1?k=${percent(secret)}`)],
    ["as basic authorization", error(`Basic ${basic(secret, "user")}`)],
    ["as basic authorization of another name", error(`Basic ${basic(secret, "me")}`)],
    ["as basic authorization of a third name", error(`Basic ${basic(secret, "m")}`)],
    ["as base64", error(Buffer.from(secret).toString("base64url"))],
    ["under a name", JSON.stringify({ error: { message: "no", request: { headers: { authorization: secret } } } })],
    ["as a key", JSON.stringify({ error: { message: "no", [secret]: true } })],
    ["as text that is no JSON", `<html>no ${secret}</html>`]
  ]
}

/** Nothing of it is in a text, whatever is decoded. */
const assertHidden = (text: string, secret: string) => {
  const decoded = text.replaceAll(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll("\\", "")
  const unquoted = secret.replaceAll("\\", "")
  for (const each of [text, decoded]) {
    assert.notInclude(each, secret)
    assert.notInclude(each, unquoted)
    for (const run of each.match(/[\w+/=-]{12,}/g) ?? []) {
      for (const cut of [0, 1, 2, 3]) {
        assert.notInclude(Buffer.from(run.slice(cut), "base64").toString("latin1"), secret)
      }
    }
  }
}

describe("secrets", () => {
  const request = requestOf("vendor-echoes-key-client")

  it.live.each([plainKey, key])(`${nameOf("vendor-echoes-key-client")}: %s`, (secret) =>
    Effect.gen(function*() {
      const rounds = echoes(secret).map(([, body]) => ({ request, answer: write({ status: 401, body }) }))
      const outcomes = yield* askEach(rounds, { config: { api_key: secret } })
      for (const { answered, log } of outcomes) {
        assert.strictEqual(answered.status, 401)
        assertHidden(answered.text, secret)
        assertHidden(log, secret)
        assert.isObject(answered.json)
      }
    }).pipe(Effect.scoped))

  it.live.each([plainKey, key])(
    "a key in an error under 200, as a body and as a frame: %s",
    (secret) =>
      Effect.gen(function*() {
        const first = `data: {"choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\n`
        const errors = echoes(secret).filter(([, body]) => body.startsWith("{\"error"))
        const rounds = errors.flatMap(([, body]) => {
          const frame = `event: error\ndata: ${body}\n\n`
          const chunks = [first, frame.slice(0, 40), frame.slice(40, 55), frame.slice(55)]
          return [
            { request, answer: write({ body }) },
            { request: { ...request, stream: true }, answer: write({ chunks, end: "clean" }) }
          ]
        })
        for (const { answered, frames, log } of yield* askEach(rounds, { config: { api_key: secret } })) {
          assert.strictEqual(answered.status, 200)
          assert.isTrue(answered.json !== undefined || frames[0] === first)
          assertHidden(answered.text, secret)
          assertHidden(log, secret)
        }
      }).pipe(Effect.scoped)
  )

  it.live("a key in headers that concern the client, of errors and of answers", () =>
    Effect.gen(function*() {
      for (const status of [200, 401]) {
        const headers = { "openai-organization": `org of ${plainKey}`, "x-ratelimit-key": basic(plainKey, "u") }
        const { answered } = yield* ask(
          request,
          write({ status, headers, body: JSON.stringify(completion) }),
          { config: { api_key: plainKey } }
        )
        assertHidden(JSON.stringify(answered.headers), plainKey)
        assert.include(answered.headers["openai-organization"], "org of [REDACTED]")
      }
    }).pipe(Effect.scoped))

  it.live("a key that a client sent as its own, and one in a configured header or the base URL", () =>
    Effect.gen(function*() {
      const body = JSON.stringify({ error: { message: `you sent ${plainKey}` } })
      const own = yield* ask(request, write({ status: 401, body }), {
        headers: { "x-strata-provider-data": JSON.stringify({ v: { api_key: plainKey } }) }
      })
      const header = yield* ask(request, write({ status: 401, body }), {
        config: { headers: { "x-api-key": plainKey } }
      })
      for (const { answered, log } of [own, header]) {
        assert.strictEqual(answered.text, JSON.stringify({ error: { message: "you sent [REDACTED]" } }))
        assertHidden(log, plainKey)
      }
    }).pipe(Effect.scoped))

  it.live("a key in what the vendor says of its list of models is not shown with its health", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) =>
        socket.write(RawVendor.answerOf(`{"error":{"message":"no: ${plainKey}"}}`, { status: "401 No" }))
      )
      const strata = yield* Strata.make({
        providers: [{
          provider_id: "v",
          provider_type: "remote::openai",
          config: { base_url: `${vendor.url}/v1`, api_key: plainKey }
        }]
      })
      const shown = yield* Http.send(strata.url, "/v1/providers/v")
      assert.include(shown.text, "401")
      assertHidden(shown.text, plainKey)
    }).pipe(Effect.scoped))

  it.live("an answer that is none, and an error without a key, reach the client as they came", () =>
    Effect.gen(function*() {
      const body = ` {"error" : {"message":"caf\\u00e9 100% \\/ \\u003cb\\u003e", "n": 1.0}}\n`
      const { answered } = yield* ask(request, write({ status: 400, body }), {
        config: { api_key: plainKey }
      })
      assert.strictEqual(answered.text, body)
      const html = yield* ask(request, write({ body: `<p>${plainKey}</p>` }), {
        config: { api_key: plainKey }
      })
      assert.strictEqual(html.answered.status, 502)
      assertHidden(html.answered.text, plainKey)
    }).pipe(Effect.scoped))
})

/** What vendors take that OpenAI does not. */
const taken: ReadonlyArray<object> = [
  ...(inputOf("temperature-above-two")["requests"] as ReadonlyArray<object>),
  ...[9, -1, "0.7", null].map((temperature) => ({ temperature })),
  ...[1.5, "0.9", null].map((top_p) => ({ top_p })),
  ...[0, 129, "2", null].map((n) => ({ n })),
  ...[-1, 1.5, 0, "100", null].map((max_tokens) => ({ max_tokens, max_completion_tokens: max_tokens })),
  ...[-3, "1", null].map((presence_penalty) => ({ presence_penalty, frequency_penalty: presence_penalty })),
  ...[{ 50256: -200 }, { 50256: "-100" }, [[15_043, 1]], null].map((logit_bias) => ({ logit_bias })),
  ...["42", 1.5, -1, null].map((seed) => ({ seed })),
  ...["x", ["x"], [1], null].map((stop) => ({ stop })),
  ...[5, "true", null].map((logprobs) => ({ logprobs, top_logprobs: 50 })),
  ...[[{}], [{ type: "web_search" }], {}, null].map((tools) => ({ tools })),
  ...["any", { type: "any" }, 1, null].map((tool_choice) => ({ tool_choice })),
  ...["json", { schema: {} }, null].map((response_format) => ({ response_format })),
  ...[{}, { include_usage: "true" }, null].map((stream_options) => ({ stream_options })),
  ...[null, 7].map((user) => ({ user, service_tier: user, reasoning_effort: user, parallel_tool_calls: user })),
  { messages: [] },
  { messages: [{ role: "critic", content: "x" }, { role: "", content: "x" }] },
  { messages: [{ role: "user", content: null }, { role: "user" }, { role: "user", content: { text: "x" } }] },
  { messages: [{ role: "user", content: [{ kind: "audio" }, { type: "video_url", video_url: {} }, { type: null }] }] },
  {
    messages: [{ role: "user", content: [] }, { role: "tool", tool_call_id: 7, content: 7, name: {}, tool_calls: {} }]
  },
  { extra_body: { a: [1] }, chat_template_kwargs: null }
]

describe("request validation", () => {
  it.live(`${nameOf("temperature-above-two")}: the vendor gets it, whatever it is`, () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => answers(socket))
      const strata = yield* Strata.make({
        providers: [{
          provider_id: "v",
          provider_type: "remote::openai",
          config: { base_url: `${vendor.url}/v1`, models: ["m"] }
        }]
      })
      for (const fields of taken) {
        const body = { messages: [{ role: "user", content: "hi" }], ...fields }
        const answer = yield* Http.post(strata.url, "/v1/chat/completions", { model: "v/m", ...body })
        assert.strictEqual(answer.status, 200, `${JSON.stringify(fields)}: ${answer.text}`)
        const sent = vendor.received.at(-1)!.text.split("\r\n\r\n")[1]
        assert.strictEqual(sent, JSON.stringify({ model: "m", ...body }))
      }
    }).pipe(Effect.scoped))

  it.live("what a vendor does not like it says itself", () =>
    Effect.gen(function*() {
      const body = `{"error":{"message":"temperature is too hot","param":"temperature"}}`
      const { answered } = yield* ask({ messages: [], temperature: 9 }, write({ status: 400, body }))
      assert.deepStrictEqual([answered.status, answered.text], [400, body])
    }).pipe(Effect.scoped))
})

describe("configuration", () => {
  it.live.each([
    ["?api-version=2024-12-01-preview", "?api-version=2024-12-01-preview"],
    ["/?api-version=1&b=%20", "?api-version=1&b=%20"],
    ["/?", ""]
  ])(`${nameOf("base-url-with-query")}: %s`, ([end, query]) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => answers(socket))
      const strata = yield* Strata.make({
        providers: [{
          provider_id: "query",
          provider_type: "remote::openai",
          config: { base_url: `${vendor.url}/openai/deployments/d1${end}` }
        }]
      })
      const answer = yield* Http.post(strata.url, "/v1/chat/completions", {
        ...requestOf("base-url-with-query"),
        model: "query/a49"
      })
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual(vendor.received.map(({ text }) => text.split(" HTTP/")[0]), [
        `GET /openai/deployments/d1/models${query}`,
        `POST /openai/deployments/d1/chat/completions${query}`
      ])
    }).pipe(Effect.scoped))

  it.live.each([
    ["https://ada:hunter22@h/v1", "a name and a password have no place in it"],
    ["https://h/v1#there", "what stands behind # is never sent"]
  ])("config check refuses the base URL %s", ([base_url, problem]) =>
    Effect.gen(function*() {
      const file = join(yield* TemporaryFolder.make, "strata.yaml")
      writeFileSync(
        file,
        `providers: { inference: [{ provider_id: v, provider_type: "remote::openai", config: { base_url: "${base_url}" } }] }`
      )
      const { code, stderr } = yield* Command.run(config, ["check", file], {})
      assert.strictEqual(code, 1)
      assert.include(stderr, `providers.inference[0].config.base_url: ${problem}`)
      assert.notInclude(stderr, "hunter22")
    }))
})

describe("HTTP", () => {
  it.live(nameOf("stale-keep-alive"), () =>
    Effect.gen(function*() {
      let asked = 0
      const vendor = yield* RawVendor.make((socket, { number, text }) => {
        if (text.startsWith("GET")) return socket.write(RawVendor.answerOf(`{"data":[]}`))
        asked++
        return asked === 2 && number > 1 ? void socket.resetAndDestroy() : answers(socket)
      })
      const strata = yield* Strata.make({
        providers: [{
          provider_id: "v",
          provider_type: "remote::openai",
          config: { base_url: `${vendor.url}/v1`, models: ["m"] }
        }]
      })
      const statuses: Array<number> = []
      for (let index = 0; index < 3; index++) {
        const body = { model: "v/m", messages: [{ role: "user", content: "hi" }] }
        statuses.push((yield* Http.post(strata.url, "/v1/chat/completions", body)).status)
      }
      assert.deepStrictEqual(statuses, [200, 200, 200])
      assert.strictEqual(asked, 4)
    }).pipe(Effect.scoped))
})
