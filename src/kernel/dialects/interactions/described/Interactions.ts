/** What clients of interactions send and get. */
import { Schema } from "effect"
import { either, given, is, list, maybe, object, variants } from "../../DescribedFields.ts"
import { annotation, content, image, interactionInput, step, text } from "./Contents.ts"
import { settings, state, statusValues } from "./Settings.ts"

export const interactionRequest = object(
  "CreateInteractionRequest",
  "What a model, or an agent, is asked. What is not named here reaches a vendor of the same dialect.",
  () => ({
    model: maybe(Schema.String, "The model, as GET /v1/models lists it. Strata needs it.", "gemini/gemini-2.5-flash"),
    agent: maybe(
      Schema.String,
      "An agent of the vendor, in place of a model. It reaches a vendor of the dialect alone.",
      "deep-research-pro-preview-12-2025"
    ),
    input: given(interactionInput(), "What is asked.", "What is the weather in Oslo?"),
    ...settings(),
    store: maybe(
      Schema.Boolean,
      "Whether Strata keeps the interaction, to be read again and gone on from. Default true.",
      false
    ),
    stream: maybe(Schema.Boolean, "true: answer with server-sent events. Default false.", true),
    background: maybe(
      Schema.Boolean,
      "true: answer later; the interaction is `in_progress` until then. Default false.",
      false
    ),
    id: maybe(Schema.String, "Said by answers; of a request it has no effect.", "int_2f0c"),
    status: Schema.optionalKey(statusValues()),
    outputs: maybe(list(content()), "Said by answers; of a request it has no effect."),
    ...state()
  })
)

const fields = () => ({
  id: maybe(Schema.String, "The interaction's id.", "int_2f0c"),
  object: maybe(Schema.String, "`interaction`.", "interaction"),
  status: statusValues(),
  model: maybe(Schema.String, "The model that answered.", "gemini-2.5-flash"),
  agent: maybe(Schema.String, "The agent that answered.", "deep-research-pro-preview-12-2025"),
  steps: maybe(list(step()), "What was done, in order."),
  outputs: maybe(list(content()), "The same in the earlier form, under `/v1alpha`."),
  input: maybe(interactionInput(), "What was asked, where `include_input` says so."),
  ...settings(),
  ...state()
})

export const interaction = object("Interaction", "What a model was asked and answered.", fields)

const index = () => given(Schema.Int, "Which step, from 0; in the earlier form, which content.", 0)

const eventId = () => ({ event_id: maybe(Schema.String, "The vendor's id of the event.", "evt_6f0a1c") })

const delta = variants("InteractionDelta", "What is added; Google's own tools have other types too.", () => [
  text(),
  image(),
  object("InteractionSummaryDelta", "More of a thought in short.", () => ({
    type: is("thought_summary"),
    content: maybe(either(text(), image()), "What is added.")
  }))(),
  object("InteractionSignatureDelta", "The seal of a thought.", () => ({
    type: is("thought_signature"),
    signature: maybe(Schema.String, "The seal. Send it back as it came.", "CiRlMjQ4")
  }))(),
  object("InteractionArgumentsDelta", "More of a call.", () => ({
    type: is("arguments_delta"),
    arguments: given(Schema.String, "The text that is added; all together is JSON.", "{\"city\":")
  }))(),
  object("InteractionAnnotationDelta", "What the text rests on.", () => ({
    type: is("text_annotation"),
    annotations: maybe(list(annotation()), "What is added.")
  }))(),
  object("InteractionCallDelta", "What else is to be said of a call.", () => ({
    type: is("function_call"),
    id: maybe(Schema.String, "The call's id.", "o5slgqcy"),
    name: maybe(Schema.String, "The function's name.", "get_weather"),
    arguments: maybe(Schema.JsonObject, "What it is called with.", { city: "Oslo" }),
    signature: maybe(Schema.String, "The seal. Send it back as it came.", "CiRlMjQ4")
  }))()
])

export const event = variants("InteractionStreamEvent", "An event of a streamed interaction.", () => [
  object("InteractionStatusEvent", "The interaction begins, or has ended.", () => ({
    event_type: is(
      "interaction.created",
      "interaction.start",
      "interaction.completed",
      "interaction.complete"
    ),
    interaction: given(interaction(), "The interaction as it stands; the content is in the other events."),
    ...eventId()
  }))(),
  object("InteractionStatusUpdate", "It has come so far.", () => ({
    event_type: is("interaction.status_update"),
    interaction_id: maybe(Schema.String, "The interaction.", "int_2f0c"),
    status: statusValues(),
    ...eventId()
  }))(),
  object("InteractionStepStart", "A step begins.", () => ({
    event_type: is("step.start"),
    index: index(),
    step: given(step(), "The step; what grows in it comes later."),
    ...eventId()
  }))(),
  object("InteractionContentStart", "A content of the earlier form begins.", () => ({
    event_type: is("content.start"),
    index: index(),
    content: given(content(), "The content; what grows in it comes later."),
    ...eventId()
  }))(),
  object("InteractionDeltaEvent", "More of a step, or of a content.", () => ({
    event_type: is("step.delta", "content.delta"),
    index: index(),
    delta: given(delta(), "What is added."),
    ...eventId()
  }))(),
  object("InteractionStop", "A step, or a content, has ended.", () => ({
    event_type: is("step.stop", "content.stop"),
    index: index(),
    ...eventId()
  }))(),
  object("InteractionErrorEvent", "The stream ends with an error.", () => ({
    event_type: is("error"),
    error: given(
      object("InteractionErrorDetails", "The error.", () => ({
        code: maybe(either(Schema.String, Schema.Int), "What kind of error.", "unavailable"),
        message: maybe(Schema.String, "What happened, and what to do.", "The vendor does not answer.")
      }))(),
      "The error."
    ),
    ...eventId()
  }))()
])
