/** An API key buys a token, which goes with each request until it ends. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import { ibmIam } from "../../../src/kernel/authentication/IbmIam.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const api_key = Redacted.make("ibm-api-key-1")
const request = HttpClientRequest.get("http://watsonx/models")

const given = (answer: () => ScriptedAnswer) =>
  Effect.gen(function*() {
    const iam = yield* FakeUpstream.make({ respond: answer })
    const secrets = new Secrets()
    const iam_url = iam.url.replace(/\/v1$/, "/")
    const { sign } = yield* Effect.provideService(ibmIam.make({ api_key, iam_url }), ConfiguredSecrets, secrets)
    return { iam, secrets, ask: sign!(request) }
  })

const token = ScriptedAnswer.json(200, { access_token: "iam-token-1", expires_in: 3600, token_type: "Bearer" })

describe("IbmIam", () => {
  it.live("fetches one token for requests side by side, and sends it", () =>
    Effect.gen(function*() {
      const { ask, iam, secrets } = yield* given(() => token)
      const sent = yield* Effect.all([ask, ask, ask], { concurrency: "unbounded" })
      for (const { headers } of [...sent, yield* ask]) {
        assert.strictEqual(headers["authorization"], "Bearer iam-token-1")
      }
      assert.lengthOf(iam.received, 1)
      const [{ bodyText, headers, path }] = iam.received as readonly [FakeUpstream["received"][number]]
      assert.strictEqual(path, "/identity/token")
      assert.strictEqual(headers["content-type"], "application/x-www-form-urlencoded")
      assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(bodyText)), {
        grant_type: "urn:ibm:params:oauth:grant-type:apikey",
        apikey: "ibm-api-key-1"
      })
      assert.strictEqual(secrets.mask("iam-token-1"), "[REDACTED]")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("says why there is none, and what to check", () =>
    Effect.gen(function*() {
      const refusal = { errorCode: "BXNIM0415E", errorMessage: "Provided API key could not be found." }
      const refused = yield* given(() => ScriptedAnswer.json(400, refusal))
      const { message } = yield* Effect.flip(refused.ask)
      assert.match(message, /answered 400: Provided API key could not be found\.; check api_key and iam_url$/)
      const tokenless = yield* given(() => ScriptedAnswer.json(200, { access_token: "" }))
      assert.include((yield* Effect.flip(tokenless.ask)).message, "its answer has no token")
      const gone = yield* given(() => token)
      yield* gone.iam.close
      assert.match((yield* Effect.flip(gone.ask)).message, /could not be reached: .*Check iam_url$/)
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("asks nobody without a key", () =>
    Effect.gen(function*() {
      const { sign } = yield* ibmIam.make({ iam_url: "http://127.0.0.1:1", api_key: Redacted.make("") })
      assert.include((yield* Effect.flip(sign!(request))).message, "set api_key")
    }).pipe(Effect.provide(VendorClient.layer)))
})
