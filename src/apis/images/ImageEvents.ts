/** Events of calls for images. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"
import { Usage } from "../../kernel/messages/Usage.ts"

export const { all, Error, Request, Response } = ValueEvents.make("image", {
  common: {
    operation: Schema.Literals(["image_generation", "image_edit", "image_variation"]).annotate({
      description: "What is asked of the model."
    })
  },
  streams: true,
  request: {
    description: "Images are to be made.",
    fields: {
      stream: Schema.Boolean.annotate({ description: "Whether events are asked for." }),
      image_count: Schema.Int.annotate({ description: "How many are asked for." }),
      file_count: Schema.Int.annotate({ description: "How many images come with the request, masks included." }),
      size: Schema.NullOr(Schema.String).annotate({ description: "Null: not said." }),
      quality: Schema.NullOr(Schema.String).annotate({ description: "Null: not said." })
    }
  },
  response: {
    description: "The images are there.",
    fields: {
      image_count: Schema.Int.annotate({ description: "How many, without the unfinished ones of a stream." }),
      usage: Schema.NullOr(Usage).annotate({ description: "Null: nobody counted tokens." })
    }
  },
  failure: "The vendor refused, failed, could not be reached, or broke off; or the call was given up."
})
