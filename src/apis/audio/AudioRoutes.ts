/** The HTTP face of sound: OpenAI's. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { answerErrors } from "../../kernel/http/AnswerErrors.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import * as FormPayload from "../../kernel/media/FormPayload.ts"
import * as Described from "./AudioDescribed.ts"
import {
  CreateSpeechRequest,
  SpeechFrame,
  Transcription,
  TranscriptionForm,
  TranscriptionFrame,
  Translation,
  TranslationForm
} from "./AudioModels.ts"

/** As it comes: HttpApi knows one stream of an answer, and events are one. */
const sound = Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array())

const text = Schema.String.pipe(HttpApiSchema.asText())

export class AudioRoutes extends HttpApiGroup.make("audio")
  .add(
    HttpApiEndpoint.post("createSpeech", "/audio/speech", {
      payload: CreateSpeechRequest,
      success: [
        sound,
        HttpApiSchema.StreamSse({ events: SpeechFrame })
      ],
      error: answerErrors
    }).annotate(DescribedWire, { event: Described.speechEvent }).annotateMerge(OpenApi.annotations({
      identifier: "createSpeech",
      summary: "Create speech",
      description:
        "Has a text spoken, in OpenAI's dialect, where the model's provider has the endpoint. The sound's bytes come as the " +
        "vendor makes them, under its content type, and stand in the log; with `stream_format: sse` they come in server-sent " +
        "events. An answer that breaks off breaks the connection."
    })),
    HttpApiEndpoint.post("createTranscription", "/audio/transcriptions", {
      payload: FormPayload.form(TranscriptionForm),
      success: [Transcription, text, HttpApiSchema.StreamSse({ events: TranscriptionFrame })],
      error: answerErrors
    }).annotate(DescribedWire, { response: Described.transcription, event: Described.transcriptionEvent })
      .annotateMerge(OpenApi.annotations({
        identifier: "createTranscription",
        summary: "Create a transcription",
        description:
          "Has sound written down in the language that is spoken, in OpenAI's dialect, where the model's provider has the " +
          "endpoint. The form goes on as it came but for the model's name, and stands in the log; it may be as long as " +
          "`server.max_body_bytes` says. The answer is what `response_format` asks for; with `stream: true` it is a stream of " +
          "server-sent events."
      })),
    HttpApiEndpoint.post("createTranslation", "/audio/translations", {
      payload: FormPayload.form(TranslationForm),
      success: [Translation, text],
      error: answerErrors
    }).annotate(DescribedWire, { response: Described.translation }).annotateMerge(OpenApi.annotations({
      identifier: "createTranslation",
      summary: "Create a translation",
      description:
        "Has sound written down in English, in OpenAI's dialect, where the model's provider has the endpoint. Form and " +
        "answer are as those of a transcription."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Audio", description: "Speech of texts, and texts of speech." }))
{}
