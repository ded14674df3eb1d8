/** A key goes in the header its vendor wants. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ApiKey from "../../../src/kernel/authentication/ApiKey.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"

describe("ApiKey", () => {
  it.effect("says a key as a bearer token, or in a header by its name", () =>
    Effect.gen(function*() {
      const [bearer, named] = [yield* ApiKey.bearer.make({}), yield* ApiKey.inHeader("api-key").make({})]
      assert.deepStrictEqual(bearer.authorize?.("k"), { authorization: "Bearer k" })
      assert.deepStrictEqual(named.authorize?.("k"), { "api-key": "k" })
      assert.isUndefined(bearer.sign)
    }).pipe(Effect.provide(VendorClient.layer)))
})
