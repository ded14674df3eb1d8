/** What clients of messages send and get, in Anthropic's dialect. */
import { Schema } from "effect"
import {
  among,
  either,
  given,
  givenOrNull,
  is,
  list,
  maybe,
  maybeNull,
  object,
  variants
} from "../../DescribedFields.ts"
import * as Blocks from "./Blocks.ts"
import * as Server from "./ServerBlocks.ts"
import { tool, toolChoice } from "./Tools.ts"

export const block = variants("AnthropicContentBlock", "A block of a message; one of another type passes too.", () => [
  Blocks.text(),
  Blocks.image(),
  Blocks.document(),
  Blocks.searchResult(),
  Blocks.thinking(),
  Blocks.redactedThinking(),
  Blocks.toolUse(),
  Blocks.toolResult(),
  Blocks.containerUpload(),
  Server.serverToolUse(),
  Server.webSearchResult(),
  Server.webFetchResult(),
  Server.codeExecutionResult(),
  Server.bashResult(),
  Server.editorResult(),
  Server.toolSearchResult()
])

const turn = object("AnthropicTurn", "What somebody says.", () => ({
  role: given(among("user", "assistant"), "Who speaks. Results of tools are the user's.", "user"),
  content: given(either(Schema.String, list(block())), "A text, or blocks.", "What is the weather in Oslo?")
}))

const display = () =>
  maybeNull(among("summarized", "omitted"), "What of the thoughts the answer has. Default: by the model.", "summarized")

const thinking = variants("AnthropicThinkingSettings", "Whether the model thinks before it answers.", () => [
  object("AnthropicThinkingEnabled", "It does.", () => ({
    type: is("enabled"),
    budget_tokens: given(Schema.Int, "Most tokens of thoughts: at least 1024, fewer than `max_tokens`.", 2048),
    display: display()
  }))(),
  object("AnthropicThinkingAdaptive", "As much as it takes.", () => ({ type: is("adaptive"), display: display() }))(),
  object("AnthropicThinkingDisabled", "It does not.", () => ({ type: is("disabled") }))()
])

const outputConfig = object("AnthropicOutputConfig", "How the answer is made.", () => ({
  effort: maybeNull(
    among("low", "medium", "high", "xhigh", "max"),
    "How much the model does for it. Default high.",
    "low"
  ),
  format: maybeNull(
    object("AnthropicJsonFormat", "JSON that keeps to a schema.", () => ({
      type: is("json_schema"),
      schema: given(Schema.JsonObject, "The JSON Schema.", { type: "object" })
    }))(),
    "The form of the answer. Default text."
  )
}))

const asked = () => ({
  model: given(Schema.String, "The model, as GET /v1/models lists it.", "anthropic/claude-sonnet-4-5"),
  messages: given(list(turn()), "The conversation, the earliest first.", [
    { role: "user", content: "What is the weather in Oslo?" }
  ]),
  system: maybe(
    either(Schema.String, list(Blocks.text())),
    "What the model is to keep to: a text, or blocks.",
    "Be brief."
  ),
  tools: maybe(list(tool()), "What the model may use.", [{ name: "get_weather", input_schema: { type: "object" } }]),
  tool_choice: maybe(toolChoice(), "Which tools are called. Default auto.", { type: "auto" }),
  thinking: maybe(thinking(), "Whether the model thinks before it answers.", { type: "enabled", budget_tokens: 2048 }),
  output_config: maybe(outputConfig(), "How the answer is made."),
  ...Blocks.cacheControl()
})

