/** Every failure comes in OpenAI's envelope, whatever it is that fails. */
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Logger, Schema } from "effect"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { chat as chatDialect } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import { ErrorEnvelope } from "../../src/kernel/http/HttpErrors.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { Http } from "../support/Http.ts"
import type { HttpOptions } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"

/** A provider with a bug, and with an answer that is a failure of somebody else's. */
const Broken = Provider.make({
  api: InferenceApi,
  type: "inline::broken",
  description: "Dies of whatever it is asked.",
  config: Schema.Struct({}),
  requires: [],
  layer: () =>
    Layer.succeed(InferenceProvider, {
      dialects: [chatDialect],
      send: ({ model }) =>
        model === "m"
          ? Effect.die(new Error("the secret of the bug"))
          : Effect.succeed({ status: 503, headers: { "content-type": "text/html" }, body: "the secret of the bug" }),
      models: {
        source: "configuration",
        list: Effect.succeed(["m", "away"].map((id) => ({ id, created: 0, owned_by: "" })))
      }
    })
})

class Server extends Context.Service<Server, Strata>()("strata/test/server/ErrorEnvelopes.test/Server") {
  static readonly layer = Layer.effect(
    Server,
    Strata.make({
      types: [Broken],
      providers: [{ provider_id: "broken", provider_type: "inline::broken", config: {} }],
      maxBodyBytes: 1000
    })
  ).pipe(Layer.provide(Logger.layer([])))
}

const chat = "/v1/chat/completions"
const json = { "content-type": "application/json" }
const post = (body: string, headers: Readonly<Record<string, string>> = json): HttpOptions => ({
  method: "POST",
  headers,
  body
})
const asked = JSON.stringify({ model: "broken/m", messages: [{ role: "user", content: "hello" }] })

interface Expected {
  readonly status: number
  readonly code?: string | null
  readonly param?: string | null
  readonly type?: string
  readonly message?: string
  readonly allow?: string
}
type Case = readonly [name: string, path: string, request: HttpOptions, expected: Expected]

const cases: ReadonlyArray<Case> = [
  ["an unknown route", "/v1/nowhere", {}, { status: 404, code: "unknown_route", message: "GET /v1/nowhere" }],
  ["an unknown route with a query", "/v1/no?x=%", {}, { status: 404, code: "unknown_route" }],
  ["a path that is not encoded", "/v1/models/%", {}, { status: 404 }],
  ["a query that is not encoded", "/v1/models?x=%&api%_key=1", { method: "PUT" }, { status: 405, allow: "POST, GET" }],
  ["an unknown model and a query that is not encoded", "/v1/models/none?api%_key=1", {}, { status: 404 }],
  ["a wrong method", "/v1/embeddings", {}, { status: 405, code: "method_not_allowed", allow: "POST" }],
  ["a wrong method of a document", "/openapi.json", post("{}"), { status: 405, allow: "GET" }],
  ["a wrong method of a model", "/v1/models/a/b", { method: "PUT" }, { status: 405, allow: "GET, DELETE" }],
  ["a model to unregister that is not there", "/v1/models/a/b", { method: "DELETE" }, {
    status: 404,
    code: "model_not_found",
    param: "model_id"
  }],
  ["a body that is not JSON", chat, post("{"), { status: 400, param: null }],
  ["an empty body", chat, post(""), { status: 400 }],
  ["a body that is no object", chat, post("[]"), { status: 400 }],
  ["a body without fields", chat, post("{}"), { status: 400, param: "model", message: "messages" }],
  ["a body over the limit", chat, post(JSON.stringify({ text: "x".repeat(1000) })), {
    status: 413,
    code: "body_too_large",
    message: "1000 bytes"
  }],
  ["a body of unknown length over the limit", chat, {
    ...post(JSON.stringify({ text: "x".repeat(1000) })),
    headers: { ...json, "transfer-encoding": "chunked" }
  }, { status: 413, code: "body_too_large" }],
  ["a wrong content type", chat, post(asked, { "content-type": "text/plain" }), {
    status: 415,
    code: "unsupported_media_type"
  }],
  ["an invalid session", chat, post(asked, { ...json, "x-strata-session-id": "no spaces" }), {
    status: 400,
    code: "invalid_session_id",
    param: "x-strata-session-id"
  }],
  ["a session id that is too long", "/v1/models", { headers: { "x-strata-session-id": "x".repeat(129) } }, {
    status: 400,
    code: "invalid_session_id"
  }],
  ["an unknown model", chat, post(asked.replace("broken/m", "broken/n")), {
    status: 404,
    code: "model_not_found",
    param: "model",
    message: "broken/m"
  }],
  ["an unknown provider", "/v1/providers/none", {}, { status: 404, code: "provider_not_found", param: "provider_id" }],
  ["an unknown session", "/v1/sessions/none", {}, { status: 404, code: "session_not_found", param: "session_id" }],
  ["a bad query", "/v1/sessions?limit=many", {}, { status: 400, param: "limit" }],
  ["a limit that is too high", "/v1/sessions?limit=101", {}, { status: 400, param: "limit" }],
  ["a bad level", "/v1/events?level=all", {}, { status: 400, param: "level" }],
  ["a failure that is no JSON", chat, post(asked.replace("broken/m", "broken/away")), {
    status: 503,
    type: "server_error"
  }],
  ["a defect", chat, post(asked), { status: 500, type: "server_error", code: "internal_error" }]
]

const decode = Schema.decodeUnknownEffect(ErrorEnvelope)

layer(Server.layer, { excludeTestServices: true })("the answer to", (it) => {
  it.effect.each(cases)("%s", ([, path, request, { allow, message, status, ...error }]) =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const answer = yield* Http.send(url, path, request)
      assert.strictEqual(answer.status, status, answer.text)
      const envelope = yield* decode(answer.json)
      assert.deepInclude(envelope.error, error)
      assert.isNotEmpty(envelope.error.message)
      if (message !== undefined) assert.include(envelope.error.message, message)
      if (allow !== undefined) assert.strictEqual(answer.headers["allow"], allow)
      assert.notInclude(answer.text, "the secret of the bug")
    }))

  it.effect("a HEAD is that of its GET, without a body", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const answer = yield* Http.send(url, "/v1/health", { method: "HEAD" })
      assert.deepInclude(answer, { status: 200, text: "" })
    }))

  it.effect("each of them is told in the log", () =>
    Effect.gen(function*() {
      const { awaitEvents, events } = yield* Server
      const requests = yield* events({ types: ["api:request"] })
      const ends = yield* awaitEvents({ types: ["api:error", "api:response"] }, requests.length)
      assert.sameMembers(ends.map(({ requestId }) => requestId), requests.map(({ requestId }) => requestId))
    }))
})
