/** Moderations as OpenAI's dialect writes them: what is declared is described, everything else passes. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

export const ModerationInput = Schema.Union([
  Schema.String,
  Schema.Array(Schema.String),
  Schema.Array(openStruct({
    type: Schema.String.annotate({ description: "`text` or `image_url`.", examples: ["text"] }),
    text: nullable(Schema.String).annotate({ description: "What is to be judged.", examples: ["I want to hug them."] }),
    image_url: nullable(openStruct({
      url: Schema.String.annotate({
        description: "Where the image is, or the image itself as a data URL.",
        examples: ["https://example.com/image.png"]
      })
    })).annotate({ description: "An image to be judged." })
  }))
]).annotate({
  identifier: "ModerationInput",
  description: "A text, a list of texts, or a list of texts and images.",
  examples: ["I want to hug them.", ["one", "two"], [{ type: "text", text: "I want to hug them." }]]
})

export const CreateModerationRequest = openStruct({
  model: nullable(Schema.String).annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it. Default omni-moderation-latest.",
    examples: ["openai/omni-moderation-latest"]
  }),
  input: nullable(Schema.Union([ModerationInput, Schema.Json])).annotate({
    description: "What is to be judged. What it may be is the vendor's to say.",
    examples: ["I want to hug them."]
  })
}).annotate({
  identifier: "CreateModerationRequest",
  description: "Asks for a judgement, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

const byCategory = <S extends Schema.Top>(
  value: S,
  description: string,
  example: Readonly<Record<string, S["Type"]>>
) => nullable(Schema.Record(Schema.String, value)).annotate({ description, examples: [example] as never })

export const Moderation = openStruct({
  flagged: Schema.Boolean.annotate({ description: "Whether any category is objected to.", examples: [false] }),
  categories: byCategory(Schema.NullOr(Schema.Boolean), "What is objected to, by category.", { violence: false }),
  category_scores: byCategory(Schema.NullOr(Schema.Finite), "How sure the model is, from 0 to 1, by category.", {
    violence: 0.0004
  }),
  category_applied_input_types: byCategory(
    Schema.NullOr(Schema.Array(Schema.String)),
    "Which kinds of input each category was judged by.",
    { violence: ["text"] }
  )
}).annotate({ identifier: "Moderation", description: "The judgement of one input." })

export const CreateModerationResponse = openStruct({
  id: Schema.String.annotate({ description: "The vendor's id of it.", examples: ["modr-0f1e2d"] }),
  model: Schema.String.annotate({
    description: "The model that judged, as its vendor names it.",
    examples: ["omni-moderation-latest"]
  }),
  results: Schema.Array(Moderation).annotate({ description: "One for each input, in their order." })
}).annotate({ identifier: "CreateModerationResponse", description: "The vendor's answer, unchanged." })
