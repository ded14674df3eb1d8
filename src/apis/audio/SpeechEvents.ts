/** Events of calls for speech. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"
import { Usage } from "../../kernel/messages/Usage.ts"

export const { all, Error, Request, Response } = ValueEvents.make("speech", {
  common: { operation: Schema.Literal("speech").annotate({ description: "What is asked of the model." }) },
  streams: true,
  request: {
    description: "A text is to be spoken.",
    fields: {
      stream: Schema.Boolean.annotate({ description: "Whether events are asked for, in place of bytes of sound." }),
      character_count: Schema.Int.annotate({ description: "Of the text." }),
      voice: Schema.NullOr(Schema.String).annotate({ description: "Null: none is named, or it is one of its own." }),
      response_format: Schema.NullOr(Schema.String).annotate({ description: "Null: not said, so mp3." })
    }
  },
  response: {
    description: "It is spoken.",
    fields: { usage: Schema.NullOr(Usage).annotate({ description: "Null: nobody counted." }) }
  },
  failure: "The vendor refused, failed, could not be reached, or broke off; or the call was given up."
})
