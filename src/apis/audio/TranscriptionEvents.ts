/** Events of calls for texts of sound, in its language or in English. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"
import { Usage } from "../../kernel/messages/Usage.ts"

export const { all, Error, Request, Response } = ValueEvents.make("transcription", {
  common: {
    operation: Schema.Literals(["transcription", "translation"]).annotate({
      description: "transcription: in the language that is spoken; translation: in English."
    })
  },
  streams: true,
  request: {
    description: "Sound is to be written down.",
    fields: {
      stream: Schema.Boolean.annotate({ description: "Whether events are asked for." }),
      audio_bytes: Schema.Int.annotate({ description: "How long the files are, bytes." }),
      language: Schema.NullOr(Schema.String).annotate({ description: "Null: not said." }),
      response_format: Schema.NullOr(Schema.String).annotate({ description: "Null: not said, so json." })
    }
  },
  response: {
    description: "It is written down.",
    fields: {
      character_count: Schema.NullOr(Schema.Int).annotate({
        description: "Of the text; null where the answer is no JSON, such as subtitles."
      }),
      audio_seconds: Schema.NullOr(Schema.Finite).annotate({
        description: "How long the sound is, where the vendor says so, seconds."
      }),
      usage: Schema.NullOr(Usage).annotate({ description: "Null: nobody counted tokens." })
    }
  },
  failure: "The vendor refused, failed, could not be reached, or broke off; or the call was given up."
})
