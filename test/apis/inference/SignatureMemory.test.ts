/** Clients that drop the signatures of tool calls: Gemini gets them back, within the session that was answered with them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import * as SignatureMemory from "../../../src/apis/inference/SignatureMemory.ts"
import * as Tenant from "../../../src/events/types/Tenant.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import type { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import type { Recording } from "../../../src/kernel/requests/Recording.ts"
import { CurrentRecording } from "../../../src/kernel/requests/Recording.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const signature = "c2lnbmF0dXJl"
const model = "gemini-3-pro"
const user = { role: "user", content: "Oslo?" }

const answer = {
  responseId: "r1",
  modelVersion: "gemini-3-pro",
  candidates: [{
    index: 0,
    content: {
      role: "model",
      parts: [
        { functionCall: { id: "c1", name: "f", args: { a: 1 } }, thoughtSignature: signature },
        { functionCall: { id: "c2", name: "f", args: { a: 2 } } }
      ]
    },
    finishReason: "STOP"
  }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 }
}

/** What a client says that keeps ids and nothing else. */
const dropped = ["c1", "c2"].map((id, index) => ({
  id,
  type: "function",
  function: { name: "f", arguments: JSON.stringify({ a: index + 1 }) }
}))
const next: ReadonlyArray<Schema.JsonObject> = [
  user,
  { role: "assistant", content: null, tool_calls: dropped },
  ...dropped.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "x" }))
]

const upstream = FakeUpstream.make({
  respond: ({ path }) =>
    path.includes("stream")
      ? Vendors.frames([`data: ${JSON.stringify(answer)}\r\n\r\n`])
      : ScriptedAnswer.json(200, answer)
})

const ask = (
  { url }: Strata,
  messages: ReadonlyArray<Schema.JsonObject>,
  session: string,
  more: Schema.JsonObject = {}
) =>
  Http.post(url, "/v1/chat/completions", { model: `gemini/${model}`, messages, ...more }, {
    "x-strata-session-id": session
  })

/** The signatures of the turn that goes back, as the vendor reads them. */
const returned = ({ received }: FakeUpstream): ReadonlyArray<unknown> =>
  Object(received.at(-1)?.body).contents[1].parts.map((part: Schema.JsonObject) => part["thoughtSignature"])

const given = Effect.gen(function*() {
  const vendor = yield* upstream
  const settings = { level: "raw" as const, providers: [Vendors.entry("gemini", vendor, { models: [model] })] }
  return { vendor, settings, strata: yield* Strata.make(settings) }
})

const restored = [signature, undefined]

/** What Google documents for a call without one. */
const lost = ["skip_thought_signature_validator", undefined]

describe("SignatureMemory, before a client that drops signatures", () => {
  it.live.each([{ stream: false }, { stream: true }])(
    "gives Gemini its signature back, and verifies: %o",
    (more) =>
      Effect.gen(function*() {
        const { strata, vendor } = yield* given
        yield* ask(strata, [user], "s", more)
        yield* ask(strata, next, "s", more)
        assert.deepStrictEqual(returned(vendor), restored)
        const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
        assert.deepInclude(Object(json), { status: "identical", requests: 2 })
      }).pipe(Effect.scoped)
  )

  it.live("reads it from the session's log behind a restart, and verifies", () =>
    Effect.gen(function*() {
      const { settings, strata, vendor } = yield* given
      yield* ask(strata, [user], "s")
      yield* strata.close
      const later = yield* Strata.make({ ...settings, folder: strata.folder })
      yield* ask(later, next, "s")
      assert.deepStrictEqual(returned(vendor), restored)
      const { json } = yield* Http.post(later.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(Object(json), { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))

  it.live("gives a fork what it inherits", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* given
      yield* ask(strata, [user], "s")
      const fork = yield* Http.post(strata.url, "/v1/sessions/s/fork", { turn: 1 })
      const child = String(Object(fork.json).session.id)
      yield* ask(strata, next, child)
      assert.deepStrictEqual(returned(vendor), restored)
    }).pipe(Effect.scoped))

  it.live("never gives it to another session", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* given
      yield* ask(strata, [user], "s")
      yield* ask(strata, next, "other")
      assert.deepStrictEqual(returned(vendor), lost)
      yield* ask(strata, next, "s")
      assert.deepStrictEqual(returned(vendor), restored)
    }).pipe(Effect.scoped))
})

