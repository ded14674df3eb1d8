/** What `server.cors` may say, and what it means. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Cors, originProblem, toSettings } from "../../../src/kernel/configuration/CorsConfiguration.ts"

const decode = Schema.decodeUnknownSync(Cors)
const settings = (section: unknown) => toSettings(decode(section))

describe("server.cors", () => {
  for (
    const origin of [
      "https://app.example.com",
      "http://localhost:3000",
      "http://[::1]:3000",
      "chrome-extension://abcdefgh",
      "tauri://localhost"
    ]
  ) it(`takes ${origin}`, () => assert.isUndefined(originProblem(origin)))

  const refused: ReadonlyArray<readonly [written: string, says: string]> = [
    ["*", "any page, of anybody"],
    ["https://*.example.com", "write each origin in full"],
    ["null", "sandboxed frame"],
    ["https://app.example.com/", "as browsers send it: https://app.example.com"],
    ["https://App.example.com:443", "as browsers send it: https://app.example.com"],
    ["https://app.example.com/path", "as browsers send it: https://app.example.com"],
    ["app.example.com", "write a scheme and a host"],
    ["localhost:3000", "write a scheme and a host"]
  ]
  for (const [written, says] of refused) {
    it(`refuses ${written}`, () => {
      assert.include(originProblem(written), says)
      assert.throws(() => decode({ origins: [written] }), says)
      assert.throws(() => decode({ origins: written }), says)
    })
  }

  it("has defaults for all but the origins, and takes what the environment knows: text", () => {
    assert.deepStrictEqual(settings({ origins: "https://a.example,https://b.example", credentials: "true" }), {
      origins: ["https://a.example", "https://b.example"],
      credentials: true,
      exposedHeaders: [
        "x-request-id",
        "x-strata-session-id",
        "x-strata-token-count",
        "retry-after",
        "retry-after-ms",
        "x-should-retry"
      ],
      maxAge: 600
    })
    assert.deepStrictEqual(settings({ origins: ["https://a.example"], exposed_headers: ["x-a"], max_age_s: "0" }), {
      origins: ["https://a.example"],
      credentials: false,
      exposedHeaders: ["x-a"],
      maxAge: 0
    })
  })

  it("is off without an origin", () => {
    for (const section of [{}, { origins: "" }, { origins: [] }]) assert.isUndefined(settings(section))
    assert.isUndefined(toSettings(undefined))
  })

  it("refuses what is no header", () => {
    assert.throws(
      () => decode({ origins: ["https://a.example"], exposed_headers: ["*"] }),
      "write the name of a header"
    )
  })
})
