/** Who follows `GET /v1/events`: what an EventSource needs to stay, to come back, and to leave nothing behind. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope, Stream } from "effect"
import { HttpApiClient } from "effect/http-api"
import { Api } from "../../../src/apis/Apis.ts"
import { toJsonText } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import { EventSourceReader } from "../../support/EventSourceReader.ts"
import type { Connection } from "../../support/EventSourceReader.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const serving = Effect.fnUntraced(function*(options: StrataOptions = {}) {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
  return yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })], ...options })
})

const responses = "/v1/events?follow=true&type=llm:response"
const seen = (count: number) => ({ messages }: Connection) => messages.length >= count
const ids = ({ messages }: Connection) => messages.map(({ id }) => Number(id))

describe("GET /v1/events?follow=true", () => {
  it.live("tells an EventSource at once that it is connected, and where it stands", () =>
    Effect.gen(function*() {
      const { awaitEvents, events, url } = yield* serving()
      yield* awaitEvents({ types: ["provider:healthy"] })
      const head = (yield* events()).length
      for (const [query, lastEventId] of [["", "0"], ["&after=1", "1"], ["&after=latest", `${head}`]] as const) {
        const connection = yield* EventSourceReader.connect(url, `/v1/events?follow=true&type=none${query}`, {
          until: ({ lastEventId }) => lastEventId !== ""
        })
        assert.deepStrictEqual(connection, { messages: [], comments: ["connected"], lastEventId, retry: undefined })
      }
    }))

  it.live("sends heartbeats as often as configured, before the first event too", () =>
    Effect.gen(function*() {
      const { url } = yield* serving({ heartbeatMs: 5 })
      const { comments, messages } = yield* EventSourceReader.connect(url, `${responses},none`, {
        until: ({ comments }) => comments.length === 4
      })
      assert.deepStrictEqual([messages, comments], [[], ["connected", "heartbeat", "heartbeat", "heartbeat"]])
    }))

  it.live("sends no heartbeat to who reads NDJSON", () =>
    Effect.gen(function*() {
      const strata = yield* serving({ heartbeatMs: 1 })
      const lines = yield* Effect.forkChild(
        Http.readUntil(strata.url, `${responses}&after=latest`, {}, (text) => text.split("\n").length > 3)
      )
      yield* strata.awaitFollowers(1)
      for (let index = 0; index < 3; index++) yield* Chat.ask(strata.url)
      const text = yield* Fiber.join(lines)
      assert.strictEqual(
        text,
        (yield* strata.events({ types: ["llm:response"] })).map((event) => `${toJsonText(event)}\n`).join("")
      )
    }))

  it.live("keeps an event in one frame, whatever its payload says", () =>
    Effect.gen(function*() {
      const { events, url } = yield* serving()
      yield* Chat.ask(url, { content: "one\ntwo\r\nthree\rid: 99\n\ndata: forged\u2028\u2029\u0085" })
      const expected = yield* events({ types: ["api:*", "llm:*"] })
      const connection = yield* EventSourceReader.connect(url, "/v1/events?follow=true&type=api:*,llm:*", {
        until: seen(expected.length)
      })
      assert.deepStrictEqual(
        connection.messages,
        expected.map((event) => ({ id: String(event.position), event: event.type, data: toJsonText(event) }))
      )
      assert.isTrue(connection.messages.some(({ data }) => data.includes("forged")))
    }))

  it.live("tells who follows when to come back, as the last thing before it stops", () =>
    Effect.gen(function*() {
      const { awaitEvents, awaitFollowers, close, url } = yield* serving()
      yield* Chat.ask(url)
      const [{ position } = { position: 0 }] = yield* awaitEvents({ types: ["llm:response"] })
      const path = `/v1/events?follow=true&type=llm:request&after=${position}`
      const plain = yield* Effect.forkChild(EventSourceReader.connect(url, path))
      const client = yield* HttpApiClient.make(Api, { baseUrl: url })
      const typed = yield* client.events.listEvents({
        query: { follow: true, live: false, type: "llm:request", after: position },
        headers: { accept: "text/event-stream" }
      })
      assert.isTrue(Stream.isStream(typed))
      const told = yield* Effect.forkChild(Effect.flip(Stream.runDrain(typed as Stream.Stream<unknown, object>)))
      yield* awaitFollowers(2)
      yield* Effect.forkChild(close)
      assert.deepInclude(yield* Fiber.join(plain), { retry: 1000, lastEventId: `${position}` })
      assert.deepInclude<object>(yield* Fiber.join(told), { _tag: "Retry", lastEventId: `${position}` })
    }).pipe(Effect.provide(NodeHttpClient.layerUndici)))

  it.live("resumes an EventSource behind its last event after a restart, without a gap or a duplicate", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const before = yield* serving({ folder })
      yield* Chat.ask(before.url)
      const first = yield* Effect.forkChild(EventSourceReader.connect(before.url, responses))
      yield* before.awaitFollowers(1)
      yield* Chat.ask(before.url)
      yield* before.awaitEvents({ types: ["llm:response"] }, 2)
      yield* before.close
      const left = yield* Fiber.join(first)

      const after = yield* serving({ folder, port: Number(new URL(before.url).port) })
      assert.strictEqual(after.url, before.url)
      yield* Chat.ask(after.url)
      const second = yield* Effect.forkChild(
        EventSourceReader.connect(after.url, responses, { lastEventId: left.lastEventId, until: seen(2) })
      )
      yield* after.awaitFollowers(1)
      yield* Chat.ask(after.url)
      const expected = (yield* after.awaitEvents({ types: ["llm:response"] }, 4)).map(({ position }) => position)
      assert.deepStrictEqual([...ids(left), ...ids(yield* Fiber.join(second))], expected)
    }))

  it.live("resumes who asked for the latest and has seen nothing yet where it began", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const before = yield* serving({ folder })
      yield* Chat.ask(before.url)
      yield* before.awaitEvents({ types: ["llm:response"] })
      const first = yield* Effect.forkChild(EventSourceReader.connect(before.url, `${responses}&after=latest`))
      yield* before.awaitFollowers(1)
      yield* before.close
      const left = yield* Fiber.join(first)
      assert.deepStrictEqual(left.messages, [])

      const after = yield* serving({ folder })
      yield* Chat.ask(after.url)
      const [, missed] = yield* after.awaitEvents({ types: ["llm:response"] }, 2)
      const second = yield* EventSourceReader.connect(after.url, `${responses}&after=latest`, {
        lastEventId: left.lastEventId,
        until: seen(1)
      })
      assert.deepStrictEqual(ids(second), [missed?.position])
    }))

  for (const accept of ["text/event-stream", "application/x-ndjson"]) {
    it.live(`frees what ${accept} held when its reader leaves`, () =>
      Effect.gen(function*() {
        const strata = yield* serving()
        const scope = yield* Scope.make()
        yield* Http.open(strata.url, `${responses}&after=latest`, { headers: { accept } }).pipe(
          Effect.repeat({ times: 4 }),
          Scope.provide(scope)
        )
        yield* strata.awaitFollowers(5)
        yield* Scope.close(scope, Exit.void)
        yield* strata.awaitFollowers(0)
      }))
  }

  it.live("frees who has reached its limit", () =>
    Effect.gen(function*() {
      const strata = yield* serving()
      const { status } = yield* Http.send(strata.url, "/v1/events?follow=true&limit=1")
      assert.strictEqual(status, 200)
      yield* strata.awaitFollowers(0)
    }))
})
