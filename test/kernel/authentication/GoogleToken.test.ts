/** A service account signs its tokens itself; other credentials fetch theirs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import { createPublicKey, verify } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import { googleToken } from "../../../src/kernel/authentication/GoogleToken.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as Signatures from "../../support/Signatures.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const { privateKey, publicKey } = Signatures.rsaKeys()

const account = JSON.stringify({
  type: "service_account",
  project_id: "p",
  private_key_id: "k1",
  private_key: privateKey,
  client_email: "strata@p.iam.gserviceaccount.com"
})

const request = HttpClientRequest.post("https://eu-aiplatform.example/v1/models/m:generateContent")

const authorizationOf = (config: Parameters<typeof googleToken.make>[0], secrets = new Secrets()) =>
  Effect.gen(function*() {
    const { sign } = yield* Effect.provideService(googleToken.make(config), ConfiguredSecrets, secrets)
    const { headers } = yield* sign!(request)
    return headers["authorization"] ?? ""
  })

const claimsOf = (authorization: string) => {
  const [head = "", claims = "", signature = ""] = authorization.replace("Bearer ", "").split(".")
  const isValid = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    createPublicKey(publicKey),
    Buffer.from(signature, "base64url")
  )
  return { isValid, ...JSON.parse(Buffer.from(claims, "base64url").toString()) }
}

describe("GoogleToken", () => {
  it.live("signs a token with a service account's key, of the configuration or of a file", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      const file = join(yield* TemporaryFolder.make, "account.json")
      writeFileSync(file, account)
      const ofField = yield* authorizationOf({ credentials_json: Redacted.make(account) }, secrets)
      const ofFile = yield* authorizationOf({ credentials_file: file })
      for (const authorization of [ofField, ofFile]) {
        assert.deepInclude(claimsOf(authorization), {
          isValid: true,
          iss: "strata@p.iam.gserviceaccount.com",
          scope: "https://www.googleapis.com/auth/cloud-platform"
        })
      }
      assert.strictEqual(secrets.mask(ofField), "Bearer [REDACTED]")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("fetches the token of an identity elsewhere, once", () =>
    Effect.gen(function*() {
      const subject = join(yield* TemporaryFolder.make, "subject")
      writeFileSync(subject, "subject-token")
      const sts = yield* FakeUpstream.make({
        respond: () =>
          ScriptedAnswer.json(200, {
            access_token: "federated-token-1",
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
            token_type: "Bearer",
            expires_in: 3600
          })
      })
      const external = JSON.stringify({
        type: "external_account",
        audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b",
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: `${sts.url}/token`,
        credential_source: { file: subject }
      })
      const { sign } = yield* googleToken.make({ credentials_json: Redacted.make(external) })
      for (let index = 0; index < 2; index++) {
        assert.strictEqual((yield* sign!(request)).headers["authorization"], "Bearer federated-token-1")
      }
      assert.lengthOf(sts.received, 1)
      assert.include(sts.received[0]!.bodyText, "subject_token=subject-token")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("sends a token that is given as it is", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      const config = { access_token: Redacted.make("ya29.given"), credentials_file: "/nowhere" }
      assert.strictEqual(yield* authorizationOf(config, secrets), "Bearer ya29.given")
      assert.strictEqual(secrets.mask("ya29.given"), "[REDACTED]")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("says what is wrong with the credentials, and not what they are", () =>
    Effect.gen(function*() {
      const text = yield* Effect.flip(authorizationOf({ credentials_json: Redacted.make("{secret-of-mine") }))
      assert.strictEqual(text.message, "credentials_json is not the JSON of Google credentials")
      const file = yield* Effect.flip(authorizationOf({ credentials_file: "/nowhere/account.json" }))
      assert.include(file.message, "credentials_file /nowhere/account.json can't be read")
      const broken = { ...JSON.parse(account), private_key: "nothing in PEM" }
      const keyless = yield* Effect.flip(
        authorizationOf({ credentials_json: Redacted.make(JSON.stringify(broken)) })
      )
      assert.match(keyless.message, /^no token of Google: .* Set credentials_file/)
    }).pipe(Effect.provide(VendorClient.layer)))
})
