/** The rules of paths: applied before anything is done, whatever way the path is written. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import type { StrataOptions } from "../support/Strata.ts"
import { Strata } from "../support/Strata.ts"

const providers = [Keys.provider({ alice: {}, root: { attributes: { roles: ["admin"] } } })]
type RoutePolicy = NonNullable<NonNullable<StrataOptions["auth"]>["route_policy"]>

const given = (route_policy: RoutePolicy) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
    const strata = yield* Strata.make({
      providers: [Strata.openAi(upstream, { models: ["m"] })],
      auth: { providers, route_policy }
    })
    return { upstream, strata }
  })

const everything: RoutePolicy = [
  { permit: { paths: "*" }, when: "user with admin in roles", description: "admins everywhere" },
  { forbid: { paths: "/v1/models/upstream/m" }, description: "not this model" },
  { permit: { paths: ["/v1/models", "/v1/models/*"], actions: "read" } },
  { permit: { paths: "/v1/chat/*", principal: "alice" } }
]

describe("the rules of paths", () => {
  const forbidden = [
    "/v1/models/upstream/m",
    "/v1/models/upstream%2Fm",
    "/v1/models/upstream%2fm",
    "/v1/models/%75pstream/m",
    "/v1/models/upstream/m?x=1"
  ]
  it.live("hold for every way to write a path", () =>
    Effect.gen(function*() {
      const { strata } = yield* given(everything)
      for (const path of forbidden) {
        const answer = yield* Http.send(strata.url, path, { headers: Keys.headers("alice") })
        assert.strictEqual(answer.status, 403, path)
      }
      assert.strictEqual((yield* Http.send(strata.url, forbidden[0]!, { headers: Keys.headers("root") })).status, 200)
      const violations = yield* strata.awaitEvents({ types: ["policy:violation"] }, forbidden.length)
      for (const event of violations) {
        assert.strictEqual(event.principal, "alice")
        assert.deepStrictEqual<unknown>(payloadOf(event), {
          kind: "route",
          reason:
            "You may not read /v1/models/upstream/m. Who runs this server can permit it: server.auth.route_policy.",
          method: "GET",
          path: "/v1/models/upstream/m",
          action: "read",
          resource: null,
          rule: { policy: "route_policy", index: 1, description: "not this model" }
        })
      }
    }).pipe(Effect.scoped))

  it.live("deny what none permits, before anything is done", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given([{ permit: { paths: "/v1/models" } }])
      const before = upstream.received.length
      const { headers, ...post } = Chat.post({ session: "s" })
      const answer = yield* Http.send(strata.url, "/v1/chat/completions", {
        ...post,
        headers: { ...headers, ...Keys.headers("alice") }
      })
      assert.deepStrictEqual<unknown>([answer.status, answer.json], [403, {
        error: {
          message:
            "You may not create /v1/chat/completions. Who runs this server can permit it: server.auth.route_policy.",
          type: "invalid_request_error",
          param: null,
          code: "access_denied"
        }
      }])
      const [violation] = yield* strata.awaitEvents({ types: ["policy:violation"] })
      assert.deepInclude(Object(payloadOf(violation!)), { kind: "route", action: "create", rule: null })
      assert.strictEqual((yield* strata.events({ requestId: String(answer.headers["x-request-id"]) })).length, 1)
      assert.deepStrictEqual(yield* strata.events({ sessionId: "s" }), [])
      assert.strictEqual(upstream.received.length, before)
      assert.strictEqual((yield* Http.send(strata.url, "/v1/health")).status, 200)
    }).pipe(Effect.scoped))

  it.live("hold for the anonymous too, where nobody has to say who asks", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        auth: { route_policy: [{ permit: { paths: "/v1/models*", actions: "read" } }] }
      })
      const status = (path: string, method = "GET") =>
        Effect.map(Http.send(strata.url, path, { method }), ({ status }) => status)
      assert.deepStrictEqual(
        [
          yield* status("/v1/models"),
          yield* status("/v1/models", "HEAD"),
          yield* status("/v1/events"),
          yield* status("/openapi.json"),
          yield* status("/v1/nowhere"),
          yield* status("/v1/version")
        ],
        [200, 200, 403, 200, 403, 200]
      )
    }).pipe(Effect.scoped))
})
