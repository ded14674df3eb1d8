/** `remote::oci`: signed requests to the endpoint of a region, for a compartment. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as CrossFieldCheck from "../../../../src/kernel/provider/CrossFieldCheck.ts"
import { Oci } from "../../../../src/providers/remote/oci/Oci.ts"
import { asked, urlOf } from "../../../support/AskedVendors.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import * as Signatures from "../../../support/Signatures.ts"
import { Strata } from "../../../support/Strata.ts"

const { privateKey, publicKey } = Signatures.rsaKeys()
const own = {
  oci_compartment_id: "ocid1.compartment.c",
  oci_tenancy_ocid: "t",
  oci_user_ocid: "u",
  oci_fingerprint: "aa:bb",
  oci_private_key: privateKey
}

describe("remote::oci", () => {
  it.live("asks the region's endpoint", () =>
    Effect.gen(function*() {
      const { requests } = yield* asked(Oci, { ...own, oci_region: "eu-frankfurt-1" })
      assert.deepStrictEqual(requests.map(urlOf), [
        "https://inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com/openai/v1/chat/completions"
      ])
      assert.strictEqual(requests[0]!.headers["compartmentid"], "ocid1.compartment.c")
      assert.deepStrictEqual(CrossFieldCheck.broken(Oci.config, own), [])
    }))

  it.live("signs what goes out, is verified without its key, and shows it nowhere", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({
        respond: (request) => {
          const problem = Signatures.ociProblem(request, { keyId: "t/u/aa:bb", publicKey })
          return problem === undefined
            ? ScriptedAnswer.json(200, { id: "a", choices: [] })
            : ScriptedAnswer.error(401, problem)
        }
      })
      const strata = yield* Strata.make({
        level: "raw",
        providers: [{
          provider_id: "o",
          provider_type: "remote::oci",
          config: { ...own, base_url: vendor.url, models: ["m"] }
        }]
      })
      const body = { model: "o/m", messages: [{ role: "user", content: "hi ü" }] }
      const answered = yield* Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": "s" })
      assert.strictEqual(answered.status, 200, answered.text)
      const signature = /signature="([^"]+)"/.exec(vendor.received.at(-1)!.headers["authorization"]!)![1]!
      yield* vendor.close
      const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(Object(json), { status: "identical", requests: 1 })
      const log = JSON.stringify(yield* strata.events())
      for (const secret of [signature, privateKey.split("\n")[2]!]) assert.notInclude(log, secret)
    }).pipe(Effect.scoped))

  it.live("sends an API key of Generative AI as it is", () =>
    Effect.gen(function*() {
      const { requests } = yield* asked(Oci, { oci_compartment_id: "c", api_key: "oci-key-1" })
      assert.strictEqual(requests[0]!.headers["authorization"], "Bearer oci-key-1")
    }))

  it.effect("wants to know which compartment pays, and a region that is one", () =>
    Effect.gen(function*() {
      const decode = Schema.decodeUnknownEffect(Oci.config as Schema.Codec<unknown>)
      assert.include(String(yield* Effect.flip(decode({}))), "which compartment pays")
      assert.include(String(yield* Effect.flip(decode({ ...own, oci_region: "evil.example/" }))), "a region such as")
    }))
})
