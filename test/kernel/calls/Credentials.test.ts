/** Whose credentials go to a vendor: the client's or the configured ones, never both. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as Credentials from "../../../src/kernel/calls/Credentials.ts"
import { NextReplayCall } from "../../../src/kernel/calls/NextReplayCall.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"

const { envelope } = chat.errors
const request = HttpClientRequest.post("http://vendor/v1/chat/completions")
const configured = {
  api_key: Redacted.make("configured-key"),
  headers: { "Api-Key": "configured-header", "X-Team": "blue" }
}

const headersOf = (options: Credentials.Configured, own?: string) =>
  Effect.gen(function*() {
    const given = Effect.succeed(own === undefined ? undefined : { api_key: Redacted.make(own) })
    const authorize = yield* Credentials.make(options, given)
    const { headers } = yield* authorize(request)
    return Object.fromEntries(Object.entries(headers))
  })

const recordedWith = (headers: Readonly<Record<string, string>>) => () => ({
  method: "POST",
  url: "http://vendor/v1/chat/completions",
  headers,
  body: "",
  encoding: "utf-8" as const,
  sha256: ""
})

const masked = "[REDACTED]"

describe("Credentials", () => {
  it.effect("sends what is configured, where the client sent nothing", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* headersOf(configured), {
        authorization: "Bearer configured-key",
        "api-key": "configured-header",
        "x-team": "blue"
      })
    }))

  it.effect("sends the client's key in place of all that is configured and secret", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* headersOf(configured, "own-key"), {
        authorization: "Bearer own-key",
        "x-team": "blue"
      })
    }))

  it.effect("sends none where there is none, or an empty one", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* headersOf({ headers: {} }), {})
      assert.deepStrictEqual(yield* headersOf({ api_key: Redacted.make(""), headers: {} }), {})
    }))

  it.effect("sends in a verification what was sent, whatever is configured now", () =>
    Effect.gen(function*() {
      const recorded = { authorization: masked, "content-type": "application/json", "x-team": "red" }
      const sent = yield* Effect.provideService(headersOf(configured), NextReplayCall, recordedWith(recorded))
      assert.deepStrictEqual(sent, { authorization: masked, "x-team": "blue" })
      const keyless = yield* Effect.provideService(headersOf(configured), NextReplayCall, recordedWith({}))
      assert.deepStrictEqual(keyless, { "x-team": "blue" })
    }))

  it.effect("makes the configured ones known, so that no event shows them", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      yield* Effect.provideService(headersOf(configured), ConfiguredSecrets, secrets)
      assert.strictEqual(secrets.mask("configured-key configured-header blue"), `${masked} ${masked} blue`)
    }))

  it.effect("requires the client's key with the header and the field that take it", () =>
    Effect.gen(function*() {
      const rejected = yield* Effect.flip(Credentials.requireKey("openai", Effect.undefined, envelope))
      assert.strictEqual(rejected.status, 401)
      const { error } = JSON.parse(rejected.text)
      assert.deepInclude(error, { param: "x-strata-provider-data.openai.api_key", code: "missing_api_key" })
      assert.include(error.message, `{"openai":{"api_key":"…"}}`)
    }))

  it.effect("is content with the client's key, or in a verification with a call that was made", () =>
    Effect.gen(function*() {
      yield* Credentials.requireKey("openai", Effect.succeed({ api_key: Redacted.make("own-key") }), envelope)
      const verified = Credentials.requireKey("openai", Effect.undefined, envelope)
      yield* Effect.provideService(verified, NextReplayCall, recordedWith({}))
      const unasked = yield* Effect.flip(Effect.provideService(verified, NextReplayCall, () => undefined))
      assert.strictEqual(unasked.status, 401)
    }))
})
