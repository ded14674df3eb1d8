/** Recorded generateContent of Google's Gemini models through remote::gemini, for a client of chat completions. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import * as StreamedAnswer from "../../../../src/kernel/dialects/gemini/StreamedAnswer.ts"
import { answerOf, bodyOf, recorded } from "../../../kernel/dialects/gemini/GeminiTraffic.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { Recordings } from "../../../support/Recordings.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

describe.skipIf(!Recordings.available)(`remote::gemini, recorded traffic ${Recordings.reason}`, () => {
  it.live("comes through whole, is summed up, and is verified", () =>
    Effect.gen(function*() {
      let answer: ScriptedAnswer = ScriptedAnswer.silent
      const upstream = yield* FakeUpstream.make({ respond: () => answer })
      const strata = yield* Strata.make({ level: "raw", providers: [Vendors.entry("gemini", upstream)] })
      let compared = 0
      for (const [index, { answer: given, request }] of recorded().entries()) {
        if (given._tag === "Error") continue
        compared++
        const sessionId = `s${index}`
        const frames = given._tag === "Stream"
          ? given.chunks.map((chunk) => `data: ${JSON.stringify(answerOf(chunk))}\r\n\r\n`)
          : undefined
        const whole = frames === undefined
          ? answerOf(given._tag === "Json" ? given.body : null)
          : StreamedAnswer.assemble(frames.join(""))
        answer = frames === undefined ? ScriptedAnswer.json(200, whole!) : Vendors.frames(frames)
        const asked = Result.getOrThrow(gemini.raise.request(bodyOf(request)))
        const body = Result.getOrThrow(chat.lower.request({ ...asked, model: "gemini/m" })).body
        const { status, text } = yield* Http.post(
          strata.url,
          "/v1/chat/completions",
          { ...body, stream: frames !== undefined },
          { "x-strata-session-id": sessionId }
        )
        assert.strictEqual(status, 200, text)
        const expected = Result.getOrThrow(gemini.raise.response(whole, "gemini/m"))
        const [raw] = yield* strata.events({ types: ["llm:response:raw"], sessionId })
        const stored = Object(payloadOf(raw!))
        assert.deepStrictEqual(
          frames === undefined ? JSON.parse(stored.body) : stored.frames.map(([, frame]: [number, string]) => frame),
          frames ?? whole
        )
        const [response] = yield* strata.events({ types: ["llm:response"], sessionId })
        assert.deepStrictEqual(Object(payloadOf(response!)).usage, expected.usage)
        const said = expected.content.flatMap((block) => block.type === "text" ? [block.text] : []).join("")
        const calls = expected.content.flatMap((block) => block.type === "tool_call" ? [block.name] : [])
        for (const piece of calls) assert.include(text, JSON.stringify(piece))
        const got = frames === undefined
          ? JSON.parse(text).choices[0].message.content ?? ""
          : text.split("\n\n").flatMap((frame) => frame.startsWith("data: {") ? [JSON.parse(frame.slice(6))] : [])
            .map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")
        assert.strictEqual(got, said)
        const { json } = yield* Http.post(strata.url, `/v1/sessions/${sessionId}/verify`, {})
        assert.deepInclude(Object(json), { status: "identical", requests: 1 }, sessionId)
      }
      assert.isAbove(compared, 15)
    }).pipe(Effect.scoped), 60_000)
})
