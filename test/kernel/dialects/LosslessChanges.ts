/**
 * What does not survive a trip over another dialect, and why. A request on its way over another dialect has been at a vendor
 * of that dialect: what only other vendors can read is not shown to it, and comes back all the same, for the client has it
 * still (GeminiDialect.clients.test.ts, ResponsesDialect.trips.test.ts).
 */

type Name = "chat" | "anthropic" | "gemini" | "responses" | "interactions"

export interface KnownChange {
  readonly own: Name
  readonly over: ReadonlyArray<Name>
  readonly kind: "request" | "answer"
  /** With a star at its end it stands for all that begin so. */
  readonly paths: ReadonlyArray<string>
  readonly reason: string
}

export const asked = (
  own: Name,
  over: ReadonlyArray<Name>,
  paths: ReadonlyArray<string>,
  reason: string
): KnownChange => ({
  own,
  over,
  kind: "request",
  paths,
  reason
})

export const answered = (
  own: Name,
  over: ReadonlyArray<Name>,
  paths: ReadonlyArray<string>,
  reason: string
): KnownChange => ({
  ...asked(own, over, paths, reason),
  kind: "answer"
})

export const written: ReadonlyArray<KnownChange> = [
  asked(
    "chat",
    ["chat", "anthropic", "gemini", "responses"],
    ["lost .messages[].thinking_blocks[]*", "lost .messages[].reasoning_content"],
    "Thoughts of an Anthropic model are not for vendors of chat completions, who would refuse them: a degradation."
  ),
  asked(
    "chat",
    ["anthropic", "gemini", "responses"],
    ["lost .messages[].tool_calls[].extra_content.google.thought_signature"],
    "Google's signature is not shown to others, and Gemini's own is not shown to a vendor of chat completions."
  ),
  asked(
    "chat",
    ["anthropic", "gemini"],
    ["lost .messages[].role", "lost .messages[].content", "added .messages[].content[].t*"],
    "There is no developer: what one says is the user's, in a frame that tells it from what users say."
  ),
  asked(
    "chat",
    ["anthropic", "gemini"],
    ["lost .messages[].content[].image_url.detail"],
    "A hint how closely to look at an image, which only OpenAI knows."
  ),
  asked(
    "chat",
    ["anthropic", "gemini"],
    ["* .response_format.json_schema.name", "lost .response_format.json_schema.strict"],
    "The schema has no name there, and is always kept to."
  ),
  asked("chat", ["anthropic"], ["added .max_completion_tokens"], "Anthropic has no default for the longest answer."),
  asked(
    "chat",
    ["anthropic"],
    ["lost .seed", "lost .presence_penalty", "lost .frequency_penalty"],
    "Anthropic has no such setting: a degradation."
  ),
  asked("chat", ["anthropic"], ["lost .stop[]"], "Anthropic refuses what is nothing but spaces: a degradation."),
  asked("chat", ["anthropic"], ["refused by anthropic: response_format"], "JSON of no schema can't be asked for."),
  asked(
    "chat",
    ["gemini"],
    ["lost .parallel_tool_calls", "lost .tools[].function.strict"],
    "Google has no such setting."
  ),
  asked("chat", ["gemini"], ["lost .user"], "The Gemini API is told of no end user."),
  asked("chat", ["responses"], ["added .tools[].function.strict"], "Strict by default there: that it is not is said."),
  asked("chat", ["responses"], ["refused by responses: stop"], "There is no stop: the answer would be another one."),
  answered("chat", ["anthropic"], ["* .created"], "Anthropic's messages do not say when they were made."),
  asked(
    "anthropic",
    ["chat", "gemini"],
    [
      "lost .messages[].content[].thinking",
      "lost .messages[].content[].signature",
      "lost .messages[].content[].data",
      "lost .messages[].content[].type"
    ],
    "Thoughts of an Anthropic model are not for others: a degradation. They come back with the client's next request."
  ),
  asked(
    "anthropic",
    ["chat", "gemini"],
    [
      "lost .system[]*",
      "added .system",
      "lost .messages[].content[].cache_control.type",
      "lost .tools[].cache_control.type"
    ],
    "Others take no mark of a cache; without one the system prompt is text."
  ),
  asked(
    "anthropic",
    ["chat"],
    [
      "lost .messages[].content[].content[]*",
      "added .messages[].content[].content",
      "added .messages[].content[].text",
      "added .messages[].content[].type",
      "added .messages[].content[].source*"
    ],
    "A tool's message holds nothing but text: its images follow in one of the user's, with a word of whose they are."
  ),
  asked("anthropic", ["chat"], ["lost .messages[].content[].is_error"], "That a tool failed has no field, only words."),
  asked(
    "anthropic",
    ["chat"],
    ["lost .thinking.budget_tokens", "* .thinking.type", "added .output_config.effort"],
    "A budget is an effort in words there."
  ),
  asked("anthropic", ["chat"], ["lost .top_k"], "OpenAI's dialect has no top_k: a degradation."),
  asked("anthropic", ["gemini"], ["lost .metadata.user_id"], "The Gemini API is told of no end user."),
  asked("anthropic", ["gemini"], ["lost .tool_choice.disable_parallel_tool_use"], "Google has no such setting."),
  asked(
    "gemini",
    ["chat"],
    [
      "lost .contents[].parts[].functionResponse.response.output[]*",
      "lost .contents[].parts[].functionResponse.parts[]*",
      "added .contents[].parts[].functionResponse.response.output",
      "added .contents[].parts[].inlineData.*",
      "added .contents[].parts[].text"
    ],
    "A tool's message holds nothing but text: its images follow in one of the user's, with a word of whose they are."
  ),
  asked(
    "gemini",
    ["chat"],
    ["lost .contents[].parts[].functionResponse.response.error"],
    "That a tool failed has no field, only words: they come as the output."
  ),
  asked(
    "gemini",
    ["chat", "anthropic"],
    ["lost .contents[].parts[].text", "lost .contents[].parts[].thought", "lost .contents[].parts[].thoughtSignature"],
    "Thoughts and signatures of a Gemini model are not for others: a degradation. They come back with the next request."
  ),
  asked(
    "gemini",
    ["anthropic"],
    ["lost .generationConfig.seed", "lost .generationConfig.*Penalty"],
    "Anthropic has no such setting: a degradation."
  ),
  asked(
    "gemini",
    ["anthropic"],
    ["* .generationConfig.thinkingConfig.*"],
    "An effort in words is a budget of tokens there, and thoughts are always shown."
  )
]

