/** What clients of Responses send. */
import { Schema } from "effect"
import { among, dictionary, either, given, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { inputItem, item } from "./Items.ts"
import { conversation, reasoning, settings, textSettings, toolChoice } from "./Settings.ts"
import { tool } from "./Tools.ts"

export const input = () => either(Schema.String, list(inputItem()))

const model = (description: string) => given(Schema.String, description, "openai/gpt-5")

const instructions = () =>
  maybeNull(Schema.String, "What the model is to keep to, in this response alone.", "Be brief.")

const inConversation = () =>
  maybeNull(
    either(Schema.String, conversation()),
    "The conversation it stands in: its items go before `input`, and what is new is added to it. Strata keeps it.",
    "conv_6f0a1c"
  )

const contextManagement = object("ResponseContextManagement", "What the vendor does with a long conversation.", () => ({
  type: given(Schema.String, "`compaction`.", "compaction"),
  compact_threshold: maybeNull(Schema.Int, "From how many tokens on, at least 1000.", 100000)
}))

const streamOptions = object("ResponseStreamOptions", "How the stream is.", () => ({
  include_obfuscation: maybe(
    Schema.Boolean,
    "Whether the vendor adds noise to events, so that their lengths say nothing. Strata adds none itself.",
    false
  )
}))

export const createResponse = object("CreateResponse", "What a response is asked for with.", () => ({
  max_infer_iters: maybeNull(
    Schema.Int,
    "Most times the model is asked, as OGX has it; one more makes the response incomplete. Default 50.",
    10
  ),
  ...settings(),
  model: model("The model, as GET /v1/models lists it."),
  input: maybeNull(
    input(),
    "What the user says, or items. It may be left out where there is something to go on from.",
    "What is the weather in Oslo?"
  ),
  instructions: instructions(),
  conversation: inConversation(),
  include: maybeNull(
    list(Schema.String),
    "What the answer has besides: reasoning.encrypted_content, message.output_text.logprobs, " +
      "file_search_call.results, web_search_call.results, web_search_call.action.sources, " +
      "message.input_image.image_url, computer_call_output.output.image_url, code_interpreter_call.outputs.",
    ["reasoning.encrypted_content"]
  ),
  stream: maybeNull(Schema.Boolean, "true: answer with server-sent events. Default false.", true),
  stream_options: maybeNull(streamOptions(), "How the stream is."),
  store: maybeNull(
    Schema.Boolean,
    "Whether Strata keeps the response: to be retrieved, and gone on from. Default true.",
    false
  ),
  context_management: maybeNull(list(contextManagement()), "What the vendor does with a long conversation.")
}))

export const compactRequest = object("CompactResponse", "A conversation that is to be made shorter.", () => ({
  model: model("The model that makes it shorter."),
  input: maybeNull(input(), "The conversation.", "What is the weather in Oslo?"),
  previous_response_id: maybeNull(
    Schema.String,
    "The response whose conversation stands before `input`.",
    "resp_6f0a1c"
  ),
  instructions: maybeNull(Schema.String, "What the model is to keep to.", "Keep all names."),
  prompt_cache_key: maybeNull(Schema.String, "Requests of one key share the vendor's cache.", "weather")
}))

export const countRequest = object("CountInputTokens", "What a response would be asked for with.", () => ({
  model: model("The model whose tokens are counted."),
  input: maybeNull(input(), "What the user says, or items.", "What is the weather in Oslo?"),
  instructions: instructions(),
  previous_response_id: maybeNull(Schema.String, "The response that it would go on from.", "resp_6f0a1c"),
  conversation: inConversation(),
  tools: maybeNull(list(tool()), "What the model may use."),
  tool_choice: maybeNull(toolChoice(), "What must be called.", "auto"),
  parallel_tool_calls: maybeNull(Schema.Boolean, "Whether several tools may be called at once.", true),
  reasoning: maybeNull(reasoning(), "How the model thinks."),
  text: maybeNull(textSettings(), "The form of the text."),
  truncation: maybe(among("auto", "disabled"), "What becomes of a conversation that is too long.", "disabled")
}))

export const createConversation = object("CreateConversation", "A conversation that is to be kept.", () => ({
  items: maybeNull(list(item()), "Its first items, at most 20.", [{ role: "user", content: "Hello!" }]),
  metadata: maybeNull(
    dictionary(Schema.String),
    "Up to 16 pairs that come back with it: keys up to 64 characters, values up to 512.",
    { ticket: "4711" }
  )
}))

export const createItems = object(
  "CreateConversationItems",
  "Items that are to stand in a conversation.",
  () => ({
    items: given(list(item()), "At most 20; a text as a message's content becomes a part.", [
      { role: "user", content: "Hello!" }
    ])
  })
)
