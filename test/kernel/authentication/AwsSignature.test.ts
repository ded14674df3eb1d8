/** Requests are signed as AWS checks them. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted, Schema } from "effect"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as AwsSignature from "../../../src/kernel/authentication/AwsSignature.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import * as Signatures from "../../support/Signatures.ts"
import * as SignedRequests from "../../support/SignedRequests.ts"

const account = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "eu-central-1",
  service: "bedrock"
}

const config = {
  region_name: account.region,
  aws_access_key_id: Redacted.make(account.accessKeyId),
  aws_secret_access_key: Redacted.make(account.secretAccessKey)
}

const bedrock = AwsSignature.awsSignature("bedrock")

const withEnvironment = (env: Record<string, string>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))

describe("AwsSignature", () => {
  it.live("signs what goes out, its query and its escaped path too", () =>
    Effect.gen(function*() {
      const received = yield* SignedRequests.sent(bedrock, config)
      assert.deepStrictEqual(received.map(({ method }) => method), ["POST", "GET"])
      for (const request of received) assert.isUndefined(Signatures.awsProblem(request, account))
      const other = { ...account, secretAccessKey: "another" }
      assert.strictEqual(Signatures.awsProblem(received[0]!, other), "another signature")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer), withEnvironment({})))

  it.live("signs the session token of temporary keys with it", () =>
    Effect.gen(function*() {
      const [request] = yield* SignedRequests.sent(bedrock, {
        ...config,
        aws_session_token: Redacted.make("session/token==")
      })
      assert.strictEqual(request!.headers["x-amz-security-token"], "session/token==")
      assert.include(request!.headers["authorization"], "x-amz-security-token")
      assert.isUndefined(Signatures.awsProblem(request!, account))
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer), withEnvironment({})))

  it.live("takes the Bedrock key of the environment, unless the configuration says whose account it is", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      const [keyed] = yield* Effect.provideService(
        SignedRequests.sent(bedrock, { region_name: "eu-central-1" }),
        ConfiguredSecrets,
        secrets
      )
      assert.strictEqual(keyed!.headers["authorization"], "Bearer bedrock-api-key-1")
      assert.strictEqual(secrets.mask("bedrock-api-key-1"), "[REDACTED]")
      const [signed] = yield* SignedRequests.sent(bedrock, config)
      assert.isUndefined(Signatures.awsProblem(signed!, account))
    }).pipe(
      Effect.scoped,
      Effect.provide(VendorClient.layer),
      withEnvironment({ AWS_BEARER_TOKEN_BEDROCK: "bedrock-api-key-1" })
    ))

  it.live("makes the secrets known, so that no event shows them", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      const sent = SignedRequests.sent(bedrock, { ...config, aws_session_token: Redacted.make("session/token==") })
      yield* Effect.provideService(sent, ConfiguredSecrets, secrets)
      assert.strictEqual(
        secrets.mask(`${account.secretAccessKey} session/token==`),
        "[REDACTED] [REDACTED]"
      )
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer), withEnvironment({})))

  it.effect("finds the region in the environment, as the tools of AWS do", () =>
    Effect.gen(function*() {
      const decode = Schema.decodeEffect(Schema.Struct(AwsSignature.fields))
      const regionIn = (env: Record<string, string>) =>
        Effect.map(withEnvironment(env)(decode({})), ({ region_name }) => region_name)
      assert.strictEqual(yield* regionIn({}), "us-east-1")
      assert.strictEqual(yield* regionIn({ AWS_DEFAULT_REGION: "eu-west-1" }), "eu-west-1")
      assert.strictEqual(yield* regionIn({ AWS_DEFAULT_REGION: "eu-west-1", AWS_REGION: "eu-west-2" }), "eu-west-2")
      assert.strictEqual((yield* decode({ region_name: "ap-south-1" })).region_name, "ap-south-1")
      assert.isTrue(Effect.isEffect(decode({})) && (yield* Effect.isFailure(decode({ region_name: "evil.example/" }))))
    }))
})
