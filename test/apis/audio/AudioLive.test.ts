// @effect-diagnostics asyncFunction:off
/** Sound with OpenAI's client: bytes pass both ways, stand in the log, and verify without a network. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { AuthenticationError, BadRequestError, RateLimitError, toFile } from "openai"
import type OpenAI from "openai"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import * as MediaWorld from "../../support/MediaWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const { sound } = MediaWorld

const bytesOf = (response: Response) => Effect.promise(async () => Buffer.from(await response.arrayBuffer()))

const spoken: ScriptedAnswer = {
  _tag: "Frames",
  headers: { "content-type": "audio/mpeg" },
  frames: [{ text: sound.subarray(0, 5) }, { text: sound.subarray(5), delay: 20 }]
}

const usage = { input_tokens: 14, output_tokens: 101, total_tokens: 115 }

const textAnswer = (text: string, type: string): ScriptedAnswer => ({
  _tag: "Frames",
  headers: { "content-type": type },
  frames: [{ text }]
})

const speech = { model: "upstream/m", voice: "alloy", input: "Oslo is cold." } as const

describe.each(ways)("speech, before $way", ({ it, sent }) => {
  it.live("given a vendor that sends sound, when a client asks, then it gets the same bytes, and so does the log", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(({ path }) =>
        path === "/v1/audio/speech" ? spoken : undefined
      )
      const answer = yield* Effect.promise(() => client.audio.speech.create(speech))
      assert.strictEqual(answer.headers.get("content-type"), "audio/mpeg")
      assert.deepStrictEqual(yield* bytesOf(answer), sound)
      assert.deepStrictEqual(vendor.received[0]?.body, { ...speech, model: "m" })
      const [said] = yield* strata.events({ types: ["speech:response"] })
      assert.deepInclude(JSON.parse(said?.payload ?? ""), {
        model: sent("m"),
        operation: "speech",
        status: 200,
        usage: null
      })
      for (const type of ["speech:response:raw", "api:response:raw"]) {
        const [raw] = Strata.ofClients(yield* strata.events({ types: [type] }))
        const { encoding, frames } = JSON.parse(raw?.payload ?? "")
        assert.strictEqual(encoding, "base64")
        const kept = frames.map(([, frame]: [number, string]) => Buffer.from(frame, "base64"))
        assert.deepStrictEqual(Buffer.concat(kept), sound)
      }
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given events are asked for, when the vendor sends them, then they pass, and the last says what it used", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* MediaWorld.make(() =>
        ScriptedAnswer.events([
          { type: "speech.audio.delta", audio: sound.toString("base64") },
          { type: "speech.audio.done", usage }
        ], { done: false })
      )
      const answer = yield* Effect.promise(() => client.audio.speech.create({ ...speech, stream_format: "sse" }))
      const text = yield* Effect.promise(() => answer.text())
      assert.include(text, sound.toString("base64"))
      assert.include(text, "speech.audio.done")
      const [said] = yield* strata.events({ types: ["speech:response"] })
      assert.deepInclude(JSON.parse(said?.payload ?? ""), { usage })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given a vendor that breaks off between bytes of sound, then the client's connection breaks, and the log says so", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* MediaWorld.make(() => ({ ...spoken, destroyAfter: 1 }) as ScriptedAnswer)
      const broken = yield* Effect.promise(async () => {
        const answer = await client.audio.speech.create(speech)
        return answer.arrayBuffer().then(() => false, () => true)
      })
      assert.isTrue(broken)
      const [failed] = yield* strata.awaitEvents({ types: ["speech:error"] })
      assert.deepInclude(JSON.parse(failed?.payload ?? ""), { model: sent("m") })
      const [told] = yield* strata.awaitEvents({ types: ["api:error"] })
      assert.deepInclude(JSON.parse(told?.payload ?? ""), { status: 502 })
    }).pipe(Effect.scoped))

  it.live("given events that end before the sound does, then the client is told in an event", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* MediaWorld.make(() =>
        ScriptedAnswer.events([{ type: "speech.audio.delta", audio: "AAAA" }], { done: false })
      )
      const answer = yield* Effect.promise(() => client.audio.speech.create({ ...speech, stream_format: "sse" }))
      const text = yield* Effect.promise(() => answer.text())
      assert.include(text, "ended before the answer was complete")
      assert.strictEqual((yield* strata.events({ types: ["speech:error"] })).length, 1)
    }).pipe(Effect.scoped))
})

const asked = (format: string | undefined, stream = false) => ({
  model: "upstream/m",
  ...format === undefined ? {} : { response_format: format },
  ...stream ? { stream: true } : {}
})

describe.each(ways)("transcriptions, before $way", ({ it, sent }) => {
  it.live("given a form with a file, when a client asks, then its vendor gets the same file and its own model's name", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(() =>
        ScriptedAnswer.json(200, { text: "Oslo is cold.", usage: { type: "duration", seconds: 9 } })
      )
      const file = yield* Effect.promise(() => toFile(sound, "a \"talk\".mp3", { type: "audio/mpeg" }))
      const answer = yield* Effect.promise(() =>
        client.audio.transcriptions.create({
          file,
          ...asked("json"),
          timestamp_granularities: ["word", "segment"]
        } as OpenAI.Audio.TranscriptionCreateParamsNonStreaming)
      )
      assert.strictEqual(answer.text, "Oslo is cold.")
      const parts = yield* Effect.promise(() => MediaWorld.formOf(vendor.received[0] as ReceivedRequest))
      assert.sameDeepMembers(parts as Array<unknown>, [
        ["file", { name: "a \"talk\".mp3", bytes: sound }],
        ["model", "m"],
        ["response_format", "json"],
        ["timestamp_granularities[]", "word"],
        ["timestamp_granularities[]", "segment"]
      ])
      const [requested] = yield* strata.events({ types: ["transcription:request"] })
      assert.deepInclude(JSON.parse(requested?.payload ?? ""), { audio_bytes: sound.length, response_format: "json" })
      const [raw] = yield* strata.events({ types: ["transcription:request:raw"] })
      const { body, encoding } = JSON.parse(raw?.payload ?? "")
      assert.strictEqual(encoding, "base64")
      const kept = Buffer.from(body, "base64").toString("latin1")
      const model = (name: string) => `name="model"\r\n\r\n${name}\r\n`
      assert.strictEqual(
        kept.replace(model(sent("m")), model("m")),
        Buffer.from(vendor.received[0]?.bodyBytes ?? []).toString("latin1")
      )
      const [said] = yield* strata.events({ types: ["transcription:response"] })
      assert.deepInclude(JSON.parse(said?.payload ?? ""), { character_count: 13, audio_seconds: 9, usage: null })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live.each([
    ["text", "Oslo is cold.\n", "text/plain"],
    ["srt", "1\n00:00:00,000 --> 00:00:02,000\nOslo is cold.\n", "text/plain; charset=utf-8"],
    ["vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nOslo is cold.\n", "text/vtt"]
  ])(
    "given %s is asked for, when the vendor sends it, then it passes under its type",
    ([format, text, type]) =>
      Effect.gen(function*() {
        const { strata } = yield* MediaWorld.make(() => textAnswer(text!, type!))
        const form = new FormData()
        form.append("file", MediaWorld.fileOf(sound, "a.mp3", "audio/mpeg"))
        form.append("model", "upstream/m")
        form.append("response_format", format!)
        for (const path of ["transcriptions", "translations"]) {
          const answer = yield* Effect.promise(() =>
            fetch(`${strata.url}/v1/audio/${path}`, { method: "POST", body: form })
          )
          assert.strictEqual(answer.status, 200)
          assert.strictEqual(answer.headers.get("content-type"), type)
          assert.strictEqual(yield* Effect.promise(() => answer.text()), text)
        }
        const outcomes = yield* MediaWorld.verified(strata)
        assert.deepStrictEqual(outcomes.map(({ outcome }) => outcome), ["identical", "identical"])
      }).pipe(Effect.scoped)
  )

  it.live("given OpenAI's client, when it asks for a translation, then it reads the text", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, { text: "Oslo is cold." }))
      const file = yield* Effect.promise(() => toFile(sound, "a.mp3"))
      const answer = yield* Effect.promise(() => client.audio.translations.create({ file, model: "upstream/m" }))
      assert.strictEqual(answer.text, "Oslo is cold.")
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given a stream is asked for, when the vendor sends events, then the client reads them one by one", () =>
    Effect.gen(function*() {
      const events = [
        { type: "transcript.text.delta", delta: "Oslo " },
        { type: "transcript.text.delta", delta: "is cold." },
        { type: "transcript.text.done", text: "Oslo is cold.", usage: { type: "tokens", ...usage } }
      ]
      const { client, strata } = yield* MediaWorld.make(() => ScriptedAnswer.events(events, { done: false, delay: 5 }))
      const file = yield* Effect.promise(() => toFile(sound, "a.mp3"))
      const stream = yield* Effect.promise(() =>
        client.audio.transcriptions.create({ file, model: "upstream/m", stream: true })
      )
      const read = yield* Effect.promise(async () => {
        const all: Array<unknown> = []
        for await (const event of stream) all.push(event)
        return all
      })
      assert.deepStrictEqual(read, events)
      const [said] = yield* strata.events({ types: ["transcription:response"] })
      assert.deepInclude(JSON.parse(said?.payload ?? ""), { character_count: 13, usage })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given a form that is cut off, without a model, or none at all, then 400 says what to send", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, { text: "" }))
      const type = "multipart/form-data; boundary=b"
      const sent = [
        ["--b\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nupstream/m\r\n", "body"],
        ["--b\r\ncontent-disposition: form-data; name=\"prompt\"\r\n\r\nx\r\n--b--\r\n", "model"],
        ["--b\r\ncontent-type: text/plain\r\n\r\nx\r\n--b--\r\n", "body"],
        ["", "body"]
      ] as const
      for (const [body, param] of sent) {
        const answer = yield* Effect.promise(() =>
          fetch(`${strata.url}/v1/audio/transcriptions`, { method: "POST", headers: { "content-type": type }, body })
        )
        assert.strictEqual(answer.status, 400, body)
        const { error } = (yield* Effect.promise(() => answer.json())) as { readonly error: { readonly param: string } }
        assert.strictEqual(error.param, param)
      }
      assert.strictEqual(vendor.received.length, 0)
    }).pipe(Effect.scoped))

  it.live("given a form longer than a body may be, then 413, and nobody is asked", () =>
    Effect.gen(function*() {
      const { client, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, { text: "" }), {
        maxBodyBytes: 4096
      })
      const file = yield* Effect.promise(() => toFile(Buffer.alloc(5000, 1), "a.mp3"))
      const error = yield* Sdk.failureOf(
        Effect.tryPromise(() => client.audio.transcriptions.create({ file, model: "upstream/m" }))
      )
      assert.strictEqual(error.status, 413)
      assert.strictEqual(vendor.received.length, 0)
    }).pipe(Effect.scoped))
})

describe.each(ways)("a vendor's refusal, before $way", ({ it }) => {
  it.live("of a form is the client's own error class, and the call's error in the log", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* MediaWorld.make(() => ScriptedAnswer.error(400, "No sound.", "invalid_file"))
      const file = yield* Effect.promise(() => toFile(sound, "a.mp3"))
      const error = yield* Sdk.failureOf(
        Effect.tryPromise(() => client.audio.translations.create({ file, model: "upstream/m" }))
      )
      assert.instanceOf(error, BadRequestError)
      assert.strictEqual(error.code, "invalid_file")
      const [failed] = yield* strata.events({ types: ["transcription:error"] })
      assert.deepInclude(JSON.parse(failed?.payload ?? ""), { operation: "translation", status: 400 })
    }).pipe(Effect.scoped))

  it.live.each(
    [[400, BadRequestError], [401, AuthenticationError], [429, RateLimitError]] as const
  )(
    "of status %s is the client's own error class",
    ([status, type]) =>
      Effect.gen(function*() {
        const { client } = yield* MediaWorld.make(() => ScriptedAnswer.error(status, "No.", "no"))
        const error = yield* Sdk.failureOf(Effect.tryPromise(() => client.audio.speech.create(speech)))
        assert.strictEqual(error.constructor, type)
        assert.strictEqual(error.code, "no")
      }).pipe(Effect.scoped)
  )
})
