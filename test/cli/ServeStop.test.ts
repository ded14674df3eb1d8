/** How `strata serve` ends when it is told to. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer } from "effect"
import type { Scope } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { FakeUpstreamOptions } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

/** Everything in the log of a server that has ended. */
const logOf = (folder: string): Effect.Effect<ReadonlyArray<RecordedEvent>, never, Scope.Scope> =>
  Layer.build(EventHub.layer().pipe(Layer.provide(SqliteStore.layer({ folder, access: "read" })))).pipe(
    Effect.flatMap((context) => readAll(Context.get(context, EventHub), { level: "default" })),
    Effect.orDie
  )

const serve = Effect.fnUntraced(function*(respond: NonNullable<FakeUpstreamOptions["respond"]>, shutdown: number) {
  const upstream = yield* FakeUpstream.make({ respond })
  const configuration = Chat.configuration(upstream, `server: { shutdown_timeout_ms: ${shutdown} }\n`)
  return yield* StrataProcess.serve({ folder: yield* TemporaryFolder.make, configuration })
})

/** Returns when so many calls are on their way to the upstream. */
const callsUnderWay = (url: string, count: number) =>
  Http.readUntil(
    url,
    `/v1/events?follow=true&type=llm:request&limit=${count + 1}`,
    {},
    (text) => text.split("\n").length > count
  )

/** A follower that has seen its first events; it dies when its stream breaks off instead of ending. */
const follow = Effect.fnUntraced(function*(url: string, accept: string) {
  const first = yield* Deferred.make<void>()
  const response = yield* Http.open(url, "/v1/events?follow=true", { headers: { accept } })
  const text = Effect.callback<string>((resume) => {
    let text = ""
    response.setEncoding("utf8").on("data", (part: string) => {
      text += part
      Deferred.doneUnsafe(first, Effect.void)
    })
    response.once("end", () => resume(Effect.succeed(text)))
    response.once("error", (error) => resume(Effect.die(error)))
  })
  const fiber = yield* Effect.forkChild(text)
  yield* Deferred.await(first)
  return fiber
})

const typesOf = (events: ReadonlyArray<RecordedEvent>, requestId: string) =>
  events.filter((event) => event.requestId === requestId).map(({ type }) => type)

describe("strata serve, told to stop", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it.live(`lets what runs come to its end at ${signal}, and ends with 0`, () =>
      Effect.gen(function*() {
        const server = yield* serve(Chat.answering(["one", "two", "three"], "150 millis"), 10_000)
        const follower = yield* follow(server.url, "application/x-ndjson")
        const sseFollower = yield* follow(server.url, "text/event-stream")
        const plain = yield* Effect.forkChild(Chat.ask(server.url))
        const streamed = yield* Effect.forkChild(Chat.ask(server.url, { stream: true }))
        yield* callsUnderWay(server.url, 2)

        const { code, stderr } = yield* server.kill(signal)
        assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })

        const answers = [yield* Fiber.join(plain), yield* Fiber.join(streamed)]
        assert.include(answers[0]?.text, "one two three")
        assert.match(answers[1]?.text ?? "", /one[^]*two[^]*three[^]*data: \[DONE\]\n\n$/)
        const events = yield* logOf(server.data)
        for (const answer of answers) {
          assert.strictEqual(answer.status, 200)
          const types = ["api:request", "llm:request", "llm:response", "api:response"]
          assert.deepStrictEqual(typesOf(events, Chat.requestId(answer)), types)
        }
        assert.match(yield* Fiber.join(follower), /^\{"position":1,[^]*\}\n$/)
        assert.match(yield* Fiber.join(sseFollower), /^: connected\nid: 0\n\nid: 1\n[^]*\}\n\nretry: 1000\n\n$/)
      }))
  }

  it.live("ends what does not come to its end within the bound, and says so in the log", () =>
    Effect.gen(function*() {
      const server = yield* serve(({ body }) =>
        JSON.stringify(body).includes("silent")
          ? ScriptedAnswer.silent
          : ScriptedAnswer.events([{ choices: [] }], { hold: true }), 200)
      const silent = yield* Effect.forkChild(Effect.exit(Chat.ask(server.url, { content: "silent" })))
      const held = yield* Effect.forkChild(Effect.exit(Chat.ask(server.url, { stream: true })))
      yield* callsUnderWay(server.url, 2)

      const { code, stderr } = yield* server.kill("SIGTERM")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      yield* Fiber.awaitAll([silent, held])
      const types = Strata.ofClients(yield* logOf(server.data)).map(({ type }) => type)
      const count = (wanted: string) => types.filter((type) => type === wanted).length
      assert.deepStrictEqual([count("api:request"), count("llm:request")], [2, 2])
      assert.deepStrictEqual([count("llm:error"), count("api:error")], [2, 2])
    }))
})
