/** Who watches live sees what a streamed answer says while it comes: over HTTP, for bytes that pass and for translations. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import { LiveEnvelope } from "../../../src/events/types/Envelope.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import type { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const thought = "Whales, then."
const said = ["Blue", " whales", " swim", "."]

const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta })

/** A thought with its signature, a text, and a call of a tool. */
const events = (words: ReadonlyArray<string> = said) => [
  {
    type: "message_start",
    message: { id: "msg_1", role: "assistant", model: "c", content: [], usage: { input_tokens: 1 } }
  },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
  delta(0, { type: "thinking_delta", thinking: thought }),
  delta(0, { type: "signature_delta", signature: "c2ln" }),
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  ...words.map((text) => delta(1, { type: "text_delta", text })),
  { type: "content_block_stop", index: 1 },
  {
    type: "content_block_start",
    index: 2,
    content_block: { type: "tool_use", id: "toolu_1", name: "look", input: {} }
  },
  delta(2, { type: "input_json_delta", partial_json: "{\"at\":\"sea\"}" }),
  { type: "content_block_stop", index: 2 },
  { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
  { type: "message_stop" }
]

const streamed = () => Vendors.messageEvents(...events())

const serving = (respond: () => ScriptedAnswer) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond })
    return yield* Strata.make({ providers: [Vendors.entry("anthropic", upstream)] })
  })

const body = { model: "anthropic/m", stream: true, max_tokens: 99, messages: [{ role: "user", content: "Whales?" }] }

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(LiveEnvelope))

/** Follows live until `until` is seen, while something is asked; gives what came. */
const watched = (strata: Strata, query: string, until: string, asked: Effect.Effect<unknown>) =>
  Effect.gen(function*() {
    const lines = yield* Effect.forkChild(
      Http.readUntil(
        strata.url,
        `/v1/events?follow=true&live=true&after=latest&${query}`,
        {},
        (text) => text.includes(until)
      )
    )
    yield* strata.awaitFollowers(1)
    yield* asked
    return (yield* Fiber.join(lines)).split("\n").filter((line) => line !== "")
  })

const payloads = (lines: ReadonlyArray<string>) =>
  lines.map((line) => decode(line)).map(({ payload, type }) => ({
    type,
    ...Object(payload)
  }))

const ended = "\"llm:stream_block_end\",\"level\":\"default\",\"schemaVersion\":1"

