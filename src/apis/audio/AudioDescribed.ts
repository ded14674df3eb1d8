/** Answers and events of sound, field by field, for the document: the vendor's pass as they are. */
import { Schema } from "effect"
import { either, given, is, list, maybe, object, variants } from "../../kernel/dialects/DescribedFields.ts"

const text = (description: string, example: string) => given(Schema.String, description, example)
const number = (description: string, example: number) => given(Schema.Finite, description, example)
const count = (description: string, example: number) => given(Schema.Int, description, example)

const start = number("Where it begins in the sound, seconds.", 0)
const end = number("Where it ends in the sound, seconds.", 2.5)
const words = text("What is said.", "Oslo is cold.")

const tokenDetails = object("AudioTokenDetails", "Tokens of the request by kind.", () => ({
  text_tokens: maybe(Schema.Int, "Of text.", 0),
  audio_tokens: maybe(Schema.Int, "Of sound.", 14)
}))

const tokenUsage = object("AudioTokenUsage", "What the vendor counted, in tokens.", () => ({
  type: maybe(Schema.Literal("tokens"), "Of a transcription: `tokens`."),
  input_tokens: count("Of the request.", 14),
  input_token_details: maybe(tokenDetails(), "Those of the request by kind."),
  output_tokens: count("Of the answer.", 45),
  total_tokens: count("Of both.", 59)
}))

const durationUsage = object("AudioDurationUsage", "What the vendor counted, in seconds.", () => ({
  type: is("duration"),
  seconds: number("How long the sound is.", 9)
}))

const usage = () => maybe(either(tokenUsage(), durationUsage()), "What the vendor counted.")

const logarithm = object("AudioTokenLogprob", "A token, and how likely it was.", () => ({
  token: maybe(Schema.String, "The token.", "Oslo"),
  logprob: maybe(Schema.Finite, "The logarithm of its probability.", -0.1),
  bytes: maybe(list(Schema.Finite), "Its bytes.", [79, 115, 108, 111])
}))

const logarithms = () => maybe(list(logarithm()), "Where they are included: tokens with their logarithms.")

const segment = object("TranscriptionSegment", "A piece of verbose_json.", () => ({
  id: count("Its number, from 0.", 0),
  seek: count("Where it was looked for.", 0),
  start,
  end,
  text: words,
  tokens: given(list(Schema.Int), "Its tokens.", [50364, 440]),
  temperature: number("With which it was made.", 0),
  avg_logprob: number("The average of its logarithms: below -1 it may be wrong.", -0.28),
  compression_ratio: number("How far it can be compressed: above 2.4 it may be wrong.", 1.23),
  no_speech_prob: number("How likely nothing is said.", 0.01)
}))

const speakerSegment = object("TranscriptionSpeakerSegment", "A piece of diarized_json: who says what.", () => ({
  type: is("transcript.text.segment"),
  id: text("Its id.", "seg_001"),
  start,
  end,
  text: words,
  speaker: text("Who speaks: a name that was given, or a letter.", "A")
}))

const word = object("TranscriptionWord", "A word of verbose_json.", () => ({
  word: text("The word.", "Oslo"),
  start,
  end
}))

const common = {
  task: () => maybe(Schema.String, "Of verbose_json and diarized_json: `transcribe` or `translate`.", "transcribe"),
  language: () => maybe(Schema.String, "Of verbose_json: the language that is spoken.", "english"),
  duration: () => maybe(Schema.Finite, "Of verbose_json and diarized_json: how long the sound is, seconds.", 9.2)
}

export const transcription = object("TranscriptionAnswer", "What is said, in the form that was asked for.", () => ({
  text: words,
  task: common.task(),
  language: common.language(),
  duration: common.duration(),
  segments: maybe(list(either(segment(), speakerSegment())), "Pieces, each with its time."),
  words: maybe(list(word()), "Of verbose_json: words, each with its time."),
  logprobs: logarithms(),
  usage: usage()
}))

export const translation = object("TranslationAnswer", "What is said, in English.", () => ({
  text: words,
  task: common.task(),
  language: common.language(),
  duration: common.duration(),
  segments: maybe(list(segment()), "Of verbose_json: pieces, each with its time.")
}))

const textDelta = object("TranscriptTextDeltaEvent", "What is said next.", () => ({
  type: is("transcript.text.delta"),
  delta: words,
  logprobs: logarithms(),
  segment_id: maybe(Schema.String, "Of diarized_json: the piece that it belongs to.", "seg_001")
}))

const textDone = object("TranscriptTextDoneEvent", "All that is said.", () => ({
  type: is("transcript.text.done"),
  text: words,
  logprobs: logarithms(),
  usage: maybe(tokenUsage(), "What the vendor counted.")
}))

export const transcriptionEvent = variants(
  "TranscriptionEvent",
  "An event of a streamed transcription.",
  () => [speakerSegment(), textDelta(), textDone()]
)

const soundDelta = object("SpeechAudioDeltaEvent", "A piece of the sound.", () => ({
  type: is("speech.audio.delta"),
  audio: text("The piece, in base64.", "SUQzBAA=")
}))

const soundDone = object("SpeechAudioDoneEvent", "The sound is whole.", () => ({
  type: is("speech.audio.done"),
  usage: given(tokenUsage(), "What the vendor counted.")
}))

export const speechEvent = variants("SpeechEvent", "An event of streamed speech.", () => [soundDelta(), soundDone()])
