/** `inline::replay`: the contract, and how it finds the answer to a request. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type OpenAI from "openai"
import { sampleFile } from "../../../../src/cli/StarterConfiguration.ts"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import type { ProviderEntry } from "../../../../src/kernel/provider/ProviderEntry.ts"
import { Replay } from "../../../../src/providers/inline/replay/Replay.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import type { FakeUpstreamOptions } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { providerContract } from "../../../support/providerContract.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Sdk } from "../../../support/Sdk.ts"
import { SecretForms } from "../../../support/SecretForms.ts"
import { SessionLines } from "../../../support/SessionLines.ts"
import { Strata } from "../../../support/Strata.ts"

const say = (content: string) => ({ messages: [{ role: "user" as const, content }] })

providerContract(
  Replay,
  Effect.succeed({
    config: { file: sampleFile },
    answered: { model: "sample-1", ...say("Say hello.") },
    failing: { model: "sample-1", ...say("Say something else.") }
  })
)

/** Answers with JSON, or streams it; the model `broken` fails. */
const respond: FakeUpstreamOptions["respond"] = ({ body, method }) => {
  const { model, stream } = (body ?? {}) as Schema.JsonObject
  if (method === "GET") return undefined
  if (model === "broken") return ScriptedAnswer.error(500, "broken")
  return stream === true
    ? ScriptedAnswer.events([{ choices: [] }, { choices: [] }])
    : ScriptedAnswer.json(200, { choices: [] })
}

for (const mode of ["record", "record-if-missing", "live"]) {
  providerContract(
    Replay,
    Effect.map(FakeUpstream.make({ respond, models: ["small", "broken"] }), ({ url }) => ({
      config: { mode, upstream: { provider_type: "remote::openai", config: { base_url: url } } },
      answered: { model: "small", ...say("hello") },
      failing: { model: "broken", ...say("hello") }
    })),
    `, mode ${mode},`
  )
}

const recordedSession = "recorded"

const post = (strata: Strata, body: Schema.JsonObject | string, session: string) =>
  Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": session })

/** A server that has recorded these requests, stopped: its folder, and the session in a file. */
const record = (bodies: ReadonlyArray<Schema.JsonObject | string>) =>
  Effect.gen(function*() {
    let count = 0
    const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { choices: [], n: ++count }) })
    const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
    for (const body of bodies) yield* post(strata, body, recordedSession)
    const file = join(strata.folder, "session.ndjson")
    writeFileSync(file, SessionLines.text(yield* strata.events({ sessionId: recordedSession })))
    yield* strata.close
    yield* upstream.close
    return { folder: strata.folder, file }
  })

const replay = (folder: string, config: ProviderEntry["config"], more: Partial<ProviderEntry> = {}) =>
  Strata.make({ folder, providers: [{ provider_id: "replay", provider_type: "inline::replay", config, ...more }] })

/** The answer's number, or its error. */
const ask = (strata: Strata, body: Schema.JsonObject | string, session = "asking") =>
  Effect.map(post(strata, body, session), ({ json }) => (json as { n?: number; error?: { message: string } }))

const recorded = (body: Schema.JsonObject) => ({ model: "upstream/m", ...body })
const asked = (body: Schema.JsonObject) => ({ model: "replay/m", ...body })

/** What the model says in a completion, or in the chunks of a stream. */
const contents = (values: ReadonlyArray<unknown>) =>
  (values as ReadonlyArray<OpenAI.ChatCompletion | OpenAI.ChatCompletionChunk>)
    .map(({ choices: [choice] }) =>
      choice === undefined ? "" : "delta" in choice ? choice.delta.content : choice.message.content
    )
    .join("")

