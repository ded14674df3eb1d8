/** `strata serve` with its log in PostgreSQL: several servers, one log. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schedule } from "effect"
import { existsSync } from "node:fs"
import { placeOf } from "../../src/events/postgres/PostgresUrl.ts"
import { Chat } from "../support/Chat.ts"
import { EventLines } from "../support/EventLines.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import * as Postgres from "../support/Postgres.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const storage = (schema: string) =>
  `storage: { type: postgres, url: "\${env.DATABASE_URL}", schema: ${schema}, pool_size: 4 }\n`

const serve = Effect.fnUntraced(function*(upstream: FakeUpstream, schema: string, url = Postgres.url) {
  return yield* StrataProcess.serve({
    folder: yield* TemporaryFolder.make,
    configuration: Chat.configuration(upstream, storage(schema), ["m", "x", "y", "z"]),
    environment: { DATABASE_URL: Redacted.value(url) }
  })
})

const last = (text: string) => EventLines.ofSse(text).at(-1)?.data.position ?? 0

describe.skipIf(Postgres.unsupported !== undefined)("strata serve on PostgreSQL", () => {
  it.live("shares the log with another server: a follower of one sees the requests of both, in order", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Good", "day."]) })
      const [one, other] = yield* Effect.all([serve(upstream, schema), serve(upstream, schema)], {
        concurrency: "unbounded"
      })

      const started = EventLines.ofNdjson((yield* EventLines.read(one.url)).text).length
      // Both servers answer within the session, one after the other and at the same time.
      const asks = Array.from(
        { length: 12 },
        (_, index) =>
          Chat.ask(index % 2 === 0 ? one.url : other.url, { content: `Question ${index}`, session: "shared" })
      )
      const answered = (text: string) =>
        EventLines.ofSse(text).filter(({ data, event }) => event === "api:response" && data.sessionId === "shared")
          .length ===
          asks.length
      const following = yield* Effect.forkChild(
        Http.readUntil(
          one.url,
          "/v1/events?follow=true&level=default",
          { headers: { accept: "text/event-stream" } },
          answered
        )
      )
      const answers = [
        yield* asks[0]!,
        yield* asks[1]!,
        ...yield* Effect.all(asks.slice(2), { concurrency: "unbounded" })
      ]
      assert.deepStrictEqual(answers.map(({ status }) => status), asks.map(() => 200))

      const text = yield* Fiber.join(following)
      const seen = EventLines.ofSse(text).map(({ data }) => data)
      assert.isAbove(seen.length, started)
      const positions = seen.map(({ position }) => position)
      assert.deepStrictEqual(positions, [...new Set(positions)].sort((left, right) => left - right))
      const requests = answers.map(Chat.requestId)
      for (const id of requests) {
        assert.deepStrictEqual(
          seen.filter(({ requestId, type }) => requestId === id && !type.startsWith("session:")).map(({ type }) =>
            type
          ),
          ["api:request", "llm:request", "llm:response", "api:response"]
        )
      }
      assert.strictEqual(seen.filter(({ type }) => type === "session:start").length, 1)

      // The other server gives the same log, without a gap, debug and raw included.
      const whole = EventLines.ofNdjson((yield* EventLines.read(other.url, `?level=raw&limit=100000`)).text)
      assert.deepStrictEqual(whole.map(({ position }) => position), whole.map((_, index) => index + 1))
      assert.deepStrictEqual(whole.filter(({ level }) => level === "default").slice(0, seen.length), seen)
      assert.isAtMost(last(text), whole.length)
    }))

  it.live("shares the registry with another server: what one registers the other serves, also when one is gone", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Good", "day."]) })
      const [one, other] = yield* Effect.all([serve(upstream, schema), serve(upstream, schema)], {
        concurrency: "unbounded"
      })
      const register = (url: string, model_id: string, provider_model_id: string) =>
        Http.post(url, "/v1/models", { model_id, provider_model_id })
      const list = (url: string) => Effect.map(Http.send(url, "/v1/models"), ({ json }) => json)
      // The same name at the same time: one of the two gets it, and both know which.
      const answers = yield* Effect.all([register(one.url, "fast", "x"), register(other.url, "fast", "y")], {
        concurrency: "unbounded"
      })
      assert.sameMembers(answers.map(({ status }) => status), [200, 409])
      assert.deepStrictEqual(yield* list(one.url), yield* list(other.url))
      yield* register(one.url, "slow", "z")
      for (const { url } of [other, one]) {
        assert.strictEqual((yield* Chat.ask(url, { model: "slow" })).status, 200)
        assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "z")
      }
      yield* one.kill("SIGKILL")
      assert.strictEqual((yield* Http.send(other.url, "/v1/models/slow", { method: "DELETE" })).status, 200)
      const third = yield* serve(upstream, schema)
      assert.deepStrictEqual(yield* list(third.url), yield* list(other.url))
      assert.strictEqual((yield* Chat.ask(third.url, { model: "slow" })).status, 404)
    }))

  it.live("says where the log is but not its password, masks it in events, and needs no data folder", () =>
    Effect.gen(function*() {
      const { name, url } = yield* Postgres.user
      yield* Postgres.run("public", `CREATE SCHEMA ${name} AUTHORIZATION ${name}`)
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Yes."]) })
      const server = yield* serve(upstream, name, url)
      const { stderr, stdout } = server.output
      assert.include(stdout, `raw to PostgreSQL ${placeOf(Postgres.url)}`)
      assert.isFalse(existsSync(server.data))

      yield* Chat.ask(server.url, { content: `Is it "${Postgres.secret}"?` })
      const events = yield* EventLines.read(server.url, "?level=raw&limit=1000")
      assert.include(events.text, "Is it \\\\\\\"[REDACTED]\\\\\\\"?")
      for (const text of [stdout, stderr, events.text]) assert.notInclude(text, Postgres.secret)

      // Work in the background too, though the user may make no schema beside the log's.
      const begun = yield* Http.post(server.url, "/v1/responses", { model: "m", input: "Is it?", background: true })
      assert.strictEqual(begun.status, 200)
      const path = `/v1/responses/${Object(begun.json).id}`
      const ended = yield* Http.send(server.url, path).pipe(
        Effect.map(({ json }): string => Object(json).status),
        Effect.repeat({
          while: (status) => status === "queued" || status === "in_progress",
          schedule: Schedule.spaced("50 millis")
        })
      )
      assert.strictEqual(ended, "completed")
    }))

  it.live("goes on after a kill where the log was, on another server too", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Once."]) })
      const first = yield* serve(upstream, schema)
      const answer = yield* Chat.ask(first.url, { session: "kept" })
      yield* first.kill("SIGKILL")
      const second = yield* serve(upstream, schema)
      yield* Chat.ask(second.url, { session: "kept" })
      const events = EventLines.ofNdjson((yield* EventLines.read(second.url, "?session_id=kept&limit=1000")).text)
      assert.strictEqual(events.filter(({ type }) => type === "session:start").length, 1)
      assert.strictEqual(events.filter(({ type }) => type === "api:response").length, 2)
      assert.include(events.map(({ requestId }) => requestId), Chat.requestId(answer))
      const ended = yield* second.kill("SIGTERM")
      assert.strictEqual(ended.code, 0)
    }))

  it.live("refuses to start when PostgreSQL refuses it, with one line that says why and shows no secret", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const url = Postgres.urlWith((url) => {
        url.password = "not-this-one"
      })
      const { code, stderr, stdout } = yield* StrataProcess.run(
        StrataProcess.serveArguments({ folder, configuration: storage("unused") }),
        { folder, environment: { DATABASE_URL: Redacted.value(url) } }
      )
      assert.strictEqual(code, 1)
      assert.match(stderr, /^PostgreSQL at \S+ refuses the user \(.*\)\. Check user and password in storage\.url\n$/)
      assert.notInclude(stderr + stdout, "not-this-one")
    }))
})
