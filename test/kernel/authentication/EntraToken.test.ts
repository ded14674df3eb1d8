/** Azure is asked with a key, a token that is given, or one that `@azure/identity` fetches. */
import type * as AzureIdentity from "@azure/identity"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as EntraToken from "../../../src/kernel/authentication/EntraToken.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"

type Identity = Pick<typeof AzureIdentity, "ClientSecretCredential" | "DefaultAzureCredential">

const decode = Schema.decodeSync(Schema.Struct(EntraToken.fields))
const request = HttpClientRequest.post("https://r.openai.azure.com/openai/v1/chat/completions")

interface Asked {
  readonly credential: string
  readonly given: ReadonlyArray<unknown>
  readonly scope: string
}

/** The package's interface, and nothing that reaches the network. */
const fakePackage = (asked: Array<Asked>, endsInMs = 3_600_000) => {
  const credential = (name: string) =>
    class {
      readonly #given: ReadonlyArray<unknown>
      constructor(...given: ReadonlyArray<unknown>) {
        this.#given = given
      }
      getToken(scope: string) {
        asked.push({ credential: name, given: this.#given, scope })
        return Promise.resolve({
          token: `entra-token-${asked.length}`,
          expiresOnTimestamp: performance.timeOrigin + performance.now() + endsInMs
        })
      }
    }
  return () =>
    Promise.resolve({
      ClientSecretCredential: credential("client"),
      DefaultAzureCredential: credential("default")
    } as unknown as Identity)
}

const signWith = (config: Parameters<typeof decode>[0], load?: () => Promise<Identity>) =>
  Effect.map(EntraToken.make(load).make(decode({ authentication: "entra", ...config })), ({ sign }) => sign!(request))

describe("EntraToken", () => {
  it.live("is a key in api-key where nothing else is asked for", () =>
    Effect.gen(function*() {
      const { authorize, sign } = yield* EntraToken.entraToken.make(decode({}))
      assert.deepStrictEqual(authorize?.("k"), { "api-key": "k" })
      assert.isUndefined(sign)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("sends a token that is given", () =>
    Effect.gen(function*() {
      const { headers } = yield* yield* signWith({ azure_ad_token: "entra-given" })
      assert.strictEqual(headers["authorization"], "Bearer entra-given")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("fetches one of a client, or of whom the default chain finds, and keeps it", () =>
    Effect.gen(function*() {
      const [asked, secrets]: [Array<Asked>, Secrets] = [[], new Secrets()]
      const client = { tenant_id: "t", client_id: "c", client_secret: "s-e-c-r-e-t" }
      const ofClient = yield* Effect.provideService(signWith(client, fakePackage(asked)), ConfiguredSecrets, secrets)
      for (let index = 0; index < 2; index++) {
        assert.strictEqual((yield* ofClient).headers["authorization"], "Bearer entra-token-1")
      }
      yield* yield* signWith({ tenant_id: "t" }, fakePackage(asked))
      const scope = "https://cognitiveservices.azure.com/.default"
      assert.deepStrictEqual(asked, [
        { credential: "client", given: ["t", "c", "s-e-c-r-e-t"], scope },
        { credential: "default", given: [{ tenantId: "t" }], scope }
      ])
      assert.strictEqual(secrets.mask("entra-token-1"), "[REDACTED]")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("says how to install the package where it is not there", () =>
    Effect.gen(function*() {
      const absent = Object.assign(new Error("Cannot find package '@azure/identity'"), { code: "ERR_MODULE_NOT_FOUND" })
      const { message } = yield* Effect.flip(yield* signWith({}, () => Promise.reject(absent)))
      assert.include(message, "run npm install @azure/identity")
    }).pipe(Effect.provide(VendorClient.layer)))
})
