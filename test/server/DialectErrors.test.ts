/** Errors of Strata itself come in the dialect of the route: Anthropic's on `/v1/messages`. */
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { Http } from "../support/Http.ts"
import type { HttpOptions } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import { Strata } from "../support/Strata.ts"

const key = Keys.keyOf("ada")

class Server extends Context.Service<Server, Strata>()("strata/test/server/DialectErrors.test/Server") {
  static readonly layer = Layer.effect(
    Server,
    Strata.make({
      maxBodyBytes: 4096,
      auth: { providers: [Keys.provider({ ada: {} })] }
    })
  )
}

const path = "/v1/messages"
const authorized = { "x-api-key": key, "content-type": "application/json" }
const post = (body: unknown, headers: Record<string, string> = authorized): HttpOptions => ({
  method: "POST",
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body)
})
const asked = { model: "nobody/m", max_tokens: 1, messages: [{ role: "user", content: "Hello?" }] }

const failures: ReadonlyArray<{
  readonly name: string
  readonly options: HttpOptions
  readonly status: number
  readonly type: string
}> = [
  {
    name: "no key",
    options: post(asked, { "content-type": "application/json" }),
    status: 401,
    type: "authentication_error"
  },
  { name: "a model nobody serves", options: post(asked), status: 404, type: "not_found_error" },
  { name: "a body that is no JSON", options: post("{"), status: 400, type: "invalid_request_error" },
  { name: "a body without messages", options: post({ model: "m" }), status: 400, type: "invalid_request_error" },
  {
    name: "another content type",
    options: post("x", { "x-api-key": key, "content-type": "text/plain" }),
    status: 415,
    type: "invalid_request_error"
  },
  {
    name: "too large a body",
    options: post({ ...asked, x: "x".repeat(5000) }),
    status: 413,
    type: "request_too_large"
  },
  {
    name: "an invalid level",
    options: post(asked, { ...authorized, "x-strata-level": "loud" }),
    status: 400,
    type: "invalid_request_error"
  },
  {
    name: "another method",
    options: { method: "GET", headers: authorized },
    status: 405,
    type: "invalid_request_error"
  }
]

layer(Server.layer, { excludeTestServices: true })("POST /v1/messages", (it) => {
  it.effect.each(failures)("says in Anthropic's form: $name", ({ options, status, type }) =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const answer = yield* Http.send(url, path, options)
      assert.strictEqual(answer.status, status, answer.text)
      const { error, ...envelope } = Object(answer.json)
      assert.deepStrictEqual([envelope.type, error.type], ["error", type])
      assert.isString(error.message)
      assert.notProperty(error, "param")
    }))
})
