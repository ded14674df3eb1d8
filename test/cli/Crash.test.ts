/** `kill -9` in the middle of many requests: whoever got a whole answer finds it in the log, whole. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Console, Context, Deferred, Effect, Fiber, Layer } from "effect"
import type { Scope } from "effect"
import type { IncomingMessage } from "node:http"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { ResponseTraffic } from "../../src/events/types/Traffic.ts"
import { textOf } from "../../src/events/types/Traffic.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const connections = 10

/** Whole answers after which the server is killed, round by round. */
const rounds = [40, 97, 161]

interface Answer {
  readonly requestId: string
  readonly text: string
}

const lastFrame = "data: [DONE]\n\n"

/** The text of a whole answer; a stream is whole when its last frame is there. Undefined where it breaks off. */
const wholeText = (response: IncomingMessage) =>
  Effect.callback<string | undefined>((resume) => {
    let text = ""
    response.setEncoding("utf8")
    response.on("data", (part: string) => {
      text += part
      if (text.endsWith(lastFrame)) resume(Effect.succeed(text))
    })
    response.once("end", () => resume(Effect.succeed(text)))
    response.once("error", () => resume(Effect.undefined))
  })

const ask = Effect.fnUntraced(function*(url: string, stream: boolean): Effect.fn.Return<
  Answer | undefined,
  never,
  Scope.Scope
> {
  const response = yield* Http.open(url, "/v1/chat/completions", Chat.post({ stream })).pipe(
    Effect.sandbox,
    Effect.option
  )
  if (response._tag === "None") return undefined
  const text = yield* wholeText(response.value)
  return text === undefined ? undefined : { requestId: Chat.requestId(response.value), text }
}, Effect.scoped)

/** Asks over and over on all connections until the server is gone; `enough` is told of so many whole answers. */
const load = (url: string, target: number, enough: Deferred.Deferred<void>) =>
  Effect.gen(function*() {
    const answers: Array<Answer> = []
    let broken = 0
    const connection = Effect.fnUntraced(function*(number: number) {
      for (let turn = number;; turn++) {
        const answer = yield* ask(url, turn % 2 === 0)
        if (answer === undefined) return void broken++
        if (answers.push(answer) === target) yield* Deferred.succeed(enough, undefined)
      }
    })
    yield* Effect.forEach(Array.from({ length: connections }, (_, index) => index), connection, {
      concurrency: "unbounded"
    })
    return { answers, broken }
  })

const eventsIn = (folder: string) =>
  Layer.build(EventHub.layer().pipe(Layer.provide(SqliteStore.layer({ folder, access: "read" })))).pipe(
    Effect.flatMap((context) => readAll(Context.get(context, EventHub), {})),
    Effect.scoped
  )

const assertNoGap = (events: ReadonlyArray<RecordedEvent>) => {
  assert.deepStrictEqual(events.map(({ position }) => position), events.map((_, index) => index + 1))
  for (const stream of Map.groupBy(events, (event) => event.stream).values()) {
    assert.deepStrictEqual(stream.map(({ version }) => version), stream.map((_, index) => index + 1))
  }
}

const chain = [
  "api:request",
  "api:request:debug",
  "api:request:raw",
  "llm:request",
  "llm:request:debug",
  "llm:request:raw",
  "llm:response",
  "llm:response:debug",
  "llm:response:raw",
  "api:response",
  "api:response:debug",
  "api:response:raw"
]

const assertWhole = (events: ReadonlyArray<RecordedEvent>, answers: ReadonlyArray<Answer>) => {
  const byRequest = Map.groupBy(events, ({ requestId }) => requestId)
  for (const { requestId, text } of answers) {
    const own = byRequest.get(requestId) ?? []
    assert.deepStrictEqual(own.map(({ type }) => type), chain)
    assert.strictEqual(textOf(payloadOf(own.at(-1)!) as unknown as ResponseTraffic), text)
  }
}

const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`

describe("strata serve, killed", () => {
  it.live("has in its log every request that got its answer, whole, and no gap", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["one", "two", "three"], "1 millis") })
      const options = { folder: yield* TemporaryFolder.make, configuration: Chat.configuration(upstream) }
      const answered: Array<Answer> = []
      let server = yield* StrataProcess.serve(options)
      for (const target of rounds) {
        const enough = yield* Deferred.make<void>()
        const loading = yield* Effect.forkChild(load(server.url, target, enough))
        yield* Deferred.await(enough)
        const { signal } = yield* server.kill("SIGKILL")
        assert.strictEqual(signal, "SIGKILL")
        const { answers, broken } = yield* Fiber.join(loading)
        answered.push(...answers)

        const before = yield* Clock.currentTimeMillis
        server = yield* StrataProcess.serve(options)
        const after = yield* Clock.currentTimeMillis
        assert.strictEqual((yield* Http.send(server.url, "/v1/health")).status, 200)
        const events = yield* eventsIn(server.data)
        assertNoGap(events)
        assertWhole(events, answered)
        yield* Console.log(
          `kill -9: ${answers.length} answered, ${broken} broken off, ${events.length} events, up after ${
            seconds(before, after)
          }`
        )
      }
    }))
})
