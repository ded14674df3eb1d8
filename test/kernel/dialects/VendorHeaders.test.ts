import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpServerRequest } from "effect/http"
import * as VendorHeaders from "../../../src/kernel/dialects/VendorHeaders.ts"

const requested = (headers: Record<string, string>) =>
  HttpServerRequest.fromWeb(new Request("http://strata.invalid/v1/messages", { method: "POST", headers }))

describe("VendorHeaders", () => {
  it.effect("given a client's headers, then those that its vendor reads are left, and no key", () =>
    Effect.gen(function*() {
      const given = { "anthropic-beta": "b", "anthropic-version": "v", "x-api-key": "k" }
      assert.deepStrictEqual(
        yield* Effect.provideService(VendorHeaders.current, HttpServerRequest.HttpServerRequest, requested(given)),
        { "anthropic-beta": "b", "anthropic-version": "v" }
      )
    }))

  it.effect("given no request, then there are none", () =>
    Effect.map(VendorHeaders.current, (headers) => assert.deepStrictEqual(headers, {})))
})