describe("inline::replay", () => {
  it.live("answers from a session of its own log, and from a file", () =>
    Effect.gen(function*() {
      const { file, folder } = yield* record([recorded(say("one")), recorded(say("two"))])
      for (const config of [{ session: recordedSession }, { file }]) {
        yield* Effect.scoped(Effect.gen(function*() {
          const strata = yield* replay(folder, config)
          assert.deepInclude(yield* ask(strata, asked(say("two"))), { n: 2 })
          assert.deepInclude(yield* ask(strata, asked(say("one"))), { n: 1 })
        }))
      }
    }))

  it.live("takes requests that mean the same JSON for the same", () =>
    Effect.gen(function*() {
      const { file, folder } = yield* record([
        `{"model":"upstream/m","temperature":0.0,"top_p":1,"extra":{"a":1,"b":[1e2]},"messages":[{"role":"user","content":"é"}]}`
      ])
      const strata = yield* replay(folder, { file })
      const found = yield* ask(
        strata,
        `{"messages":[{"content":"\\u00e9","role":"user"}], "extra":{"b":[100.0],"a":1.0},"top_p":1.0,"temperature":0,"model":"replay/m"}`
      )
      assert.deepInclude(found, { n: 1 })
    }))

  it.live("finds a request that was recorded before its secret was masked, and does not show it", () =>
    Effect.gen(function*() {
      const { file, folder } = yield* record([recorded(say("use PLACE"))])
      const key = `gsk_${SecretForms.body(52)}`
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("PLACE", key))
      const strata = yield* replay(folder, { file })
      assert.deepInclude(yield* ask(strata, asked(say(`use ${key}`))), { n: 1 })
      const { error } = yield* ask(strata, asked(say("use nothing")))
      assert.include(error?.message, "[REDACTED]")
      assert.notInclude(error?.message, key)
    }))

  it.live("gives several answers to one request in their order, to each session from the first", () =>
    Effect.gen(function*() {
      const again = recorded(say("again"))
      const { file, folder } = yield* record([again, recorded(say("between")), again, again])
      const strata = yield* replay(folder, { file })
      const answers = (session: string, count: number) =>
        Effect.forEach(Array.from({ length: count }), () => ask(strata, asked(say("again")), session))
      assert.deepStrictEqual((yield* answers("a", 2)).map(({ n }) => n), [1, 3])
      assert.deepStrictEqual((yield* answers("b", 1)).map(({ n }) => n), [1])
      assert.deepStrictEqual((yield* answers("a", 2)).map(({ n }) => n), [4, 1])
    }))

  it.live("explains a miss by the nearest recording", () =>
    Effect.gen(function*() {
      const { file, folder } = yield* record([recorded({ ...say("one"), user: "ada" }), recorded(say("far away"))])
      const strata = yield* replay(folder, { file })
      const { status, json } = yield* post(strata, asked({ ...say("two"), user: "ada" }), "asking")
      assert.strictEqual(status, 404)
      const { error } = json as { readonly error: { readonly message: string; readonly code: string } }
      assert.strictEqual(error.code, "recording_not_found")
      assert.include(error.message, `messages.0.content: recorded "one", asked "two"`)
      assert.include(error.message, "differs in one place")
      // It is a call, and it failed: nothing went over a wire.
      const calls = yield* strata.events({ sessionId: "asking", types: ["llm:*"], level: "default" })
      assert.deepStrictEqual(calls.map(({ type }) => type), ["llm:request", "llm:error"])
      assert.deepInclude(Object(payloadOf(calls[1]!)), { status: null })
    }))

  it.live("answers errors as they were recorded", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({
        respond: () =>
          ScriptedAnswer.json(429, { error: { message: "slow down", code: "limit" } }, { "retry-after": "7" })
      })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const first = yield* post(strata, recorded(say("one")), recordedSession)
      yield* strata.close
      const second = yield* post(
        yield* replay(strata.folder, { session: recordedSession }),
        asked(say("one")),
        "asking"
      )
      assert.deepStrictEqual([second.status, second.text], [first.status, first.text])
      assert.strictEqual(second.headers["retry-after"], "7")
    }))

  it.live("answers the sample to OpenAI's client, in one piece and streamed", () =>
    Effect.gen(function*() {
      const providers = [{ provider_id: "sample", provider_type: "inline::replay", config: { file: sampleFile } }]
      const client = Sdk.make((yield* Strata.make({ providers })).url)
      for (const content of ["Say hello.", "Hello!", "What is Strata?"]) {
        const body = { model: "sample/sample-1", ...say(content) }
        const { answer } = yield* Sdk.ask(client, body)
        const text = contents(answer._tag === "Json" ? [answer.body] : [])
        assert.isAbove(text.length, 10)
        for (const options of [{}, { stream_options: { include_usage: true } }]) {
          assert.strictEqual(contents(yield* Sdk.collect(client, { ...body, ...options })), text)
        }
      }
    }))

  it.live("does not run without its recording, and says which; where it is required, nothing starts", () =>
    Effect.gen(function*() {
      const { folder } = yield* record([])
      for (
        const [config, named] of [[{ session: "none" }, "none"], [{ file: "/none.ndjson" }, "/none.ndjson"]] as const
      ) {
        yield* Effect.scoped(Effect.gen(function*() {
          const strata = yield* replay(folder, config)
          const { error } = yield* ask(strata, asked(say("hello")))
          assert.include(error?.message, named)
          yield* strata.close
        }))
        const exit = yield* Effect.exit(Effect.scoped(replay(folder, config, { required: true })))
        assert.strictEqual(exit._tag, "Failure")
        assert.include(String(exit), named)
      }
    }))
})
