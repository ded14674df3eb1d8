/** `GET /v1/events`: the log as others read it, whole, filtered, or as it grows. */
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as EventCatalogDocument from "../../../src/apis/events/EventCatalogDocument.ts"
import { toWire } from "../../../src/events/types/Envelope.ts"
import { EventLines } from "../../support/EventLines.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { hello } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"

/** A server with the sessions `a`, `b` and `c` of one request each. */
class Server extends Context.Service<
  Server,
  Strata & { readonly chat: (session: string) => Effect.Effect<unknown> }
>()("strata/test/apis/events/Events.test/Server") {
  static readonly layer = Layer.effect(
    Server,
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { choices: [] }) })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const chat = (session: string) =>
        Http.post(strata.url, "/v1/chat/completions", { ...hello, model: "upstream/m" }, {
          "x-strata-session-id": session
        })
      yield* Effect.forEach(["a", "b", "c"], chat)
      return { ...strata, chat }
    })
  )
}

const ndjson = (url: string, query: string) =>
  Effect.map(EventLines.read(url, query), ({ text }) => EventLines.ofNdjson(text))

layer(Server.layer, { excludeTestServices: true })("GET /v1/events", (it) => {
  it.effect("gives NDJSON, an event a line", () =>
    Effect.gen(function*() {
      const { events, url } = yield* Server
      for (const headers of [{}, { accept: "application/x-ndjson" }, { accept: "*/*" }]) {
        const answer = yield* EventLines.read(url, "", headers)
        assert.strictEqual(answer.headers["content-type"], "application/x-ndjson")
        assert.deepStrictEqual<unknown>(EventLines.ofNdjson(answer.text), (yield* events()).map(toWire))
      }
    }))

  it.effect("gives server-sent events where they are accepted", () =>
    Effect.gen(function*() {
      const { events, url } = yield* Server
      const answer = yield* EventLines.read(url, "", { accept: "text/event-stream" })
      assert.match(String(answer.headers["content-type"]), /^text\/event-stream/)
      const expected = (yield* events()).map(toWire)
      assert.deepStrictEqual<unknown>(
        EventLines.ofSse(answer.text),
        expected.map((data) => ({ id: String(data.position), event: data.type, data }))
      )
    }))

  const first = "?session_id=a"
  const filters: ReadonlyArray<readonly [query: string, expected: ReadonlyArray<string>]> = [
    [`${first}&type=llm:request`, ["llm:request"]],
    [`${first}&type=llm:re*&level=default`, ["llm:request", "llm:response"]],
    [`${first}&type=api:request,session:*`, ["session:start", "api:request"]],
    [`${first}&type=none`, []],
    [`${first}&level=default`, ["session:start", "api:request", "llm:request", "llm:response", "api:response"]],
    [`${first}&type=llm:*&level=debug`, ["llm:request", "llm:request:debug", "llm:response", "llm:response:debug"]],
    [`${first}&type=llm:request*&level=raw`, ["llm:request", "llm:request:debug", "llm:request:raw"]],
    [`${first}&limit=2`, ["session:start", "api:request"]],
    [`${first}&after=1000000`, []],
    [`${first}&after=latest`, []],
    [`${first}&type=*&limit=1`, ["session:start"]],
    ["?session_id=nobody", []],
    ["?stream=session-b&level=default&limit=2", ["session:start", "api:request"]],
    ["?stream=providers&type=provider:reg*", ["provider:registered"]],
    ["?stream=models&session_id=a", []],
    ["?request_id=nobody", []],
    [`${first}&provider=upstream&level=default`, ["llm:request", "llm:response"]],
    ["?provider=upstream&stream=providers&type=provider:registered", ["provider:registered"]],
    ["?provider=nobody", []]
  ]
  it.effect.each(filters)("filters by %s", ([query, expected]) =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const found = yield* ndjson(url, query)
      assert.deepStrictEqual(found.map(({ type }) => type), expected)
    }))

  it.effect("gives what one request led to", () =>
    Effect.gen(function*() {
      const { events, url } = yield* Server
      const [asked] = yield* events({ sessionId: "b", types: ["api:request"] })
      const requestId = String(asked?.requestId)
      const found = yield* ndjson(url, `?request_id=${requestId}&level=default`)
      assert.deepStrictEqual(
        found.map(({ requestId, type }) => [type, requestId]),
        ["api:request", "llm:request", "llm:response", "api:response"].map((type) => [type, requestId])
      )
    }))

  const refused: ReadonlyArray<readonly [query: string, param: string, says: RegExp]> = [
    ["after=-1", "after", /0/],
    ["after=1.5", "after", /latest/],
    ["after=12345678901234567890", "after", /latest/],
    ["after=now", "after", /latest/],
    ["after=", "after", /latest/],
    ["type=", "type", /separated by commas/],
    ["type=llm:request,,api:error", "type", /separated by commas/],
    ["type=l*m", "type", /`\*` only at the end/],
    ["level=loud", "level", /"default" \| "debug" \| "raw"/],
    ["limit=0", "limit", /1/],
    ["limit=many", "limit", /limit/],
    ["follow=yes", "follow", /"true" \| "false"/],
    ["session_id=", "session_id", /session_id/],
    ["stream=", "stream", /stream/],
    ["request_id=", "request_id", /request_id/],
    ["provider=", "provider", /provider/]
  ]
  it.effect.each(refused)("refuses %s and names the parameter", ([query, param, says]) =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const { json, status } = yield* EventLines.read(url, `?${query}`)
      assert.strictEqual(status, 400)
      const { error } = json as { readonly error: Readonly<Record<string, string>> }
      assert.deepInclude(error, { type: "invalid_request_error", param })
      assert.match(String(error["message"]), says)
    }))

  it.effect("refuses an id no event of the log has", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const { json, status } = yield* EventLines.read(url, "", { "last-event-id": "abc" })
      assert.strictEqual(status, 400)
      assert.include(JSON.stringify(json), "\"param\":\"last-event-id\"")
    }))

  it.effect("begins behind a position, or behind the last event an EventSource saw", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const all = yield* ndjson(url, "")
      const middle = all[Math.floor(all.length / 2)]!.position
      const expected = all.filter(({ position }) => position > middle)
      assert.deepStrictEqual(yield* ndjson(url, `?after=${middle}`), expected)
      const resumed = yield* EventLines.read(url, "?after=1", { "last-event-id": String(middle) })
      assert.deepStrictEqual(EventLines.ofNdjson(resumed.text), expected)
    }))

  it.effect("follows: the past, then the present, without a gap or a duplicate", () =>
    Effect.gen(function*() {
      const { awaitEvents, chat, events, url } = yield* Server
      const requests = 20
      const wanted = 3 + requests
      const follow = (accept: string, count: (text: string) => number) =>
        Http.readUntil(url, "/v1/events?follow=true&type=llm:response", { headers: { accept } }, (text) =>
          count(text) >= wanted)
      const sse = yield* Effect.forkChild(
        Effect.map(
          follow("text/event-stream", (text) =>
            EventLines.ofSse(text).length),
          EventLines.ofSse
        )
      )
      const lines = yield* Effect.forkChild(
        Effect.map(
          follow("application/x-ndjson", (text) =>
            EventLines.ofNdjson(text).length),
          EventLines.ofNdjson
        )
      )
      const chats = Array.from({ length: requests }, (_, index) =>
        chat(`follow-${index}`))
      yield* Effect.all(chats, { concurrency: 5, discard: true })
      const expected = (yield* awaitEvents({ types: ["llm:response"] }, wanted)).map(({ position }) => position)
      assert.lengthOf(expected, (yield* events({ types: ["llm:response"] })).length)
      assert.deepStrictEqual((yield* Fiber.join(sse)).map(({ data }) => data.position), expected)
      assert.deepStrictEqual((yield* Fiber.join(lines)).map(({ position }) => position), expected)
    }))

  it.effect("ends a followed stream at its limit", () =>
    Effect.gen(function*() {
      const { url } = yield* Server
      const limited = yield* EventLines.read(url, "?follow=true&limit=3")
      assert.deepStrictEqual(EventLines.ofNdjson(limited.text).map(({ position }) => position), [1, 2, 3])
    }))

  it.effect("lets who follows a log where nothing happens know that it is connected, and when the server stops", () =>
    Effect.gen(function*() {
      const quiet = yield* Strata.make()
      const answer = yield* Http.open(quiet.url, "/v1/events?follow=true")
      assert.strictEqual(answer.statusCode, 200)
      const ended = yield* Effect.forkChild(Effect.callback<void>((resume) => {
        answer.resume().once("end", () => resume(Effect.void))
      }))
      yield* quiet.close
      yield* Fiber.join(ended)
    }))

  it.effect("gives the catalog of all events, which leaves no trace in the log", () =>
    Effect.gen(function*() {
      const { events, url } = yield* Server
      const before = yield* events()
      const { headers, json, status } = yield* Http.send(url, "/v1/events/catalog")
      assert.deepStrictEqual([status, headers["content-type"]], [200, "application/json"])
      assert.deepStrictEqual<unknown>(json, EventCatalogDocument.document(apis.catalog.definitions))
      assert.deepStrictEqual(yield* events(), before)
    }))
})
