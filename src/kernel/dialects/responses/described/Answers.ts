/** What clients of Responses get. */
import { Schema } from "effect"
import { among, type Described, either, given, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { inputItem, item } from "./Items.ts"
import { input } from "./Requests.ts"
import { conversation, settings } from "./Settings.ts"

const created = () => given(Schema.Finite, "When it was made: seconds since 1970.", 1764000000)

const usage = object("ResponseUsage", "Tokens, as they were counted.", () => ({
  input_tokens: given(Schema.Int, "Of the request.", 58),
  input_tokens_details: maybe(
    object("ResponseInputTokenDetails", "Of these.", () => ({
      cached_tokens: maybe(Schema.Int, "Those that the vendor had in its cache.", 0)
    }))(),
    "Of these."
  ),
  output_tokens: given(Schema.Int, "Of the answer.", 15),
  output_tokens_details: maybe(
    object("ResponseOutputTokenDetails", "Of these.", () => ({
      reasoning_tokens: maybe(Schema.Int, "Those of thoughts.", 0)
    }))(),
    "Of these."
  ),
  total_tokens: given(Schema.Int, "All of them.", 73)
}))

const failure = object("ResponseFailure", "Why it failed.", () => ({
  code: given(
    Schema.String,
    "What kind of failure: server_error, rate_limit_exceeded, invalid_prompt, vector_store_timeout, image_parse_error, " +
      "and others of images.",
    "server_error"
  ),
  message: given(Schema.String, "What happened, and what to do.", "The model's provider does not answer.")
}))

const incomplete = object("ResponseIncompleteDetails", "Why it is incomplete.", () => ({
  reason: maybe(Schema.String, "`max_output_tokens`, `max_tool_calls` or `content_filter`.", "max_output_tokens")
}))

const fields = () => ({
  ...settings(),
  id: given(Schema.String, "The response's id.", "resp_6f0a1c"),
  object: given(Schema.Literal("response"), "Always `response`."),
  created_at: created(),
  completed_at: maybeNull(Schema.Finite, "When it was completed: seconds since 1970.", 1764000002),
  status: maybe(
    among("completed", "failed", "in_progress", "cancelled", "queued", "incomplete"),
    "How far it is. What is made in the background begins `queued`.",
    "completed"
  ),
  model: given(Schema.String, "The model that was asked.", "openai/gpt-5"),
  output: given(list(item()), "What the model answers, item by item."),
  output_text: maybeNull(Schema.String, "All its text, where a client library adds it. Not sent.", "It is raining."),
  error: maybeNull(failure(), "Why it failed; null: it did not."),
  incomplete_details: maybeNull(incomplete(), "Why it is incomplete; null: it is not."),
  instructions: maybeNull(either(Schema.String, list(inputItem())), "What the model had to keep to.", "Be brief."),
  conversation: maybeNull(conversation(), "The conversation that it stands in."),
  store: maybe(Schema.Boolean, "Whether it is kept.", true),
  usage: maybeNull(usage(), "Tokens; null until it has ended.")
})

export const response = object("Response", "A response.", fields)

const listedResponse = object("ListedResponse", "A response with what it was asked.", () => ({
  ...fields(),
  input: maybe(input(), "What it was asked.")
}))

const listOf = (identifier: string, of: Described) =>
  object(identifier, "A page of a list.", () => ({
    object: given(Schema.Literal("list"), "Always `list`."),
    data: given(list(of()), "The page."),
    first_id: maybeNull(Schema.String, "Id of the first one.", "resp_6f0a1c"),
    last_id: maybeNull(Schema.String, "Id of the last one: send it as `after` for the next page.", "resp_6f0a1c"),
    has_more: given(Schema.Boolean, "true: others follow.", false)
  }))

export const responseList = listOf("ResponseList", listedResponse)

/** Of a response's input, or of a conversation. */
export const itemList = listOf("ResponseItemList", item)

export const compacted = object("CompactedResponse", "A conversation that was made shorter.", () => ({
  id: given(Schema.String, "Its id.", "resp_6f0a1c"),
  object: given(Schema.Literal("response.compaction"), "Always `response.compaction`."),
  created_at: created(),
  output: given(list(item()), "Send these as `input`, with what comes next."),
  usage: maybeNull(usage(), "Tokens that it took.")
}))
