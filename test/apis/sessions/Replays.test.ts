/** `/replay` shows a session again, `/verify` runs it again. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { join } from "node:path"
import { toWire } from "../../../src/events/types/Envelope.ts"
import type { SessionVerification } from "../../../src/kernel/sessions/SessionVerification.ts"
import { Chat } from "../../support/Chat.ts"
import { EventLines } from "../../support/EventLines.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as RowsOfFacts from "../../support/RowsOfFacts.ts"
import { Strata } from "../../support/Strata.ts"

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale".repeat(200)]) })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
  yield* Chat.ask(strata.url, { session: "s" })
  yield* Chat.ask(strata.url, { session: "other" })
  yield* Chat.ask(strata.url, { session: "s", stream: true })
  const replay = (query = "", headers = {}) => Http.send(strata.url, `/v1/sessions/s/replay${query}`, { headers })
  const verify = (id = "s") => Http.send(strata.url, `/v1/sessions/${id}/verify`, { method: "POST" })
  return { ...strata, replay, verify }
})

const sse = { accept: "text/event-stream" }

describe("GET /v1/sessions/{id}/replay", () => {
  it.live("gives a session's events and ends, as lines or as server-sent events", () =>
    Effect.gen(function*() {
      const { events, replay } = yield* given
      const expected = (yield* events({ sessionId: "s" })).map(toWire)
      const lines = yield* replay("?speed=0")
      assert.strictEqual(lines.headers["content-type"], "application/x-ndjson")
      assert.deepStrictEqual<unknown>(EventLines.ofNdjson(lines.text), expected)
      for (const query of ["?speed=0", "", "?speed=1000000&max_pause_ms=0"]) {
        const streamed = yield* replay(query, sse)
        assert.match(String(streamed.headers["content-type"]), /^text\/event-stream/)
        assert.deepStrictEqual<unknown>(
          EventLines.ofSse(streamed.text),
          expected.map((data) => ({ id: String(data.position), event: data.type, data }))
        )
      }
      assert.lengthOf(yield* events({ sessionId: "s" }), expected.length)
    }))

  it.live("goes on behind the last event an EventSource saw, and leaves out what is not asked for", () =>
    Effect.gen(function*() {
      const { events, replay } = yield* given
      const all = yield* events({ sessionId: "s" })
      const middle = all[5]!.position
      const resumed = yield* replay("?speed=0&after=1", { ...sse, "last-event-id": String(middle) })
      assert.deepStrictEqual(
        EventLines.ofSse(resumed.text).map(({ id }) => Number(id)),
        all.map(({ position }) => position).filter((position) => position > middle)
      )
      const some = yield* replay("?speed=0&type=llm:*&level=default")
      assert.deepStrictEqual(EventLines.ofNdjson(some.text).map(({ type }) => type), [
        "llm:request",
        "llm:response",
        "llm:request",
        "llm:response"
      ])
    }))

  it.live("ends when the server stops, whatever the pause it is in", () =>
    Effect.gen(function*() {
      const { close, url } = yield* given
      const answer = yield* Http.open(url, "/v1/sessions/s/replay?speed=0.000001&max_pause_ms=3600000", {
        headers: sse
      })
      const ended = yield* Effect.forkChild(Effect.callback<void>((resume) => {
        answer.resume().once("end", () => resume(Effect.void))
      }))
      yield* close
      yield* Fiber.join(ended)
    }))

  it.live.each(
    [
      ["/v1/sessions/nobody/replay", 404, "session_id"],
      ["/v1/sessions/s/replay?speed=-1", 400, "speed"],
      ["/v1/sessions/s/replay?max_pause_ms=a", 400, "max_pause_ms"]
    ] as const
  )("refuses %s with %s", ([path, status, param]) =>
    Effect.gen(function*() {
      const { url } = yield* given
      const answer = yield* Http.send(url, path)
      assert.strictEqual(answer.status, status)
      assert.deepNestedInclude(answer.json, { "error.param": param })
    }))
})

describe("POST /v1/sessions/{id}/verify", () => {
  it.live("says that a session runs the same, and leaves nothing in the log", () =>
    Effect.gen(function*() {
      const { events, verify } = yield* given
      const before = yield* events()
      const reports = yield* Effect.all(Array.from({ length: 5 }, () => verify()), { concurrency: 5 })
      for (const { json, status } of reports) {
        assert.strictEqual(status, 200)
        assert.deepStrictEqual<unknown>(json, {
          object: "session.verification",
          session_id: "s",
          status: "identical",
          reason: null,
          requests: 2,
          skipped: [],
          divergence: null,
          around_the_client: []
        })
      }
      assert.deepStrictEqual(yield* events(), before)
    }))

  it.live("leaves out requests on sessions themselves, and says so", () =>
    Effect.gen(function*() {
      const { url, verify } = yield* given
      const headers = { "x-strata-session-id": "s" }
      const forked = yield* Http.post(url, "/v1/sessions/s/fork", {}, headers)
      const { requests, skipped, status } = (yield* verify()).json as SessionVerification
      assert.deepStrictEqual([status, requests], ["identical", 3])
      assert.deepStrictEqual(skipped, [{
        request_id: String(forked.headers["x-request-id"]),
        reason: "it changes sessions or registries themselves, and is not run again"
      }])
    }))

  it.live("names the first divergence, of a long text the place where it begins", () =>
    Effect.gen(function*() {
      const { folder, verify } = yield* given
      const database = RowsOfFacts.open(join(folder, "strata.db"))
      database.prepare(
        "UPDATE events SET payload = replace(payload, ?, ?) WHERE type = 'api:response:raw' AND session_id = 's'"
      )
        .run(String.raw`whalewhale\"`, String.raw`whaleshark\"`)
      database.close()
      const { divergence, status } = (yield* verify()).json as SessionVerification
      assert.strictEqual(status, "diverged")
      assert.deepInclude(divergence, {
        type: "api:response:raw",
        path: "body.choices.0.message.content",
        altered: true,
        differs_from: "Blue ".length + 199 * 5
      })
      assert.match(divergence?.expected ?? "", /^…"(whale)+shark"$/)
      assert.match(divergence?.found ?? "", /^…"(whale)+"$/)
    }))

  it.live("knows no session of another name", () =>
    Effect.gen(function*() {
      const { verify } = yield* given
      const { json, status } = yield* verify("nobody")
      assert.strictEqual(status, 404)
      assert.deepNestedInclude(json, { "error.code": "session_not_found" })
    }))
})
