/** Requests are signed as Oracle Cloud checks them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as OciSignature from "../../../src/kernel/authentication/OciSignature.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import * as Signatures from "../../support/Signatures.ts"
import * as SignedRequests from "../../support/SignedRequests.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const { privateKey, publicKey } = Signatures.rsaKeys()
const keyId = "ocid1.tenancy.t/ocid1.user.u/aa:bb"

const decode = Schema.decodeSync(Schema.Struct(OciSignature.fields))
const own = decode({
  oci_tenancy_ocid: "ocid1.tenancy.t",
  oci_user_ocid: "ocid1.user.u",
  oci_fingerprint: "aa:bb",
  oci_private_key: privateKey
})

const failure = (config: typeof own) =>
  Effect.map(Effect.flip(SignedRequests.sent(OciSignature.ociSignature, config)), ({ message }) => message)

describe("OciSignature", () => {
  it.live("signs what goes out with the key of the configuration", () =>
    Effect.gen(function*() {
      const received = yield* SignedRequests.sent(OciSignature.ociSignature, own)
      assert.lengthOf(received, 2)
      for (const request of received) assert.isUndefined(Signatures.ociProblem(request, { keyId, publicKey }))
      const other = Signatures.rsaKeys()
      assert.strictEqual(Signatures.ociProblem(received[0]!, { ...other, keyId }), "another signature")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("signs with the key that a profile names", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      writeFileSync(join(folder, "key.pem"), privateKey)
      const profile =
        "[DEFAULT]\nuser=ocid1.user.u\ntenancy=ocid1.tenancy.t\n[work]\nfingerprint=aa:bb\nkey_file=key.pem\n"
      writeFileSync(join(folder, "config"), profile)
      const config = decode({ oci_config_file_path: join(folder, "config"), oci_config_profile: "work" })
      const [request] = yield* SignedRequests.sent(OciSignature.ociSignature, config)
      assert.isUndefined(Signatures.ociProblem(request!, { keyId, publicKey }))
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("says what is missing, and what it can't do", () =>
    Effect.gen(function*() {
      const none = { oci_config_file_path: "/nowhere/config" }
      assert.include(yield* failure(decode(none)), "oci_config_file_path /nowhere/config can't be read")
      assert.include(yield* failure({ ...own, oci_private_key: Redacted.make("nothing in PEM") }), "no RSA key in PEM")
      assert.include(yield* failure(decode({ oci_auth_type: "instance_principal" })), "is not supported")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))
})