describe("live events of a streamed answer", () => {
  const clients = [["the vendor's own dialect", "/v1/messages"], ["another dialect", "/v1/chat/completions"]] as const

  it.live.each(clients)("tell its blocks, whoever is answered: a client of %s", ([, path]) =>
    Effect.gen(function*() {
      const strata = yield* serving(streamed)
      const asked = Http.post(strata.url, path, body)
      const lines = yield* watched(strata, "type=llm:stream_*,api:response", "\"api:response\"", asked)
      const shown = payloads(lines.filter((line) => line.includes("\"position\":null")))
      const of = (index: number) => shown.filter(({ block_index }) => block_index === index)
      const [request_id] = new Set(shown.map(({ request_id }) => request_id))
      assert.isTrue(shown.every((each) => each.request_id === request_id && each.call === "1"))
      const thinking = { request_id, call: "1", block_index: 0, block_type: "thinking" }
      assert.deepStrictEqual(of(0).filter(({ type }) => type !== "llm:stream_block_delta"), [
        { type: "llm:stream_block_start", ...thinking },
        { type: "llm:stream_block_end", ...thinking }
      ])
      assert.deepStrictEqual(of(2), [
        { type: "llm:stream_block_start", request_id, call: "1", block_index: 2, block_type: "tool_use", name: "look" },
        { type: "llm:stream_block_end", request_id, call: "1", block_index: 2, block_type: "tool_use" }
      ])
      for (const [index, whole] of [thought, said.join("")].entries()) {
        const deltas = of(index).filter(({ type }) => type === "llm:stream_block_delta")
        assert.strictEqual(deltas.map(({ text }) => text).join(""), whole)
        assert.deepStrictEqual(deltas.map(({ sequence }) => sequence), deltas.map((_, n) => n))
        assert.isTrue(deltas.every(({ text }) => text !== ""))
      }
      assert.isFalse(shown.some(({ type }) => type === "llm:stream_aborted"))
    }))

  it.live("have ids of their call, no position, a Schema in the catalog, and are stored nowhere", () =>
    Effect.gen(function*() {
      const strata = yield* serving(streamed)
      const answered = Http.post(strata.url, "/v1/messages", body, { "x-strata-session-id": "s" })
      const lines = yield* watched(
        strata,
        "session_id=s&type=llm:stream_*",
        "\"block_index\":2,\"block_type\":\"tool_use\"}",
        answered
      )
      const all = lines.map((line) => decode(line))
      const [request] = yield* strata.events({ types: ["llm:request"] })
      const call = EventIds.ofCall(request!.requestId!, "1")
      assert.deepStrictEqual(all.map(({ id }) => id), all.map((_, n) => `${call}.${n + 1}`))
      for (const event of all) {
        const definition = apis.catalog.find(event.type)!
        assert.strictEqual(definition.durability, "live")
        const codec = Schema.toCodecJson(definition.payload) as unknown as Schema.Codec<unknown>
        assert.isTrue(Result.isSuccess(Schema.decodeUnknownResult(codec)(event.payload, { onExcessProperty: "error" })))
        assert.deepInclude(event, {
          position: null,
          version: null,
          stream: "session-s",
          sessionId: "s",
          provider: "anthropic",
          requestId: request!.requestId,
          causationId: request!.id
        })
      }
      assert.deepStrictEqual((yield* strata.events()).filter(({ type }) => type.includes("stream_")), [])
    }))

  it.live("come as server-sent events without an id: who resumes goes on behind the last that is stored", () =>
    Effect.gen(function*() {
      const strata = yield* serving(streamed)
      const text = yield* Effect.forkChild(
        Http.readUntil(
          strata.url,
          "/v1/events?follow=true&live=true",
          { headers: { accept: "text/event-stream" } },
          (text) => text.includes("event: api:response\n") && text.includes("event: llm:stream_block_end\n")
        )
      )
      yield* strata.awaitFollowers(1)
      yield* Http.post(strata.url, "/v1/messages", body)
      const frames = (yield* Fiber.join(text)).split("\n\n").filter((frame) => frame.includes("event: "))
      for (const frame of frames) {
        assert.strictEqual(frame.startsWith("id: "), !frame.includes("event: llm:stream_"), frame)
      }
    }))

  it.live("are not told to who did not ask for them, nor of an answer that comes whole", () =>
    Effect.gen(function*() {
      const strata = yield* serving(() => Vendors.message([{ type: "text", text: "Hi" }]))
      const asked = Http.post(strata.url, "/v1/messages", { ...body, stream: false })
      const lines = yield* watched(strata, "type=llm:*,api:response", "\"api:response\"", asked)
      assert.isFalse(lines.some((line) => line.includes("llm:stream_")))
      const other = yield* serving(streamed)
      const text = yield* Effect.forkChild(
        Http.readUntil(other.url, "/v1/events?follow=true", {}, (text) => text.includes("\"api:response\""))
      )
      yield* other.awaitFollowers(1)
      yield* Http.post(other.url, "/v1/messages", body)
      assert.notInclude(yield* Fiber.join(text), "llm:stream_")
    }))

  const breaks = [
    {
      name: "the vendor says that it failed",
      respond: () =>
        Vendors.messageEvents(...events().slice(0, 7), {
          type: "error",
          error: { type: "overloaded_error", message: "Overloaded" }
        } as never),
      error: { type: "overloaded", message: "Overloaded" }
    },
    {
      name: "it is cut off",
      respond: () => Vendors.messageEvents(...events().slice(0, 7)),
      error: { type: "cut_off" }
    }
  ]

  it.live.each(breaks)("end in llm:stream_aborted where $name", ({ error, respond }) =>
    Effect.gen(function*() {
      const strata = yield* serving(respond)
      const asked = Http.post(strata.url, "/v1/chat/completions", body)
      const lines = yield* watched(strata, "type=llm:stream_*", "stream_aborted", asked)
      const last = payloads(lines).at(-1)
      assert.strictEqual(last.type, "llm:stream_aborted")
      assert.containsSubset(last, { call: "1", error })
    }))

  it.live("end in llm:stream_aborted where the client leaves", () =>
    Effect.gen(function*() {
      const strata = yield* serving(() =>
        Vendors.frames(events().slice(0, 8).map((event) => `data: ${JSON.stringify(event)}\n\n`), { hold: true })
      )
      const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
      const asked = Http.readUntil(strata.url, "/v1/messages", options, (text) => text.includes("whales"))
      const lines = yield* watched(strata, "type=llm:stream_*", "stream_aborted", asked)
      assert.containsSubset(payloads(lines).at(-1), { error: { type: "interrupted" } })
    }))

  it.live("say nothing of a break before the first delta", () =>
    Effect.gen(function*() {
      const strata = yield* serving(() => Vendors.messageEvents(...events().slice(0, 2)))
      const asked = Http.post(strata.url, "/v1/messages", body)
      const lines = yield* watched(strata, "type=llm:*,api:error,api:response", "\"llm:error\"", asked)
      assert.isFalse(lines.some((line) => line.includes("stream_aborted")))
    }))

  it.live("show no part of a secret that comes in pieces", () =>
    Effect.gen(function*() {
      const key = `sk-proj-${"a1B2".repeat(12)}`
      const words = ["Use ", key.slice(0, 9), key.slice(9, 30), key.slice(30), " now."]
      const strata = yield* serving(() => Vendors.messageEvents(...events(words)))
      const lines = yield* watched(
        strata,
        "type=llm:stream_*",
        `"block_index":2,"block_type":"tool_use"}`,
        Http.post(strata.url, "/v1/messages", body)
      )
      const text = payloads(lines).filter(({ block_index, type }) => block_index === 1 && type.endsWith("delta"))
        .map(({ text }) => text).join("")
      assert.strictEqual(text, "Use [REDACTED] now.")
    }))

  it.live("are verified without being told again", () =>
    Effect.gen(function*() {
      const strata = yield* serving(streamed)
      yield* Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": "s" })
      const asked = Effect.gen(function*() {
        const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
        assert.deepInclude(Object(json), { status: "identical", requests: 1 })
        yield* Http.post(strata.url, "/v1/messages", body, { "x-strata-session-id": "t" })
      })
      const lines = yield* watched(strata, "type=llm:stream_*", ended, asked)
      assert.isTrue(lines.every((line) => line.includes("\"sessionId\":\"t\"")))
    }))

  it.live("tell a vendor of OpenAI's dialect alike, and what is read by one session's follower alone", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", " whale"]) })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const asked = Effect.all([
        Chat.ask(strata.url, { stream: true, session: "other" }),
        Chat.ask(strata.url, { stream: true, session: "s" })
      ])
      const lines = yield* watched(strata, "session_id=s&type=llm:stream_*", ended, asked)
      const shown = lines.map((line) => decode(line))
      assert.isTrue(shown.every(({ sessionId }) => sessionId === "s"))
      assert.strictEqual(payloads(lines).map(({ text = "" }) => text).join(""), "Blue whale")
    }))
})