const callBlock = (id: string, more: Schema.JsonObject = {}) => ({
  type: "tool_call" as const,
  id,
  name: "f",
  input: {},
  ...more
})
const asked = (...ids: ReadonlyArray<string>): ChatRequest => ({
  messages: [{ role: "assistant", content: ids.map((id) => callBlock(id)) }]
})
const signaturesIn = ({ messages }: ChatRequest) =>
  messages.flatMap(({ content }) => typeof content === "string" ? [] : content.map((block) => block["signature"]))

/** In a request of a session; the log is empty, and `reads` counts how often it is opened. */
const inSession = <A, E>(effect: Effect.Effect<A, E>, sessionId: string | null) =>
  Effect.provideService(effect, CurrentRecording, { options: { sessionId } } as unknown as Recording)

const memory = (maxCharacters?: number) => {
  let reads = 0
  const sources = {
    open: () =>
      Effect.sync(() => {
        reads++
        return { head: Effect.succeed(0), read: () => Effect.succeed([]) }
      })
  }
  const { learner, restore } = SignatureMemory.make({
    sources,
    dialects: new Map(),
    ...maxCharacters === undefined ? {} : { maxCharacters }
  })
  return {
    reads: () => reads,
    learn: (session: string | null, ...blocks: ReadonlyArray<ReturnType<typeof callBlock>>) =>
      inSession(Effect.map(learner, (learn) => blocks.forEach((block) => learn?.(block))), session),
    restored: (session: string | null, request: ChatRequest, vendor = gemini) =>
      Effect.map(inSession(restore(vendor, request), session), signaturesIn)
  }
}

const own = { signature: "A", producer_dialect: "gemini" }

describe("SignatureMemory", () => {
  it.effect("restores nothing for vendors that sign no calls, of other vendors, of another tenant, or outside of a session", () =>
    Effect.gen(function*() {
      const { learn, restored } = memory()
      yield* learn("s", callBlock("own", own), callBlock("foreign", { ...own, producer_dialect: "anthropic" }))
      yield* learn(null, callBlock("own", own))
      assert.deepStrictEqual(yield* restored("s", asked("own", "foreign", "new")), ["A", undefined, undefined])
      assert.deepStrictEqual(yield* restored("s", asked("own"), chat), [undefined])
      assert.deepStrictEqual(yield* restored(null, asked("own")), [undefined])
      const elsewhere = Effect.provideService(restored("s", asked("own")), Tenant.CurrentTenant, "other")
      assert.deepStrictEqual(yield* elsewhere, [undefined])
    }))

  it.effect("leaves a signature that the client has, and the request that has nothing to restore, as they are", () =>
    Effect.gen(function*() {
      const { learn, restored } = memory()
      yield* learn("s", callBlock("c", own))
      const request: ChatRequest = { messages: [{ role: "assistant", content: [callBlock("c", { signature: "B" })] }] }
      assert.deepStrictEqual(yield* restored("s", request), ["B"])
    }))

  it.effect("reads a session's log once", () =>
    Effect.gen(function*() {
      const { learn, reads, restored } = memory()
      yield* learn("s", callBlock("c", own))
      yield* restored("s", asked("c"))
      assert.strictEqual(reads(), 0)
      yield* restored("s", asked("c", "d"))
      yield* restored("s", asked("c", "d", "e"))
      assert.strictEqual(reads(), 1)
      yield* learn("s", callBlock("d", own))
      assert.deepStrictEqual(yield* restored("s", asked("d")), ["A"])
      assert.strictEqual(reads(), 1)
    }))

  it.effect("is bounded: the session that was not asked for longest goes", () =>
    Effect.gen(function*() {
      const { learn, reads, restored } = memory(8)
      yield* learn("first", callBlock("c1", own))
      yield* learn("second", callBlock("c2", own))
      yield* restored("first", asked("c1"))
      yield* learn("third", callBlock("c3", own))
      assert.deepStrictEqual(yield* restored("first", asked("c1")), ["A"])
      assert.deepStrictEqual(yield* restored("third", asked("c3")), ["A"])
      assert.strictEqual(reads(), 0)
      assert.deepStrictEqual(yield* restored("second", asked("c2")), [undefined])
      assert.strictEqual(reads(), 1)
    }))
})
