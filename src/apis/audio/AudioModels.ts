/** Speech, transcriptions and translations as OpenAI's dialect writes them: what is declared is described, the rest passes. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

const number = nullable(Schema.Union([Schema.Finite, Schema.String]))

const Voice = Schema.Union([Schema.String, openStruct({ id: Schema.String })])

export const CreateSpeechRequest = openStruct({
  model: Schema.NonEmptyString.annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it.",
    examples: ["openai/gpt-4o-mini-tts"]
  }),
  input: nullable(Schema.String).annotate({ description: "What is to be spoken.", examples: ["Oslo is cold."] }),
  voice: nullable(Schema.Union([Voice, Schema.Json])).annotate({
    description: "Who speaks: a name of the vendor's, or the id of a voice of one's own.",
    examples: ["alloy"]
  }),
  instructions: nullable(Schema.String).annotate({ description: "How it is to be spoken.", examples: ["Calmly."] }),
  response_format: nullable(Schema.String).annotate({
    description: "`mp3`, `opus`, `aac`, `flac`, `wav` or `pcm`. Default mp3.",
    examples: ["mp3"]
  }),
  speed: number.annotate({ description: "How fast, from 0.25 to 4. Default 1.", examples: [1] }),
  stream_format: nullable(Schema.String).annotate({
    description: "`audio`: the sound's bytes as they are made; `sse`: server-sent events with them. Default audio.",
    examples: ["audio"]
  })
}).annotate({
  identifier: "CreateSpeechRequest",
  description: "Asks for speech, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

const TokenUsage = openStruct({
  type: nullable(Schema.String).annotate({ description: "`tokens` or `duration`.", examples: ["tokens"] }),
  input_tokens: nullable(Schema.Int).annotate({ description: "Of the request.", examples: [14] }),
  output_tokens: nullable(Schema.Int).annotate({ description: "Of the answer.", examples: [45] }),
  total_tokens: nullable(Schema.Int).annotate({ description: "Of both.", examples: [59] }),
  seconds: nullable(Schema.Finite).annotate({ description: "How long the sound is, seconds.", examples: [9] })
}).annotate({ identifier: "AudioUsage", description: "What the vendor counted." })

/** What the events of a stream have in common. */
const event = (identifier: string, fields: Schema.Struct.Fields) =>
  Schema.Struct({
    event: Schema.tag("message"),
    data: Schema.Union([
      Schema.fromJsonString(openStruct({
        type: Schema.String.annotate({ description: "Which event it is." }),
        usage: nullable(TokenUsage),
        ...fields
      })),
      Schema.Literal("[DONE]")
    ])
  }).annotate({ identifier })

export const SpeechFrame = event("SpeechFrame", {
  audio: nullable(Schema.String).annotate({ description: "Of `speech.audio.delta`: a piece of the sound, in base64." })
})

/** As a form writes them. */
const numberText = Schema.Union([Schema.String, Schema.Finite])
const flagText = Schema.Union([Schema.String, Schema.Boolean])

const VoiceActivity = openStruct({
  type: Schema.Literal("server_vad").annotate({ description: "`server_vad`." }),
  prefix_padding_ms: nullable(Schema.Int).annotate({
    description: "How much before speech is kept, milliseconds. Default 300.",
    examples: [300]
  }),
  silence_duration_ms: nullable(Schema.Int).annotate({
    description: "How long a silence ends a piece, milliseconds. Default 200.",
    examples: [200]
  }),
  threshold: nullable(Schema.Finite).annotate({
    description: "How loud speech is, from 0 to 1. Default 0.5.",
    examples: [0.5]
  })
}).annotate({ identifier: "VoiceActivity", description: "Pieces end where nobody speaks." })

