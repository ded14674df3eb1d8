/** The Gemini API is asked with a key, or with a token and the project that pays. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Gemini } from "../../../../src/providers/remote/gemini/Gemini.ts"
import { asked } from "../../../support/AskedVendors.ts"

const headersOf = (config: Record<string, string>) =>
  Effect.map(asked(Gemini, config), ({ requests }) => {
    const { headers } = requests[0]!
    return {
      authorization: headers["authorization"],
      key: headers["x-goog-api-key"],
      project: headers["x-goog-user-project"]
    }
  })

const none = { authorization: undefined, key: undefined, project: undefined }

describe("GeminiAuthentication", () => {
  it.live("sends the key, also beside an empty token and an empty project", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* headersOf({ api_key: "k-1" }), { ...none, key: "k-1" })
      assert.deepStrictEqual(yield* headersOf({ api_key: "k-1", access_token: "", project: "" }), {
        ...none,
        key: "k-1"
      })
    }))

  it.live("sends the token and who pays, where there is no key", () =>
    Effect.gen(function*() {
      const token = { authorization: "Bearer ya29.t" }
      assert.deepStrictEqual(yield* headersOf({ access_token: "ya29.t", api_key: "" }), { ...none, ...token })
      assert.deepStrictEqual(yield* headersOf({ access_token: "ya29.t", project: "p" }), {
        ...none,
        ...token,
        project: "p"
      })
    }))
})
