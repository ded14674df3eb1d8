/** Answers that were cut off are gone on with where the configuration says so: over HTTP, before vendors of all dialects. */
// oxlint-disable typescript/no-explicit-any -- answers of several dialects, read as they come
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { Vendor } from "../../support/CutOffVendors.ts"
import { pieces, vendors, whole } from "../../support/CutOffVendors.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const isStreamed = ({ body, path }: ReceivedRequest): boolean =>
  Object(body).stream === true || path.includes("streamGenerateContent")

interface World {
  readonly config?: Schema.JsonObject
  /** Answers the call of this number, from 1, in place of the vendor. */
  readonly instead?: (n: number) => ScriptedAnswer | undefined
}

const given = ({ answer, entry }: Vendor, { config, instead = () => undefined }: World = {}) =>
  Effect.gen(function*() {
    let calls = 0
    const upstream = yield* FakeUpstream.make({
      respond: (request) => {
        if (request.method === "GET") return undefined
        const n = ++calls
        const piece = pieces[n - 1] ?? "…"
        return instead(n) ?? answer({ text: piece, isCut: n < pieces.length, n, stream: isStreamed(request) })
      }
    })
    const auto_continue = { max_continuations: 5 }
    const strata = yield* Strata.make({
      level: "raw",
      providers: [Vendors.entry(entry, upstream, { auto_continue, ...config })]
    })
    const verified = Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => Object(json).status)
    const payloads = (type: string) =>
      Effect.map(strata.events({ types: [type] }), (events) => events.map((event) => Object(payloadOf(event))))
    return { payloads, strata, upstream, verified }
  })

interface Read {
  readonly texts: ReadonlyArray<string>
  readonly end: string
  readonly id: string
  readonly output: number
}

const dataOf = (text: string): ReadonlyArray<any> =>
  text.split("\n").filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)))

const clients: Readonly<
  Record<string, { readonly path: string; readonly read: (text: string, stream: boolean) => Read }>