const Form = {
  file: Schema.Uint8Array.annotate({ description: "The sound, with its name: flac, mp3, mp4, mpeg, ogg, wav, webm …" }),
  model: Schema.NonEmptyString.annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it.",
    examples: ["openai/gpt-4o-transcribe"]
  }),
  prompt: Schema.optionalKey(Schema.String).annotate({
    description: "A text in whose style to go on.",
    examples: ["A talk about Oslo."]
  }),
  response_format: Schema.optionalKey(Schema.String).annotate({
    description: "`json`, `text`, `srt`, `verbose_json`, `vtt` or `diarized_json`. Default json.",
    examples: ["json"]
  }),
  temperature: Schema.optionalKey(numberText).annotate({ description: "From 0 to 1. Default 0.", examples: ["0"] })
}

export const TranscriptionForm = Schema.Struct({
  ...Form,
  language: Schema.optionalKey(Schema.String).annotate({
    description: "Which language is spoken, ISO 639-1.",
    examples: ["en"]
  }),
  stream: Schema.optionalKey(flagText).annotate({
    description: "true: answer with server-sent events, where the model can. Default false.",
    examples: ["false"]
  }),
  include: Schema.optionalKey(Schema.Array(Schema.String)).annotate({
    description: "What is to be said besides: `logprobs`.",
    examples: [["logprobs"]]
  }),
  timestamp_granularities: Schema.optionalKey(Schema.Array(Schema.String)).annotate({
    description: "Of verbose_json: `word`, `segment`. Default segment.",
    examples: [["segment"]]
  }),
  chunking_strategy: Schema.optionalKey(Schema.Union([Schema.String, VoiceActivity])).annotate({
    description: "How the sound is cut: `auto`, or an object as JSON.",
    examples: ["auto"]
  }),
  known_speaker_names: Schema.optionalKey(Schema.Array(Schema.String)).annotate({
    description: "Of diarized_json: names of those who speak.",
    examples: [["agent"]]
  }),
  known_speaker_references: Schema.optionalKey(Schema.Array(Schema.String)).annotate({
    description: "Of diarized_json: a piece of each one's speech, as a data URL.",
    examples: [["data:audio/wav;base64,AAAA"]]
  })
}).annotate({
  identifier: "CreateTranscriptionForm",
  description: "A form with sound, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

export const TranslationForm = Schema.Struct(Form).annotate({
  identifier: "CreateTranslationForm",
  description: "A form with sound, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

const Words = {
  text: Schema.String.annotate({ description: "What is said.", examples: ["Oslo is cold."] }),
  language: nullable(Schema.String).annotate({
    description: "Of verbose_json: the language that is spoken.",
    examples: ["english"]
  }),
  duration: nullable(Schema.Union([Schema.Finite, Schema.String])).annotate({
    description: "Of verbose_json: how long the sound is, seconds.",
    examples: [9.2]
  }),
  segments: nullable(Schema.Array(Schema.Json)).annotate({
    description: "Of verbose_json and diarized_json: pieces, each with its time.",
    examples: [[{ id: 0, start: 0, end: 2.5, text: "Oslo is cold." }]]
  })
}

export const Transcription = openStruct({
  ...Words,
  words: nullable(Schema.Array(Schema.Json)).annotate({
    description: "Of verbose_json: words, each with its time.",
    examples: [[{ word: "Oslo", start: 0, end: 0.4 }]]
  }),
  logprobs: nullable(Schema.Array(Schema.Json)).annotate({
    description: "Where they are included: tokens with their logarithms.",
    examples: [[{ token: "Oslo", logprob: -0.1 }]]
  }),
  usage: nullable(TokenUsage)
}).annotate({ identifier: "Transcription", description: "The vendor's answer, unchanged." })

export const Translation = openStruct(Words).annotate({
  identifier: "Translation",
  description: "The vendor's answer, unchanged."
})

export const TranscriptionFrame = event("TranscriptionFrame", {
  delta: nullable(Schema.String).annotate({ description: "Of `transcript.text.delta`: what is said next." }),
  text: nullable(Schema.String).annotate({ description: "Of `transcript.text.done`: all that is said." })
})
