/** The events of a streamed response. */
import { Schema } from "effect"
import { dictionary, either, given, givenOrNull, is, list, maybe, object, variants } from "../../DescribedFields.ts"
import { response } from "./Answers.ts"
import { item } from "./Items.ts"
import { annotation, logprob, messagePart, otherToken } from "./Parts.ts"

const sequence = () => ({
  sequence_number: given(Schema.Int, "The event's place in the stream, from 0, without gaps.", 4)
})

/** Of an item of the output. */
const ofItem = () => ({
  ...sequence(),
  item_id: given(Schema.String, "The item's id.", "msg_6f0a1c"),
  output_index: given(Schema.Int, "The item's place in `output`, from 0.", 0)
})

const ofPart = () => ({
  ...ofItem(),
  content_index: given(Schema.Int, "The part's place in the item's `content`, from 0.", 0)
})

const ofSummary = () => ({
  ...ofItem(),
  summary_index: given(Schema.Int, "The part's place in the item's `summary`, from 0.", 0)
})

const piece = (description: string, example: string) => ({
  delta: given(Schema.String, description, example),
  obfuscation: maybe(Schema.String, "Noise of the vendor, so that lengths say nothing.", "x7Qp")
})

const ofResponse = object("ResponseStatusEvent", "The response has come so far.", () => ({
  ...sequence(),
  type: is(
    "response.created",
    "response.queued",
    "response.in_progress",
    "response.completed",
    "response.incomplete",
    "response.failed"
  ),
  response: given(response(), "The response as it stands; the last event has all of it.")
}))

const items = object("ResponseItemEvent", "An item begins, or has ended.", () => ({
  ...sequence(),
  type: is("response.output_item.added", "response.output_item.done"),
  output_index: given(Schema.Int, "The item's place in `output`, from 0.", 0),
  item: given(item(), "The item as it stands.")
}))

const parts = object("ResponsePartEvent", "A part of an item begins, or has ended.", () => ({
  ...ofPart(),
  type: is("response.content_part.added", "response.content_part.done"),
  part: given(messagePart(), "The part as it stands.")
}))

const logprobs = () =>
  maybe(list(either(logprob(), otherToken())), "How likely each token was, where it was asked for.")

const textPiece = object("ResponseTextDeltaEvent", "More text.", () => ({
  ...ofPart(),
  ...piece("The text that is added.", "It is"),
  type: is("response.output_text.delta"),
  logprobs: logprobs()
}))

const textDone = object("ResponseTextDoneEvent", "A text has ended.", () => ({
  ...ofPart(),
  type: is("response.output_text.done"),
  text: given(Schema.String, "All of it.", "It is raining in Oslo."),
  logprobs: logprobs()
}))

const annotated = object("ResponseAnnotationEvent", "What the text rests on.", () => ({
  ...ofPart(),
  type: is("response.output_text.annotation.added"),
  annotation_index: given(Schema.Int, "Its place in the part's `annotations`, from 0.", 0),
  annotation: given(annotation(), "The annotation.")
}))

const thought = object("ResponseReasoningDeltaEvent", "More of a thought, or of a refusal.", () => ({
  ...ofPart(),
  ...piece("The text that is added.", "First,"),
  type: is("response.reasoning_text.delta", "response.refusal.delta")
}))

const thoughtDone = object("ResponseReasoningDoneEvent", "A thought has ended.", () => ({
  ...ofPart(),
  type: is("response.reasoning_text.done"),
  text: given(Schema.String, "All of it.", "First, where is Oslo?")
}))

const refused = object("ResponseRefusalDoneEvent", "A refusal has ended.", () => ({
  ...ofPart(),
  type: is("response.refusal.done"),
  refusal: given(Schema.String, "All of it.", "I can't help with that.")
}))

const summaryPart = object("ResponseSummaryPartEvent", "A part of a summary begins, or has ended.", () => ({
  ...ofSummary(),
  type: is("response.reasoning_summary_part.added", "response.reasoning_summary_part.done"),
  part: given(messagePart(), "The part as it stands.")
}))

const summaryPiece = object("ResponseSummaryDeltaEvent", "More of a summary.", () => ({
  ...ofSummary(),
  ...piece("The text that is added.", "Looking"),
  type: is("response.reasoning_summary_text.delta", "response.reasoning_summary.delta")
}))

