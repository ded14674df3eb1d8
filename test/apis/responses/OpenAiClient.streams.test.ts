/** OpenAI's own client goes on with a stream of the background where it broke off: on the server that began anew, or on another. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type OpenAI from "openai"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as OpenResponses from "../../support/OpenResponses.ts"
import * as Postgres from "../../support/Postgres.ts"
import { Sdk } from "../../support/Sdk.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as WorkProcess from "../../support/WorkProcess.ts"

type Event = OpenAI.Responses.ResponseStreamEvent

const words = Array.from({ length: 20 }, (_, index) => `word${index} `)

const providers = (upstream: FakeUpstream) => ({
  inference: [{ provider_id: "upstream", provider_type: "remote::openai", config: { base_url: upstream.url } }]
})

/** The first events of a response that is begun there, up to the first words. */
const begun = async (url: string): Promise<ReadonlyArray<Event>> => {
  const stream = await Sdk.make(url).responses.create({
    model: "upstream/m",
    input: "hello",
    background: true,
    stream: true
  })
  const events: Array<Event> = []
  for await (const event of stream) {
    OpenResponses.checkEvent(event)
    events.push(event)
    if (event.type === "response.output_text.delta") break
  }
  return events
}

/** The rest of it, from another connection. */
const rest = async (url: string, before: ReadonlyArray<Event>): Promise<ReadonlyArray<Event>> => {
  const [created] = before
  assert.strictEqual(created?.type, "response.created")
  const { id } = (created as OpenAI.Responses.ResponseCreatedEvent).response
  const stream = await Sdk.make(url).responses.retrieve(id, {
    stream: true,
    starting_after: before.at(-1)!.sequence_number
  })
  const events: Array<Event> = []
  for await (const event of stream) {
    OpenResponses.checkEvent(event)
    events.push(event)
  }
  const again = await Sdk.make(url).responses.retrieve(id)
  assert.strictEqual(again.output_text, words.join(""))
  return events
}

const checkWhole = (events: ReadonlyArray<Event>) => {
  assert.deepStrictEqual(events.map(({ sequence_number }) => sequence_number), events.map((_, index) => index))
  const last = events.at(-1)
  assert.strictEqual(last?.type, "response.completed")
  const { response } = last as OpenAI.Responses.ResponseCompletedEvent
  const [item] = response.output
  assert.deepInclude(item, { type: "message", status: "completed" })
  const texts = events.flatMap((event) => event.type === "response.output_text.done" ? [event.text] : [])
  assert.deepStrictEqual(texts, [words.join("")])
  const deltas = events.flatMap((event) => event.type === "response.output_text.delta" ? [event.delta] : [])
  assert.strictEqual(deltas.join(""), words.join(""))
}

describe("OpenAI's client, whose stream of the background broke off", () => {
  it.live(
    "given the server was killed and started again, then it goes on behind the last event",
    () =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: Chat.answering(words, "50 millis"), models: ["m"] })
        const folder = yield* TemporaryFolder.make
        const start = StrataProcess.serve({ folder, configuration: JSON.stringify({ providers: providers(upstream) }) })
        const first = yield* start
        const before = yield* Effect.promise(() => begun(first.url))
        yield* first.kill("SIGKILL")
        const second = yield* start
        const after = yield* Effect.promise(() => rest(second.url, before))
        checkWhole([...before, ...after])
      }).pipe(Effect.scoped),
    60_000
  )

  it.live.skipIf(Postgres.unsupported !== undefined)(
    "given the server that makes it was killed, then it goes on at another of the same PostgreSQL",
    () =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: Chat.answering(words, "50 millis"), models: ["m"] })
        const schema = yield* WorkProcess.schema
        const configuration = JSON.stringify({
          storage: { type: "postgres", url: Redacted.value(Postgres.url), schema, pool_size: 4 },
          providers: providers(upstream)
        })
        const start = Effect.flatMap(TemporaryFolder.make, (folder) => StrataProcess.serve({ folder, configuration }))
        const [one, other] = [yield* start, yield* start]
        const before = yield* Effect.promise(() => begun(one.url))
        yield* one.kill("SIGKILL")
        const after = yield* Effect.promise(() => rest(other.url, before))
        checkWhole([...before, ...after])
      }).pipe(Effect.scoped),
    90_000
  )
})
