/** `remote::watsonx`: its own address, who pays, and a token for its key. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"

const keys = { api: "ibm-api-key-1", token: "iam-token-1" }
const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }
const about = { id: "chat-1", model_id: "ibm/granite", model: "ibm/granite", created: 1, model_version: "3.3.0" }

const answer = {
  ...about,
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage
}

/** As IBM writes it: numbered, named, and without a last frame of its own. */
const stream = [
  { ...about, choices: [{ index: 0, delta: { role: "assistant", content: "Hi" }, finish_reason: null }] },
  { ...about, choices: [{ index: 0, delta: { content: "" }, finish_reason: "stop" }] },
  { ...about, choices: [], usage }
].map((value, index) => ({ text: `id: ${index + 1}\nevent: message\ndata: ${JSON.stringify(value)}\n\n` }))

const given = (iamAnswer: ScriptedAnswer, config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const iam = yield* FakeUpstream.make({ respond: () => iamAnswer })
    const vendor = yield* FakeUpstream.make({
      respond: ({ body, path }) =>
        path.includes("foundation_model_specs")
          ? ScriptedAnswer.json(200, { resources: [{ model_id: "ibm/granite", functions: [{ id: "text_chat" }] }] })
          : Object(body).stream === true
          ? { _tag: "Frames", headers: { "content-type": "text/event-stream" }, frames: stream }
          : ScriptedAnswer.json(200, answer)
    })
    const [url, iam_url] = [vendor, iam].map((each) => each.url.replace(/\/v1$/, ""))
    const strata = yield* Strata.make({
      level: "raw",
      providers: [{
        provider_id: "w",
        provider_type: "remote::watsonx",
        config: { base_url: url!, iam_url: iam_url!, api_key: keys.api, project_id: "p-1", ...config }
      }]
    })
    const ask = (more: Schema.JsonObject = {}) =>
      Http.post(
        strata.url,
        "/v1/chat/completions",
        { model: "w/ibm/granite", messages: [{ role: "user", content: "hi" }], ...more },
        { "x-strata-session-id": "s" }
      )
    return { ask, iam, strata, vendor }
  })

const token = ScriptedAnswer.json(200, { access_token: keys.token, expires_in: 3600 })

describe("remote::watsonx", () => {
  it.live("asks with one token for all, says who pays, and is verified without either server", () =>
    Effect.gen(function*() {
      const { ask, iam, strata, vendor } = yield* given(token)
      const { json: models } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(Object(models).data.map(({ id }: { id: string }) => id), ["w/ibm/granite"])
      assert.deepStrictEqual((yield* ask()).json, answer)
      const streamed = yield* ask({ stream: true })
      assert.strictEqual(streamed.text, `${stream.map(({ text }) => text).join("")}data: [DONE]\n\n`)
      const sent = vendor.received.filter(({ method }) => method === "POST")
      assert.deepStrictEqual(sent.map(({ path }) => path), [
        "/ml/v1/chat/completions?version=2023-10-25",
        "/ml/v1/chat/completions?version=2023-10-25"
      ])
      for (const { body, headers } of sent) {
        assert.strictEqual(headers["authorization"], `Bearer ${keys.token}`)
        assert.deepInclude(Object(body), { model: "ibm/granite", project_id: "p-1" })
      }
      const responses = yield* strata.events({ types: ["llm:response"], sessionId: "s" })
      for (const response of responses) {
        assert.deepInclude(Object(payloadOf(response)), { response_id: "chat-1", finish_reason: "stop" })
        assert.deepInclude(Object(payloadOf(response)).usage, { input_tokens: 5, output_tokens: 2 })
      }
      assert.lengthOf(iam.received, 1)
      yield* iam.close
      yield* vendor.close
      const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(Object(json), { status: "identical", requests: 2, skipped: [] })
      const log = JSON.stringify(yield* strata.events())
      for (const secret of Object.values(keys)) assert.notInclude(log, secret)
    }).pipe(Effect.scoped))

  it.live("says in the client's words why it has no token, and asks nobody", () =>
    Effect.gen(function*() {
      const refused = ScriptedAnswer.json(400, { errorMessage: `Provided API key ${keys.api} could not be found.` })
      const { ask, strata, vendor } = yield* given(refused, { models: ["ibm/granite"] })
      const { json, status } = yield* ask()
      assert.strictEqual(status, 502)
      const { error } = Object(json)
      assert.strictEqual(error.code, "provider_unauthenticated")
      assert.match(error.message, /no credentials.*answered 400.*check api_key and iam_url/)
      assert.deepStrictEqual(vendor.received, [])
      const types = (yield* strata.events({ types: ["llm:*"] })).map(({ type }) => type)
      assert.include(types, "llm:error")
      const verified = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(Object(verified.json), { status: "identical", requests: 1 })
      for (const text of [JSON.stringify(yield* strata.events()), JSON.stringify(json)]) {
        assert.notInclude(text, keys.api)
      }
    }).pipe(Effect.scoped))

  it.live("takes no key of a client, and says so", () =>
    Effect.gen(function*() {
      const { strata } = yield* given(token, { models: ["ibm/granite"] })
      const body = { model: "w/ibm/granite", messages: [] }
      const { json, status } = yield* Http.post(strata.url, "/v1/chat/completions", body, {
        "x-strata-provider-data": JSON.stringify({ w: { api_key: "own" } })
      })
      assert.strictEqual(status, 400)
      assert.include(Object(json).error.param, "x-strata-provider-data")
    }).pipe(Effect.scoped))
})