const summaryDone = object("ResponseSummaryDoneEvent", "A summary has ended.", () => ({
  ...ofSummary(),
  type: is("response.reasoning_summary_text.done", "response.reasoning_summary.done"),
  text: given(Schema.String, "All of it.", "Looking for the weather.")
}))

const argumentsPiece = object("ResponseArgumentsDeltaEvent", "More of a call.", () => ({
  ...ofItem(),
  ...piece("The text that is added.", "{\"city\":"),
  type: is(
    "response.function_call_arguments.delta",
    "response.mcp_call_arguments.delta",
    "response.custom_tool_call_input.delta",
    "response.code_interpreter_call_code.delta"
  )
}))

const argumentsDone = object("ResponseArgumentsDoneEvent", "The arguments of a call are whole.", () => ({
  ...ofItem(),
  type: is("response.function_call_arguments.done", "response.mcp_call_arguments.done"),
  name: maybe(Schema.String, "The function's name.", "get_weather"),
  arguments: given(Schema.String, "All of them, JSON.", "{\"city\":\"Oslo\"}")
}))

const inputDone = object("ResponseCustomInputDoneEvent", "The text of a call is whole.", () => ({
  ...ofItem(),
  type: is("response.custom_tool_call_input.done"),
  input: given(Schema.String, "All of it.", "SELECT 1")
}))

const codeDone = object("ResponseCodeDoneEvent", "The code of a call is whole.", () => ({
  ...ofItem(),
  type: is("response.code_interpreter_call_code.done"),
  code: given(Schema.String, "All of it.", "print(6 * 7)")
}))

const calls = object("ResponseCallEvent", "How far a call is that is made for the model.", () => ({
  ...ofItem(),
  type: is(
    ...["in_progress", "searching", "completed"].flatMap((state) => [
      `response.file_search_call.${state}`,
      `response.web_search_call.${state}`
    ]),
    ...["in_progress", "interpreting", "completed"].map((state) => `response.code_interpreter_call.${state}`),
    ...["in_progress", "generating", "completed"].map((state) => `response.image_generation_call.${state}`),
    ...["in_progress", "completed", "failed"].flatMap((state) => [
      `response.mcp_call.${state}`,
      `response.mcp_list_tools.${state}`
    ])
  )
}))

const partialImage = object("ResponsePartialImageEvent", "An image on the way.", () => ({
  ...ofItem(),
  type: is("response.image_generation_call.partial_image"),
  partial_image_index: given(Schema.Int, "Which one, from 0.", 0),
  partial_image_b64: given(Schema.String, "Its bytes in base64.", "iVBORw0KGgo=")
}))

const audioPiece = object("ResponseAudioDeltaEvent", "More audio, or more of what it says.", () => ({
  ...sequence(),
  ...piece("Bytes in base64; of a transcript, text.", "UklGRg=="),
  type: is("response.audio.delta", "response.audio.transcript.delta")
}))

const audioDone = object("ResponseAudioDoneEvent", "The audio, or what it says, has ended.", () => ({
  ...sequence(),
  type: is("response.audio.done", "response.audio.transcript.done")
}))

const errorFields = () => ({
  code: givenOrNull(Schema.String, "What kind of error.", "server_error"),
  message: given(Schema.String, "What happened, and what to do.", "The model's provider does not answer."),
  param: givenOrNull(Schema.String, "The field of the request that it is about.", "input")
})

const failed = object("ResponseErrorEvent", "The stream ends with an error.", () => ({
  ...sequence(),
  ...errorFields(),
  type: is("error"),
  error: maybe(
    object("ResponseErrorDetails", "The error once more, in one place.", () => ({
      ...errorFields(),
      type: given(Schema.String, "Its class.", "server_error"),
      headers: maybe(dictionary(Schema.String), "Headers of the answer, where they could not be sent as such.")
    }))(),
    "The same once more, in one place, as other clients look for it."
  )
}))

export const event = variants("ResponseEvent", "An event of a streamed response.", () => [
  ofResponse(),
  items(),
  parts(),
  textPiece(),
  textDone(),
  annotated(),
  thought(),
  thoughtDone(),
  refused(),
  summaryPart(),
  summaryPiece(),
  summaryDone(),
  argumentsPiece(),
  argumentsDone(),
  inputDone(),
  codeDone(),
  calls(),
  partialImage(),
  audioPiece(),
  audioDone(),
  failed()
])
