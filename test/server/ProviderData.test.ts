/** Keys of a client's own, by header: through the whole server to the vendor, and to no other place. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { hello } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const header = "x-strata-provider-data"
const own = "own+key/of-the.client=1"
const configured = "configured-key-1"

/** A vendor that tells everybody which key it got. */
const echo = ({ body, headers, method }: ReceivedRequest) => {
  if (method === "GET") return undefined
  const content = `you sent ${headers["authorization"]}`
  return Object(body).stream === true
    ? ScriptedAnswer.events([...content].map((letter) => ({ choices: [{ index: 0, delta: { content: letter } }] })))
    : Object(body).user === "refuse"
    ? ScriptedAnswer.error(401, content)
    : ScriptedAnswer.json(200, { choices: [{ index: 0, message: { role: "assistant", content } }] }, {
      "x-echo": content
    })
}

const start = Effect.fnUntraced(function*(config: Record<string, string> = {}) {
  const upstream = yield* FakeUpstream.make({ respond: echo, models: ["m"] })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, config)] })
  return { strata, upstream }
})

const ask = (strata: Strata, data: unknown, more: object = {}, session = "s") =>
  Http.post(strata.url, "/v1/chat/completions", { ...hello, model: "upstream/m", ...more }, {
    "x-strata-session-id": session,
    ...(data === undefined ? {} : { [header]: typeof data === "string" ? data : JSON.stringify(data) })
  })

const keys = (upstream: FakeUpstream) =>
  upstream.received.flatMap(({ headers, method }) => method === "POST" ? [headers["authorization"]] : [])

describe("x-strata-provider-data", () => {
  it.live("reaches the vendor in place of the configured key, for this request only", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* start({ api_key: configured })
      yield* ask(strata, { upstream: { api_key: own } })
      yield* ask(strata, { "remote::openai": { api_key: "by-type-key-1" } })
      yield* ask(strata, undefined)
      assert.deepStrictEqual(keys(upstream), [`Bearer ${own}`, "Bearer by-type-key-1", `Bearer ${configured}`])
    }))

  it.live("is in no event, also when the vendor says it again, and its session is verified without it", () =>
    Effect.gen(function*() {
      for (const config of [{}, { api_key: configured }]) {
        const { strata, upstream } = yield* start(config)
        const data = { upstream: { api_key: own } }
        const answers = [
          yield* ask(strata, data),
          yield* ask(strata, data, { stream: true }),
          yield* ask(strata, data, { user: "refuse" }),
          yield* ask(strata, data, { messages: [{ role: "user", content: `is ${own} mine?` }] }),
          yield* ask(strata, undefined)
        ]
        assert.deepStrictEqual(answers.map(({ status }) => status), [200, 200, 401, 200, 200])
        assert.include(answers[0]?.text, own)
        const events = yield* strata.events()
        assert.notInclude(events.map(({ payload }) => payload).join("\n"), own)
        const asked = Strata.ofClients(events).find(({ type }) => type === "api:request:raw")
        assert.strictEqual(JSON.parse(asked?.payload ?? "{}").headers[header], "[REDACTED]")
        yield* upstream.close
        yield* strata.close
        assert.deepStrictEqual(yield* verify(strata.folder, ["s"]), [
          { session: "s", requests: 5, skipped: [], divergence: undefined, around: [] }
        ])
      }
    }).pipe(Effect.scoped))

  it.live("is refused with the header and the field, before anything is recorded or sent", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* start()
      const rows = [
        { data: own, param: header },
        { data: { upsteam: { api_key: own } }, param: `${header}.upsteam` },
        { data: { upstream: { api_key: [own] } }, param: `${header}.upstream.api_key` },
        { data: { upstream: { api_key: own, base_url: "http://elsewhere/v1" } }, param: `${header}.upstream.base_url` },
        { data: { upstream: { api_key: own.padEnd(8200, "x") } }, param: header }
      ]
      for (const { data, param } of rows) {
        const { json, status, text } = yield* ask(strata, data)
        assert.strictEqual(status, 400)
        const { error } = json as { readonly error: Readonly<Record<string, unknown>> }
        assert.deepInclude(error, { type: "invalid_request_error", param, code: "invalid_provider_data" })
        assert.include(error["message"], header)
        assert.notInclude(text, own)
      }
      assert.deepStrictEqual(keys(upstream), [])
      assert.deepStrictEqual(yield* strata.events({ sessionId: "s" }), [])
    }))

  it.live("is asked for by a provider of OpenAI itself that has no key; that of others is theirs to demand", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        providers: [{ provider_id: "upstream", provider_type: "remote::openai", config: { models: ["m"] } }]
      })
      const { json, status } = yield* ask(strata, undefined)
      assert.strictEqual(status, 401)
      const { error } = json as { readonly error: Readonly<Record<string, unknown>> }
      assert.deepInclude(error, { param: `${header}.upstream.api_key`, code: "missing_api_key" })
      yield* strata.close
      assert.isUndefined((yield* verify(strata.folder, ["s"]))[0]?.divergence)

      const keyless = yield* start()
      assert.strictEqual((yield* ask(keyless.strata, undefined)).status, 200)
      assert.deepStrictEqual(keys(keyless.upstream), [undefined])
    }).pipe(Effect.scoped))

  it.live("is taken and not needed where recordings answer", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* start()
      yield* ask(strata, { upstream: { api_key: own } }, {}, "recorded")
      yield* strata.close
      yield* upstream.close
      const replaying = yield* Strata.make({
        folder: strata.folder,
        providers: [{ provider_id: "upstream", provider_type: "inline::replay", config: { session: "recorded" } }]
      })
      const { status, text } = yield* ask(replaying, { upstream: { api_key: own } })
      assert.strictEqual(status, 200)
      assert.include(text, "you sent Bearer [REDACTED]")
    }).pipe(Effect.scoped))
})
