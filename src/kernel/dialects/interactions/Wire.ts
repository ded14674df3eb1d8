/** Google's Interactions, as they are read: what is needed of them is declared, everything else is kept. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

export const InteractionContent = openStruct({
  type: Schema.String.annotate({
    description: "`text`, `image`, `audio`, `document` or `video`; in the earlier form also what is a step.",
    examples: ["text"]
  })
}).annotate({
  identifier: "InteractionContent",
  description: "A part of what is said. Its other fields are those of its type.",
  examples: [{ type: "text", text: "What is the weather in Oslo?" }]
})

export const InteractionStep = openStruct({
  type: nullable(Schema.String).annotate({
    description:
      "`user_input`, `model_output`, `thought`, `function_call`, `function_result`, and those of Google's own " +
      "tools. Absent: a turn of the earlier form.",
    examples: ["user_input"]
  }),
  content: nullable(Schema.Union([Schema.String, Schema.Array(InteractionContent)])).annotate({
    description: "What is said, of steps that say something.",
    examples: [[{ type: "text", text: "What is the weather in Oslo?" }]]
  }),
  role: nullable(Schema.String).annotate({
    description: "Of a turn of the earlier form: `user` or `model`.",
    examples: ["user"]
  })
}).annotate({
  identifier: "InteractionStep",
  description: "A step of an interaction. Its other fields are those of its type.",
  examples: [{ type: "user_input", content: [{ type: "text", text: "What is the weather in Oslo?" }] }]
})

export const InteractionInput = Schema.Union([Schema.String, Schema.Array(InteractionStep), InteractionContent])
  .annotate({
    identifier: "InteractionInput",
    description: "Text, a content, a list of contents, or a list of steps; also turns of the earlier form.",
    examples: ["What is the weather in Oslo?"]
  })

export const InteractionUsage = openStruct({
  total_input_tokens: nullable(Schema.Finite).annotate({ description: "Tokens of the input.", examples: [58] }),
  total_output_tokens: nullable(Schema.Finite).annotate({
    description: "Tokens of the answer, thoughts not counted.",
    examples: [15]
  }),
  total_tokens: nullable(Schema.Finite).annotate({ description: "All of them, tokens.", examples: [73] })
}).annotate({ identifier: "InteractionUsage", description: "Tokens, as they were counted." })

export const CreateInteractionRequest = openStruct({
  model: Schema.String.annotate({ description: "The model, as it is registered.", examples: ["gemini-2.5-flash"] }),
  input: InteractionInput,
  system_instruction: nullable(Schema.String).annotate({
    description: "What the model is to hold to. It is not inherited from the previous interaction.",
    examples: ["Be brief."]
  }),
  tools: nullable(Schema.Array(openStruct({ type: nullable(Schema.String) }))).annotate({
    description: "Functions that the model may call, and tools of Google's own.",
    examples: [[{ type: "function", name: "get_weather", parameters: { type: "object" } }]]
  }),
  generation_config: nullable(Schema.JsonObject).annotate({
    description: "Sampling, limits, thinking, choice of tools.",
    examples: [{ temperature: 0.7, max_output_tokens: 1024 }]
  }),
  response_format: nullable(Schema.Json).annotate({
    description: "The form of the answer: `{\"type\":\"text\",\"mime_type\":\"application/json\",\"schema\":{…}}`.",
    examples: [{ type: "text", mime_type: "application/json", schema: { type: "object" } }]
  }),
  previous_interaction_id: nullable(Schema.String).annotate({
    description: "The interaction that this one goes on from: its conversation stands before the input.",
    examples: ["int_2f0c"]
  }),
  store: nullable(Schema.Boolean).annotate({
    description: "Whether the interaction is kept, to be read again and gone on from. Default true.",
    examples: [false]
  }),
  stream: nullable(Schema.Boolean).annotate({ description: "Answer piece by piece.", examples: [true] }),
  background: nullable(Schema.Boolean).annotate({
    description:
      "Answer later: the interaction is `in_progress` until it is read with its end. Not with `store: false`, nor with `stream`.",
    examples: [false]
  })
}).annotate({
  identifier: "CreateInteractionRequest",
  description: "What a model is asked, in the dialect of Google's Interactions. Fields not named here are kept.",
  examples: [{ model: "gemini-2.5-flash", input: "What is the weather in Oslo?" }]
})
export type CreateInteractionRequest = typeof CreateInteractionRequest.Type

/** What is read of an answer, whoever gives it. */
export const ReadInteraction = openStruct({
  id: nullable(Schema.String),
  model: nullable(Schema.String),
  status: nullable(Schema.String),
  created: nullable(Schema.String),
  steps: nullable(Schema.Array(Schema.JsonObject)),
  outputs: nullable(Schema.Array(Schema.JsonObject)),
  usage: nullable(Schema.JsonObject)
})
export type ReadInteraction = typeof ReadInteraction.Type

export const Interaction = openStruct({
  id: nullable(Schema.String).annotate({ description: "Of this interaction.", examples: ["int_2f0c"] }),
  status: Schema.String.annotate({
    description:
      "`completed`, `requires_action` (a function is to be called), `incomplete`, `failed`, `cancelled`; `in_progress` in the background.",
    examples: ["completed"]
  }),
  steps: nullable(Schema.Array(InteractionStep)).annotate({ description: "What the model did, in order." }),
  outputs: nullable(Schema.Array(InteractionContent)).annotate({
    description: "The same in the earlier form, which `/v1alpha` has."
  }),
  usage: nullable(InteractionUsage)
}).annotate({
  identifier: "Interaction",
  description: "What a model was asked and answered.",
  examples: [{
    id: "int_2f0c",
    status: "completed",
    steps: [{ type: "model_output", content: [{ type: "text", text: "It is raining." }] }]
  }]
})
export type Interaction = typeof Interaction.Type

const eventType = Schema.String.annotate({
  description:
    "`interaction.created`, `step.start`, `step.delta`, `step.stop`, `interaction.completed`, `error`; in the " +
    "earlier form `interaction.start`, `content.start`, `content.delta`, `content.stop`, `interaction.complete`.",
  examples: ["step.delta"]
})

export const InteractionEvent = Schema.Struct({
  event: eventType,
  data: Schema.fromJsonString(openStruct({ event_type: eventType }))
}).annotate({ identifier: "InteractionEvent", description: "An event of a streamed interaction." })