> = {
  chat: {
    path: "/v1/chat/completions",
    read: (text, stream) => {
      if (!stream) {
        const { choices: [choice], id, usage } = JSON.parse(text)
        return { texts: [choice.message.content], end: choice.finish_reason, id, output: usage.completion_tokens }
      }
      const chunks = dataOf(text)
      return {
        texts: [chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")],
        end: chunks.map(({ choices }) => choices[0]?.finish_reason).find((reason) => reason != null),
        id: chunks[0].id,
        output: chunks.findLast(({ usage }) => usage != null).usage.completion_tokens
      }
    }
  },
  Anthropic: {
    path: "/v1/messages",
    read: (text, stream) => {
      if (!stream) {
        const { content, id, stop_reason, usage } = JSON.parse(text)
        return { texts: content.map(({ text }: any) => text), end: stop_reason, id, output: usage.output_tokens }
      }
      const events = dataOf(text)
      const texts: Array<string> = []
      for (const { content_block, delta, index, type } of events) {
        if (type === "content_block_start") texts[index] = content_block.text
        if (type === "content_block_delta") texts[index] += delta.text
      }
      const last = events.find(({ type }) => type === "message_delta")
      return { texts, end: last.delta.stop_reason, id: events[0].message.id, output: last.usage.output_tokens }
    }
  }
}

const ask = (strata: Strata, client: string, { entry }: Vendor, stream: boolean, more: Schema.JsonObject = {}) =>
  Http.post(strata.url, clients[client]!.path, {
    model: `${entry}/m`,
    messages: [{ role: "user", content: "Count." }],
    ...client === "Anthropic" ? { max_tokens: 10_000 } : {},
    ...stream ? { stream, ...client === "chat" ? { stream_options: { include_usage: true } } : {} } : {},
    ...more
  }, { "x-strata-session-id": "s" })

const ended = { stop: new Set(["stop", "end_turn"]), length: new Set(["length", "max_tokens"]) }

const rows = Object.keys(vendors).flatMap((vendor) =>
  Object.keys(clients).flatMap((client) => [false, true].map((stream) => ({ vendor, client, stream })))
)

describe("an answer that was cut off", () => {
  it.live.each(rows)(
    "is one with what follows it: $client client, $vendor, stream $stream",
    ({ client, stream, vendor }) =>
      Effect.gen(function*() {
        const { payloads, strata, upstream, verified } = yield* given(vendors[vendor]!)
        const answer = yield* ask(strata, client, vendors[vendor]!, stream)
        assert.strictEqual(answer.status, 200, answer.text)
        const read = clients[client]!.read(answer.text, stream)
        assert.deepStrictEqual(read.texts, [whole])
        assert.isTrue(ended.stop.has(read.end), read.end)
        assert.strictEqual(read.output, 15)
        if (vendor === "Anthropic" && client === "Anthropic") assert.strictEqual(read.id, "msg_1")
        if (vendor === "OpenAI" && client === "chat") assert.strictEqual(read.id, "chatcmpl-1")
        const { said } = vendors[vendor]!
        assert.deepStrictEqual(upstream.received.map(({ body }) => said(body)), [undefined, "one,", "one, two,"])
        const events = yield* payloads("provider:incomplete_continuation")
        assert.deepStrictEqual(
          events.map(({ continuation_number, max_attempts, provider, reason }) => ({
            continuation_number,
            max_attempts,
            provider,
            reason
          })),
          [1, 2].map((continuation_number) => ({
            continuation_number,
            max_attempts: 5,
            provider: vendors[vendor]!.entry,
            reason: "length"
          }))
        )
        assert.strictEqual(new Set(events.map(({ response_id }) => response_id)).size, 1)
        assert.deepStrictEqual((yield* payloads("llm:request")).map(({ call }) => call), ["1", "2", "3"])
        assert.lengthOf(yield* payloads("llm:response"), 3)
        assert.strictEqual(yield* verified, "identical")
      })
  )

  it.live.each([false, true])(
    "is gone on with no more often than the configuration says: stream %s",
    (stream) =>
      Effect.gen(function*() {
        const { strata, upstream } = yield* given(vendors["OpenAI"]!, {
          config: { auto_continue: { max_continuations: 1 } }
        })
        const answer = yield* ask(strata, "chat", vendors["OpenAI"]!, stream)
        const read = clients["chat"]!.read(answer.text, stream)
        assert.deepStrictEqual(read.texts, ["one, two, "])
        assert.isTrue(ended.length.has(read.end))
        assert.lengthOf(upstream.received, 2)
      })
  )

  it.live.each([false, true])(
    "stays as it is by default, and passes untouched: stream %s",
    (stream) =>
      Effect.gen(function*() {
        const { payloads, strata, upstream } = yield* given(vendors["OpenAI"]!, { config: { auto_continue: {} } })
        const answer = yield* ask(strata, "chat", vendors["OpenAI"]!, stream)
        assert.isTrue(ended.length.has(clients["chat"]!.read(answer.text, stream).end))
        assert.lengthOf(upstream.received, 1)
        assert.deepStrictEqual(yield* payloads("provider:incomplete_continuation"), [])
      })
  )

  it.live.each([false, true])(
    "is never made longer than the client's own bound: stream %s",
    (stream) =>
      Effect.gen(function*() {
        const { strata, upstream } = yield* given(vendors["Anthropic"]!)
        yield* ask(strata, "Anthropic", vendors["Anthropic"]!, stream, { max_tokens: 25 })
        assert.deepStrictEqual(upstream.received.map(({ body }) => Object(body).max_tokens), [25, 20])
      })
  )

  const breaks: ReadonlyArray<{ readonly name: string; readonly instead: ScriptedAnswer; readonly text: string }> = [
    { name: "is refused", instead: ScriptedAnswer.error(400, "no prefill"), text: "one, " },
    {
      name: "breaks off",
      instead: ScriptedAnswer.events([{ id: "x", choices: [{ index: 0, delta: { content: "two" } }] }], {
        done: false
      }),
      text: "one, two"
    },
    {
      name: "fails within its stream",
      instead: ScriptedAnswer.events([
        { id: "x", choices: [{ index: 0, delta: { content: "two" } }] },
        { error: { message: "broken", type: "server_error" } }
      ]),
      text: "one, two"
    }
  ]

  it.live.each(breaks)("is what there is where going on $name", ({ instead, text }) =>
    Effect.gen(function*() {
      const world = yield* given(vendors["OpenAI"]!, { instead: (n) => n === 2 ? instead : undefined })
      const answer = yield* ask(world.strata, "Anthropic", vendors["OpenAI"]!, true)
      const read = clients["Anthropic"]!.read(answer.text, true)
      assert.deepStrictEqual(read.texts, [text])
      assert.strictEqual(read.end, "max_tokens")
      assert.include(answer.text, "message_stop")
      assert.lengthOf(yield* world.payloads("llm:error"), 1)
      assert.strictEqual(yield* world.verified, "identical")
    }))

  it.live("is what there is where going on is refused, whole too", () =>
    Effect.gen(function*() {
      const instead = (n: number) => n === 2 ? ScriptedAnswer.error(500, "broken") : undefined
      const world = yield* given(vendors["OpenAI"]!, { instead })
      const answer = yield* ask(world.strata, "chat", vendors["OpenAI"]!, false)
      assert.deepInclude(clients["chat"]!.read(answer.text, false), { texts: ["one, "], end: "length" })
      assert.lengthOf(yield* world.payloads("llm:error"), 1)
      assert.strictEqual(yield* world.verified, "identical")
    }))

  it.live("fails as ever where the first call does", () =>
    Effect.gen(function*() {
      const cut = ScriptedAnswer.events([{ id: "x", choices: [{ index: 0, delta: { content: "on" } }] }], {
        done: false
      })
      const world = yield* given(vendors["OpenAI"]!, { instead: () => cut })
      const { text } = yield* ask(world.strata, "Anthropic", vendors["OpenAI"]!, true)
      assert.include(text, "event: error")
      assert.notInclude(text, "message_stop")
      assert.lengthOf(world.upstream.received, 1)
    }))
})
