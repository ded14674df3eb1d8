/** What the document says of sound takes what OpenAI's document shows as answers and events. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Described from "../../../src/apis/audio/AudioDescribed.ts"

const segment = {
  id: 0,
  seek: 0,
  start: 0,
  end: 3.3,
  text: " The beach was a popular spot.",
  tokens: [50364, 440, 7534],
  temperature: 0,
  avg_logprob: -0.286,
  compression_ratio: 1.236,
  no_speech_prob: 0.0098
}
const speakers = { type: "transcript.text.segment", id: "seg_1", start: 0, end: 5.2, text: "Hello!", speaker: "agent" }
const tokens = {
  type: "tokens",
  input_tokens: 14,
  input_token_details: { text_tokens: 0, audio_tokens: 14 },
  output_tokens: 45,
  total_tokens: 59
}

describe("sound, as the document has it", () => {
  it("takes transcriptions in each form", () => {
    const decode = Schema.decodeUnknownSync(Described.transcription())
    const answers = [
      { text: "Hi.", logprobs: [{ token: "Hi", logprob: -0.1, bytes: [72, 105] }], usage: tokens },
      { task: "transcribe", language: "english", duration: 8.47, text: "The beach.", segments: [segment] },
      {
        task: "transcribe",
        duration: 27.4,
        text: "Agent: Hello!",
        segments: [speakers],
        usage: { type: "duration", seconds: 27 }
      },
      { text: "Oslo", words: [{ word: "Oslo", start: 0, end: 0.4 }] }
    ]
    for (const answer of answers) assert.deepStrictEqual<unknown>(decode(answer), answer)
    assert.throws(() => decode({ text: "Hi.", segments: [{ id: 0 }] }))
    assert.deepStrictEqual<unknown>(
      Schema.decodeUnknownSync(Described.translation())({ text: "Hi.", segments: [segment] }),
      {
        text: "Hi.",
        segments: [segment]
      }
    )
  })

  it("takes events of both streams, and no others", () => {
    const transcribed = Schema.decodeUnknownSync(Described.transcriptionEvent())
    const events = [
      { type: "transcript.text.delta", delta: "I", logprobs: [{ token: "I", logprob: -0.1 }] },
      { type: "transcript.text.done", text: "I see.", usage: tokens },
      speakers
    ]
    for (const event of events) assert.deepStrictEqual<unknown>(transcribed(event), event)
    assert.throws(() => transcribed({ type: "speech.audio.delta", audio: "" }))
    const spoken = Schema.decodeUnknownSync(Described.speechEvent())
    for (const event of [{ type: "speech.audio.delta", audio: "SUQz" }, { type: "speech.audio.done", usage: tokens }]) {
      assert.deepStrictEqual<unknown>(spoken(event), event)
    }
  })
})
