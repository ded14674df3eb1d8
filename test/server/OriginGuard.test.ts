/** Whose pages may ask, by what browsers say of them. */
import { assert, describe, it } from "@effect/vitest"
import { Headers } from "effect/http"
import * as OriginGuard from "../../src/server/OriginGuard.ts"

const guard = OriginGuard.make(new Set(["https://app.example.com"]))
const ask = (headers: Readonly<Record<string, string>>) =>
  guard(Headers.fromInput({ host: "127.0.0.1:8321", ...headers }))

type Case = readonly [name: string, headers: Readonly<Record<string, string>>]

const admitted: ReadonlyArray<Case> = [
  ["no browser", {}],
  ["Node's fetch", { "sec-fetch-mode": "cors" }],
  ["a person who typed the address", { "sec-fetch-site": "none" }],
  ["a page of this server", { "sec-fetch-site": "same-origin", origin: "http://127.0.0.1:8321" }],
  ["a page of this server, behind a proxy", { "sec-fetch-site": "same-origin", origin: "https://strata.example.com" }],
  ["a page of this server, in an old browser", { origin: "http://127.0.0.1:8321" }],
  ["a page that CORS allows", { "sec-fetch-site": "cross-site", origin: "https://app.example.com" }],
  ["a page that CORS allows, in an old browser", { origin: "https://app.example.com" }]
]

const refused: ReadonlyArray<Case> = [
  ["a page of another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["an image in a page of another site", { "sec-fetch-site": "cross-site" }],
  ["a page of another port", { "sec-fetch-site": "same-site", origin: "http://127.0.0.1:3000" }],
  ["a page of another port, in an old browser", { origin: "http://127.0.0.1:3000" }],
  ["a page of another name of this machine", { origin: "http://localhost:8321" }],
  ["a sandboxed frame or a file", { "sec-fetch-site": "cross-site", origin: "null" }],
  ["a sandboxed frame or a file, in an old browser", { origin: "null" }],
  ["an origin that only begins like an allowed one", { origin: "https://app.example.com.evil.example" }],
  ["an allowed host by another scheme", { origin: "http://app.example.com" }],
  ["a page of another site that names this server", {
    "sec-fetch-site": "cross-site",
    origin: "http://127.0.0.1:8321"
  }],
  ["a value that is not known", { "sec-fetch-site": "whatever" }],
  ["an empty origin", { origin: "" }]
]

describe("the guard of origins", () => {
  for (const [name, headers] of admitted) it(`lets in ${name}`, () => assert.isUndefined(ask(headers)))

  for (const [name, headers] of refused) {
    it(`refuses ${name}`, () => assert.deepInclude(ask(headers), { kind: "origin", status: 403 }))
  }

  it("says what to set, or where the page should come from", () => {
    assert.strictEqual(
      ask({ origin: "https://evil.example" })?.reason,
      "A page of https://evil.example asks for this in a browser, and may not. If the page is yours, let it: " +
        "server.cors.origins: [https://evil.example]."
    )
    assert.include(ask({ origin: "null" })?.reason, "serve it from one")
    assert.include(ask({ "sec-fetch-site": "cross-site" })?.reason, "Open it by its address")
  })
})