export const messagesRequest = object(
  "AnthropicMessagesRequest",
  "A message that is asked for. What is not named here reaches a vendor of the same dialect.",
  () => ({
    ...asked(),
    max_tokens: given(Schema.Int, "Most tokens of the answer, thoughts included.", 1024),
    temperature: maybe(Schema.Finite, "How freely words are chosen, 0 to 1. Default 1.", 0.2),
    top_p: maybe(Schema.Finite, "Only the likeliest words that together have this probability, 0 to 1.", 0.9),
    top_k: maybe(Schema.Int, "Only this many of the likeliest words.", 40),
    stop_sequences: maybe(list(Schema.String), "Texts that end the answer.", ["\n\nHuman:"]),
    stream: maybe(Schema.Boolean, "true: answer with server-sent events. Default false.", true),
    metadata: maybe(
      object("AnthropicMetadata", "Of the request.", () => ({
        user_id: maybeNull(Schema.String, "Who of the client's users asks, up to 512 characters.", "user-4711")
      }))(),
      "Who asks."
    ),
    service_tier: maybe(among("auto", "standard_only"), "Whether reserved capacity may be used. Default auto.", "auto"),
    container: maybeNull(
      Schema.String,
      "A container of an earlier answer, in which the vendor runs code.",
      "container_6f0a1c"
    ),
    inference_geo: maybeNull(Schema.String, "Where the vendor may compute it. Default: by the account.", "us")
  })
)

const batchLine = object("AnthropicBatchLine", "A message of a batch.", () => ({
  custom_id: given(Schema.String, "The client's own name of it: its result has it too.", "line-1"),
  params: given(messagesRequest(), "The message that is asked for.")
}))

export const messageBatchRequest = object(
  "AnthropicMessageBatchRequest",
  "Messages that are asked for together.",
  () => ({
    requests: given(list(batchLine()), "The messages.")
  })
)

export const countTokensRequest = object(
  "AnthropicCountTokensRequest",
  "What a message would be asked for with.",
  asked
)

const tokens = (description: string, example = 0) => maybeNull(Schema.Int, description, example)

const usage = object("AnthropicUsage", "Tokens, as they were counted.", () => ({
  input_tokens: tokens("Of the request, those of the cache not counted.", 58),
  output_tokens: tokens("Of the answer, thoughts included.", 15),
  cache_creation_input_tokens: tokens("Those that went into the vendor's cache."),
  cache_read_input_tokens: tokens("Those that came from the vendor's cache."),
  cache_creation: maybeNull(
    object("AnthropicCacheCreation", "Those that went into the cache, by how long they are kept.", () => ({
      ephemeral_5m_input_tokens: given(Schema.Int, "For 5 minutes.", 0),
      ephemeral_1h_input_tokens: given(Schema.Int, "For an hour.", 0)
    }))(),
    "Those that went into the cache, by how long they are kept."
  ),
  server_tool_use: maybeNull(
    object("AnthropicServerToolCounts", "How often the vendor's tools were used.", () => ({
      web_search_requests: maybe(Schema.Int, "Searches of the web.", 0),
      web_fetch_requests: maybe(Schema.Int, "Pages that were fetched.", 0)
    }))(),
    "How often the vendor's tools were used."
  ),
  inference_geo: maybeNull(Schema.String, "Where it was computed.", "us"),
  service_tier: maybeNull(among("standard", "priority", "batch"), "How it was served.", "standard")
}))

const stopDetails = object("AnthropicStopDetails", "What is to be said of a refusal.", () => ({
  type: is("refusal"),
  category: givenOrNull(among("cyber", "bio"), "What it is about.", "cyber"),
  explanation: givenOrNull(Schema.String, "Why it was refused.", "It could do harm.")
}))

const container = object("AnthropicContainer", "Where the vendor ran code.", () => ({
  id: given(Schema.String, "The container: send it with the next request to go on in it.", "container_6f0a1c"),
  expires_at: given(Schema.String, "Until when it is there, ISO 8601.", "2026-11-27T08:00:00Z")
}))

