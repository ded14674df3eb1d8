/** Interactions that are kept, and what is asked of them. */
import { Schema } from "effect"
import { toIsoTime } from "../../events/types/Envelope.ts"
import { flag } from "../../kernel/http/QueryFlag.ts"

const Steps = Schema.Array(Schema.JsonObject)

export const KeptInteraction = Schema.Struct({
  id: Schema.String.annotate({ description: "Its id.", examples: ["int_2f0c"] }),
  previous_interaction_id: Schema.NullOr(Schema.String).annotate({
    description: "The interaction that it went on from. Null: none.",
    examples: ["int_1e9b"]
  }),
  session: Schema.optionalKey(
    Schema.NullOr(Schema.String).annotate({
      description: "The session of the request that made it: those that go on from it stand there, too.",
      examples: ["0199a2b4-7c11-7000-8000-00000000c0de"]
    })
  ),
  input: Steps.annotate({
    description: "What it was asked, as steps; what the previous interaction has is not repeated.",
    examples: [[{ type: "user_input", content: [{ type: "text", text: "What is the weather in Oslo?" }] }]]
  }),
  steps: Steps.annotate({
    description: "What the model did.",
    examples: [[{ type: "model_output", content: [{ type: "text", text: "It is raining." }] }]]
  }),
  head: Schema.JsonObject.annotate({
    description: "What else the answer says of itself: `status`, `model`, `usage`, `created` …",
    examples: [{ status: "completed", model: "gemini-2.5-flash" }]
  })
}).annotate({ identifier: "KeptInteraction", description: "An interaction as it is kept." })
export type KeptInteraction = typeof KeptInteraction.Type

const open = "in_progress"

/** Of what is answered in the background, until it is. */
export const isOpen = ({ head }: KeptInteraction): boolean => head["status"] === open
export const openHead = (id: string, model: string, seconds: number): Schema.JsonObject => ({
  id,
  object: "interaction",
  role: "model",
  model,
  status: open,
  created: toIsoTime(seconds * 1000)
})

export const InteractionQuery = Schema.Struct({
  include_input: flag({ description: "Whether `input` is in the answer of the earlier form. Default false." }),
  stream: flag({ description: "Whether the interaction comes as the events of a stream. Default false." }),
  last_event_id: Schema.optionalKey(Schema.String).annotate({
    description: "Not supported: an interaction is read again from its beginning.",
    examples: ["evt_1"]
  })
})
export type InteractionQuery = typeof InteractionQuery.Type
