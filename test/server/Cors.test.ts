/** A server that lets pages of one origin use it. */
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import type { HttpAnswer } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import { Strata } from "../support/Strata.ts"

const origin = "https://app.example.com"

class Server extends Context.Service<Server, Strata>()("strata/test/server/Cors.test/Server") {
  static readonly layer = Layer.effect(
    Server,
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
      return yield* Strata.make({
        providers: [Strata.openAi(upstream, { models: ["m"] })],
        server: { cors: { origins: [origin], credentials: true, exposed_headers: ["x-request-id"], max_age_s: 60 } },
        auth: { providers: [Keys.provider({ alice: {} })] }
      })
    })
  )
}

const preflight = (headers: Readonly<Record<string, string>>, path = "/v1/chat/completions") =>
  Effect.flatMap(Server, ({ url }) =>
    Http.send(url, path, {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST", "sec-fetch-site": "cross-site", ...headers }
    }))

const permission = ({ headers }: HttpAnswer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("access-control-") || name === "vary"))

const readable = {
  "access-control-allow-origin": origin,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "x-request-id",
  vary: "Origin"
}

layer(Server.layer)("CORS", (it) => {
  it.effect("answers before anybody says who asks, and leaves no trace, for the origin alone", () =>
    Effect.gen(function*() {
      const strata = yield* Server
      const before = (yield* strata.events()).length
      const answer = yield* preflight({ origin, "access-control-request-headers": "authorization,content-type" })
      assert.deepStrictEqual([answer.status, answer.text], [204, ""])
      assert.deepStrictEqual<unknown>(permission(answer), {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "60",
        "access-control-expose-headers": "x-request-id",
        vary: "Access-Control-Request-Method, Access-Control-Request-Headers, Origin"
      })
      assert.strictEqual((yield* strata.events()).length, before)
    }))

  it.effect("refuses any other origin, without a word for its browser", () =>
    Effect.gen(function*() {
      for (const other of ["https://evil.example", "null", `${origin}.evil.example`, "http://app.example.com"]) {
        const answer = yield* preflight({ origin: other })
        assert.strictEqual(answer.status, 403, other)
        assert.deepStrictEqual<unknown>(permission(answer), { vary: "Origin" }, other)
        assert.strictEqual(Object(answer.json).error.code, "origin_not_allowed")
      }
    }))

  it.effect("says of every answer who may read it: plain, streamed and refused", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const ask = (stream: boolean, key: Readonly<Record<string, string>>, from = origin) => {
        const { headers, ...post } = Chat.post({ stream })
        return Http.send(url, "/v1/chat/completions", {
          ...post,
          headers: { ...headers, ...key, origin: from, "sec-fetch-site": "cross-site" }
        })
      }
      const answers = [
        yield* ask(false, Keys.headers("alice")),
        yield* ask(true, Keys.headers("alice")),
        yield* ask(false, {}),
        yield* Http.send(url, "/v1/version", { headers: { origin } }),
        yield* Http.send(url, "/openapi.json", { headers: { origin } })
      ]
      assert.deepStrictEqual(answers.map(({ status }) => status), [200, 200, 401, 200, 200])
      for (const answer of answers) assert.deepStrictEqual<unknown>(permission(answer), readable)
      const other = yield* ask(false, Keys.headers("alice"), "https://evil.example")
      assert.deepStrictEqual<unknown>([other.status, permission(other)], [403, { vary: "Origin" }])
    }))

  it.effect("keeps caches from giving one origin's answer to another, also where nobody names one", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      assert.deepStrictEqual<unknown>(permission(yield* Http.send(url, "/v1/version")), { vary: "Origin" })
    }))

  it.effect("opens no door to another name of this server", () =>
    Effect.gen(function*() {
      const strata = yield* Server
      const answer = yield* preflight({ origin, host: "evil.example" })
      assert.strictEqual(answer.status, 421)
      const violations = yield* strata.events({ types: ["policy:violation"] })
      assert.deepInclude(Object(payloadOf(violations.at(-1)!)), { kind: "host", method: "OPTIONS" })
    }))
})