export const recorded: ReadonlyArray<KnownChange> = [
  asked("anthropic", ["anthropic", "chat"], ["refused by anthropic: messages"], "A conversation without a message."),
  asked("anthropic", ["gemini"], ["refused by gemini: messages"], "A conversation without a message."),
  asked("chat", ["anthropic"], ["refused by anthropic: messages"], "An image's `data:` URL that can't be read."),
  asked("chat", ["gemini"], ["refused by chat: messages"], "An image's `data:` URL that can't be read."),
  asked(
    "anthropic",
    ["chat", "gemini"],
    ["lost .messages[].content[].thinking", "lost .messages[].content[].type"],
    "Thoughts are for vendors of their own dialect: a degradation. They come back with the client's next request."
  ),
  asked(
    "chat",
    ["anthropic", "gemini"],
    ["lost .messages[].role", "lost .messages[].content", "added .messages[].content[].t*"],
    "There is no developer: what one says is the user's, in a frame that tells it from what users say."
  ),
  asked(
    "chat",
    ["anthropic", "gemini"],
    ["lost .messages[].content[].image_url.detail"],
    "A hint how closely to look at an image, which only OpenAI knows."
  ),
  asked("chat", ["responses"], ["added .messages[].content[].image_url.detail"], "It has to be said there."),
  asked("chat", ["anthropic", "gemini"], ["* .response_format.json_schema.name"], "The schema has no name there."),
  asked(
    "chat",
    ["anthropic", "gemini", "responses"],
    ["lost .max_tokens", "added .max_completion_tokens"],
    "The newer name for the longest answer, which Anthropic wants to be told of each request."
  ),
  asked(
    "chat",
    ["anthropic", "gemini", "responses"],
    [
      "lost .logprobs",
      "lost .top_logprobs",
      "lost .project_id",
      "lost .service_tier",
      "lost .stream_options.*",
      "lost .messages[].tool_calls[].index",
      "lost .tools[].function.type"
    ],
    "Fields of one vendor, or of no document: for vendors of their own dialect alone."
  ),
  asked(
    "chat",
    ["anthropic", "gemini"],
    ["lost .parallel_tool_calls"],
    "What is so without being said, or no setting."
  ),
  asked(
    "chat",
    ["anthropic"],
    ["added .tool_choice", "lost .tools[].function.parameters", "added .tools[].function.parameters.type"],
    "Anthropic's word for calls side by side stands in the choice, and its schemas are of objects."
  ),
  asked("chat", ["responses"], ["added .tools[].function.strict"], "Strict by default there: that it is not is said."),
  answered(
    "chat",
    ["anthropic", "gemini", "responses"],
    [
      "lost .choices[].content_filter_results.*",
      "lost .prompt_filter_results[]*",
      "lost .service_tier",
      "lost .system_fingerprint",
      "lost .choices[].message.tool_calls[].index"
    ],
    "What one vendor says besides, which clients of other dialects have no field for."
  ),
  answered(
    "chat",
    ["anthropic", "gemini"],
    [
      "lost .usage.completion_tokens_details.accepted_prediction_tokens",
      "lost .usage.completion_tokens_details.audio_tokens",
      "lost .usage.completion_tokens_details.rejected_prediction_tokens",
      "lost .usage.prompt_tokens_details.audio_tokens"
    ],
    "Counters of OpenAI's own, zero in all that is recorded: what they count is in the sums, which survive."
  ),
  answered(
    "chat",
    ["responses"],
    ["added .usage.completion_tokens_details.reasoning_tokens", "added .usage.prompt_tokens_details.cached_tokens"],
    "Counters that a response has to have: zero where nothing is said of them."
  ),
  asked(
    "gemini",
    ["chat", "anthropic", "interactions"],
    ["lost .generationConfig.responseSchema.*", "added .generationConfig.responseJsonSchema.*"],
    "Google's newer name for a JSON Schema, whose contents stay."
  ),
  asked("gemini", ["anthropic"], ["added .generationConfig.maxOutputTokens"], "Anthropic has no default for it."),
  answered(
    "gemini",
    ["gemini", "chat", "anthropic", "interactions"],
    ["added .candidates[].index"],
    "The first is said to be it."
  ),
  answered(
    "gemini",
    ["chat", "anthropic", "interactions"],
    [
      "lost .candidates[].avgLogprobs",
      "lost .createTime",
      "lost .usageMetadata.trafficType",
      "lost .usageMetadata.*TokensDetails[].*"
    ],
    "What one vendor says besides. How its sums are split by modality is among it: the sums survive."
  ),
  answered("gemini", ["chat", "interactions"], ["added .createTime"], "In whole seconds.")
]

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.split("*").map((each) => each.replaceAll(/[.[\]]/g, "\\$&")).join(".*")}$`)

/** The changes that no row has, and the rows' paths that did not change. */
export const compared = (
  known: ReadonlyArray<KnownChange>,
  trip: { readonly own: string; readonly over: string; readonly kind: KnownChange["kind"] },
  changes: ReadonlyArray<string>
) => {
  const paths = known.flatMap(({ kind, over, own, paths }) =>
    kind === trip.kind && own === trip.own && over.some((each) => each === trip.over) ? paths : []
  )
  return {
    unknown: changes.filter((change) => !paths.some((path) => pattern(path).test(change))),
    unused: paths.filter((path) => !changes.some((change) => pattern(path).test(change)))
  }
}
