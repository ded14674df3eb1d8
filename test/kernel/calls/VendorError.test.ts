/** Why a vendor could not be reached, in one line for people. */
import { assert, describe, it } from "@effect/vitest"
import { HttpClientError, HttpClientRequest } from "effect/http"
import * as VendorError from "../../../src/kernel/calls/VendorError.ts"

const request = HttpClientRequest.get("http://vendor/v1/models")
const describeTransport = (given: { readonly cause?: unknown; readonly description?: string }) =>
  VendorError.describe(
    new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, ...given }) })
  )

const rows = [
  {
    name: "a code and a message",
    given: { cause: Object.assign(new Error("getaddrinfo ENOTFOUND vendor"), { code: "ENOTFOUND" }) },
    line: "ENOTFOUND: getaddrinfo ENOTFOUND vendor"
  },
  { name: "a message", given: { cause: new Error("socket hang up") }, line: "socket hang up" },
  {
    name: "a code without a message",
    given: { cause: Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }) },
    line: "ECONNREFUSED: AggregateError"
  },
  {
    name: "what went wrong at each address of a host",
    given: {
      cause: Object.assign(
        new AggregateError(
          [new Error("connect ECONNREFUSED ::1:1"), new Error("connect ECONNREFUSED 127.0.0.1:1")],
          ""
        ),
        { code: "ECONNREFUSED" }
      )
    },
    line: "ECONNREFUSED: connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1"
  },
  { name: "neither", given: { cause: new TypeError() }, line: "TypeError" },
  { name: "a code that is no text", given: { cause: Object.assign(new Error("odd"), { code: 7 }) }, line: "odd" },
  {
    name: "a description, which stands for itself",
    given: { description: "ECONNRESET: read", cause: new Error("other") },
    line: "ECONNRESET: read"
  }
]

describe("VendorError", () => {
  it.each(rows)("tells $name", ({ given, line }) => {
    assert.strictEqual(describeTransport(given), line)
  })

  it("tells what was asked where nothing is known of the cause", () => {
    assert.include(describeTransport({}), "GET http://vendor/v1/models")
    assert.include(describeTransport({ cause: "lost" }), "GET http://vendor/v1/models")
  })
})