const stop = () => ({
  stop_reason: maybeNull(
    Schema.String,
    "Why it ended: end_turn, max_tokens, stop_sequence, tool_use, pause_turn (send it back to go on), refusal. Null: it " +
      "goes on.",
    "end_turn"
  ),
  stop_sequence: maybeNull(Schema.String, "The text that ended it, of those asked for.", "\n\nHuman:"),
  stop_details: maybeNull(stopDetails(), "What is to be said of a refusal."),
  container: maybeNull(container(), "Where the vendor ran code.")
})

export const message = object("AnthropicMessage", "A message that a model answers.", () => ({
  id: given(Schema.String, "The message's id.", "msg_6f0a1c"),
  type: is("message"),
  role: is("assistant"),
  model: given(Schema.String, "The model that answered, as the vendor names it.", "claude-sonnet-4-5-20250929"),
  content: given(list(block()), "What it says, block by block.", [{ type: "text", text: "It is raining." }]),
  ...stop(),
  usage: given(usage(), "Tokens.")
}))

export const tokenCount = object("AnthropicTokenCount", "How many tokens a request has.", () => ({
  input_tokens: given(Schema.Int, "Tokens of the request.", 58)
}))

export const errorDetails = object("AnthropicErrorDetails", "The error.", () => ({
  type: given(Schema.String, "What kind of error.", "overloaded_error"),
  message: given(Schema.String, "What happened, and what to do.", "The vendor is overloaded.")
}))

const index = () => given(Schema.Int, "Which block, from 0.", 0)

const delta = variants("AnthropicBlockDelta", "What is added to a block.", () => [
  object("AnthropicTextDelta", "More text.", () => ({
    type: is("text_delta"),
    text: given(Schema.String, "The text that is added.", "It is")
  }))(),
  object("AnthropicInputDelta", "More of a tool's input.", () => ({
    type: is("input_json_delta"),
    partial_json: given(Schema.String, "The text that is added; all together is JSON.", "{\"city\":")
  }))(),
  object("AnthropicThinkingDelta", "More of a thought.", () => ({
    type: is("thinking_delta"),
    thinking: given(Schema.String, "The text that is added.", "Where")
  }))(),
  object("AnthropicSignatureDelta", "The seal of a thought.", () => ({
    type: is("signature_delta"),
    signature: given(Schema.String, "The seal.", "EqQBCgIYAhIM")
  }))(),
  object("AnthropicCitationsDelta", "What the text rests on.", () => ({
    type: is("citations_delta"),
    citation: given(Schema.JsonObject, "One more of the block's `citations`.", { type: "page_location" })
  }))()
])

export const event = variants("AnthropicStreamEvent", "An event of a streamed message.", () => [
  object("AnthropicMessageStart", "The message begins.", () => ({
    type: is("message_start"),
    message: given(message(), "The message, without content yet.")
  }))(),
  object("AnthropicBlockStart", "A block begins.", () => ({
    type: is("content_block_start"),
    index: index(),
    content_block: given(block(), "The block, without content yet.")
  }))(),
  object("AnthropicBlockPiece", "More of a block.", () => ({
    type: is("content_block_delta"),
    index: index(),
    delta: given(delta(), "What is added.")
  }))(),
  object("AnthropicBlockStop", "A block has ended.", () => ({ type: is("content_block_stop"), index: index() }))(),
  object("AnthropicMessageDelta", "What is known at the end.", () => ({
    type: is("message_delta"),
    delta: given(object("AnthropicMessageEnd", "How it ended.", stop)(), "How it ended."),
    usage: maybe(usage(), "Tokens, all of them.")
  }))(),
  object("AnthropicMessageStop", "The message has ended.", () => ({ type: is("message_stop") }))(),
  object("AnthropicPing", "Nothing; the connection is alive.", () => ({ type: is("ping") }))(),
  object("AnthropicErrorEvent", "The stream ends with an error.", () => ({
    type: is("error"),
    error: given(errorDetails(), "The error."),
    request_id: maybeNull(Schema.String, "The vendor's id of the request.", "req_6f0a1c")
  }))()
])
