/** Every recorded session runs again without its network. */
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect, Fiber } from "effect"
import type { Schema } from "effect"
import { sampleFile } from "../../src/cli/StarterConfiguration.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { RecordedTraffic } from "../support/RecordedTraffic.ts"
import { Recordings } from "../support/Recordings.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const clientKey = "sk-client-0123456789"
const upstreamKey = "sk-upstream-0123456789"

const chunks = ["Grüß", " Gott"].map((content) => ({ id: "1", choices: [{ index: 0, delta: { content } }] }))
/** The upstream's answers, each under the model of its name. */
const answers: Readonly<Record<string, ScriptedAnswer>> = {
  "json": ScriptedAnswer.json(200, { id: "1", choices: [{ index: 0, message: { role: "assistant", content: "Hi" } }] }),
  "stream": ScriptedAnswer.events(chunks),
  "stream-without-done": ScriptedAnswer.events(chunks, { done: false }),
  "stream-that-dies": ScriptedAnswer.events(chunks, { destroyAfter: 1 }),
  "stream-of-an-error": ScriptedAnswer.events(chunks, { status: 503 }),
  "rate-limit": ScriptedAnswer.json(429, { error: { message: "slow down" } }, { "retry-after": "7" }),
  "page-of-html": { _tag: "Fixed", status: 500, body: "<html>broken</html>" },
  "not-json": { _tag: "Fixed", status: 200, body: "hello" },
  "empty": { _tag: "Fixed", status: 200, body: "" },
  "keys-in-json": ScriptedAnswer.error(401, `wrong key ${upstreamKey}, not ${clientKey}`),
  "keys-in-a-stream": ScriptedAnswer.events([{ keys: [upstreamKey, clientKey] }])
}
const chat = (model: string) => ({
  model: `upstream/${model}`,
  messages: [{ role: "user" as const, content: "hello" }]
})

/** Requests, each sent in the session of its name. */
const requests: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(Object.keys(answers).map((model) => [model, chat(model)])),
  "unknown-model": chat("unknown"),
  "bad-parameter": { ...chat("json"), temperature: "hot" },
  "body-that-is-not-json": "{",
  "body-with-the-clients-key": { ...chat("json"), user: clientKey },
  "body-with-the-upstreams-key": { ...chat("json"), user: upstreamKey },
  "body-of-many-scripts": { ...chat("json"), user: "é 漢字 🦔 \u2028 \\ \" \u0000" },
  "answer-of-the-sample": { model: "sample/sample-1", messages: [{ role: "user", content: "Say hello." }] }
}

const given = (respond = ({ body }: ReceivedRequest) => answers[String((body as Schema.JsonObject)["model"])]) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond })
    const sample = { provider_id: "sample", provider_type: "inline::replay", config: { file: sampleFile } }
    const strata = yield* Strata.make({
      providers: [Strata.openAi(upstream, { api_key: upstreamKey, models: Object.keys(answers) }), sample]
    })
    return { strata, upstream, close: Effect.andThen(strata.close, upstream.close) }
  })

const headersOf = (session: string, key = clientKey) => ({
  "x-strata-session-id": session,
  "authorization": `Bearer ${key}`
})
const post = (strata: Strata, body: unknown, session: string, key?: string) =>
  Http.post(strata.url, "/v1/chat/completions", body, headersOf(session, key))

const identical = (session: string, requests = 1) => ({
  session,
  requests,
  skipped: [],
  divergence: undefined,
  around: []
})

describe("Verifier", () => {
  it.live("finds every kind of answer and of request identical", () =>
    Effect.gen(function*() {
      const { close, strata } = yield* given()
      for (const [session, body] of Object.entries(requests)) yield* post(strata, body, session)
      yield* close
      const reports = yield* verify(strata.folder, Object.keys(requests))
      for (const report of reports) assert.deepStrictEqual(report, identical(report.session))
    }))

  it.live("finds lists of models, what is not routed, and an unreachable upstream identical", () =>
    Effect.gen(function*() {
      const { close, strata, upstream } = yield* given()
      const headers = headersOf("s")
      yield* Http.send(strata.url, "/v1/models", { headers })
      yield* Http.send(strata.url, "/v1/models/upstream/json?api_key=1", { headers })
      yield* Http.send(strata.url, "/v1/models/upstream/none", { headers })
      yield* Http.send(strata.url, "/v1/nowhere", { headers })
      yield* Http.send(strata.url, "/v1/models", { method: "DELETE", headers })
      yield* upstream.close
      yield* post(strata, chat("json"), "s")
      yield* close
      assert.deepStrictEqual(yield* verify(strata.folder, ["s"]), [identical("s", 6)])
    }))

  it.live("takes a key that is an ordinary word for no secret", () =>
    Effect.gen(function*() {
      const { close, strata } = yield* given()
      for (const key of ["upstream", "strata", "session"]) yield* post(strata, chat("json"), "s", key)
      yield* close
      assert.deepStrictEqual(yield* verify(strata.folder, ["s"]), [identical("s", 3)])
    }))

  it.live("leaves out the request whose client left, and says so", () =>
    Effect.gen(function*() {
      const { close, strata, upstream } = yield* given(() => ScriptedAnswer.silent)
      const client = Sdk.make(strata.url, { defaultHeaders: headersOf("s") })
      const asking = yield* Effect.forkChild(Sdk.create(client, chat("json")))
      yield* upstream.awaitReceived(1)
      yield* Fiber.interrupt(asking)
      const [left] = yield* strata.awaitEvents({ types: ["api:error"] })
      yield* close
      const reason = "the client left before the answer was complete"
      assert.deepStrictEqual(yield* verify(strata.folder, ["s"]), [
        { ...identical("s"), skipped: [{ requestId: left!.requestId!, reason }] }
      ])
    }))

  it.live("fails where there is no such session", () =>
    Effect.gen(function*() {
      const { close, strata } = yield* given()
      yield* close
      const exit = yield* Effect.exit(verify(strata.folder, ["nobody"]))
      assert.include(JSON.stringify(exit), "SessionNotFound")
    }))
})

describe.skipIf(!Recordings.available)(`Verifier, recorded traffic ${Recordings.reason}`, () => {
  it.live("finds every session identical with the upstreams switched off", () =>
    Effect.gen(function*() {
      const { close, sent, strata } = yield* RecordedTraffic
      yield* close
      const sessions = new Set(sent.map(({ session }) => session))
      const reports = yield* verify(strata.folder, sessions)
      for (const report of reports) assert.deepStrictEqual(report, identical(report.session, report.requests))
      const requests = reports.reduce((sum, { requests }) => sum + requests, 0)
      assert.strictEqual(requests, sent.length)
      yield* Console.log("identical", { sessions: reports.length, requests })
    }).pipe(Effect.provide(RecordedTraffic.layer)), 60_000)
})
