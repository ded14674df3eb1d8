/** What clients of chat completions send. */
import { Schema } from "effect"
import { among, dictionary, either, given, is, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { message, textPart } from "./Messages.ts"
import { earlierChoice, earlierFunction, responseFormat, tool, toolChoice } from "./Tools.ts"

const streamOptions = object("ChatStreamOptions", "How the stream is.", () => ({
  include_usage: maybe(Schema.Boolean, "true: the last chunk says how many tokens were used. Default false.", true),
  include_obfuscation: maybe(
    Schema.Boolean,
    "Whether the vendor adds noise to chunks, so that their lengths say nothing. Strata adds none itself.",
    false
  )
}))

/** Of chat and of text completions. */
export const sampling = () => ({
  frequency_penalty: maybeNull(Schema.Finite, "Against what was said often, -2 to 2. Default 0.", 0),
  presence_penalty: maybeNull(Schema.Finite, "Against what was said before, -2 to 2. Default 0.", 0),
  logit_bias: maybeNull(
    dictionary(Schema.Finite),
    "By a token's number: how much likelier (to 100) or less likely (to -100) it is.",
    { "50256": -100 }
  ),
  n: maybeNull(Schema.Int, "How many answers, 1 to 128 at OpenAI. Default 1.", 1),
  seed: maybeNull(Schema.Int, "With the same seed and request the vendor tries to answer the same.", 7),
  stop: maybeNull(either(Schema.String, list(Schema.String)), "Up to 4 texts that end the answer.", ["\n\n"]),
  stream: maybeNull(Schema.Boolean, "true: answer with server-sent events. Default false.", true),
  stream_options: maybeNull(streamOptions(), "How the stream is; only with `stream: true`."),
  temperature: maybeNull(Schema.Finite, "How freely words are chosen, 0 to 2. Default: the vendor's, often 1.", 0.2),
  top_p: maybeNull(
    Schema.Finite,
    "Only the likeliest words that together have this probability, 0 to 1. Default: the vendor's, often 1.",
    0.9
  ),
  user: maybeNull(Schema.String, "Who of the client's users asks.", "ada")
})

const voice = () =>
  either(
    Schema.String,
    object("ChatCustomVoice", "A voice of one's own.", () => ({
      id: given(Schema.String, "The voice.", "voice_6f0a1c")
    }))()
  )

const audioOutput = object("ChatAudioOutput", "How the model says it aloud.", () => ({
  voice: given(voice(), "Who speaks: alloy, ash, ballad, coral, echo, sage, shimmer, verse, marin, cedar …", "alloy"),
  format: given(among("wav", "aac", "mp3", "flac", "opus", "pcm16"), "The format.", "mp3")
}))

const prediction = object("ChatPrediction", "What most of the answer will be.", () => ({
  type: is("content"),
  content: given(either(Schema.String, list(textPart())), "The text.", "const city = \"Oslo\"")
}))

const place = object("ChatUserPlace", "The place.", () => ({
  country: maybe(Schema.String, "The country, ISO 3166-1 of two letters.", "NO"),
  region: maybe(Schema.String, "The region.", "Oslo"),
  city: maybe(Schema.String, "The city.", "Oslo"),
  timezone: maybe(Schema.String, "The time zone, by its IANA name.", "Europe/Oslo")
}))

const webSearch = object("ChatWebSearchOptions", "How the vendor searches the web.", () => ({
  search_context_size: maybe(
    among("low", "medium", "high"),
    "How much of what is found the model reads. Default medium.",
    "low"
  ),
  user_location: maybeNull(
    object("ChatUserLocation", "Where the user is, roughly.", () => ({
      type: is("approximate"),
      approximate: given(place(), "The place.")
    }))(),
    "Where the user is, roughly."
  )
}))

export const chatCompletionRequest = object(
  "ChatCompletionRequest",
  "A chat completion that is asked for. What is not named here reaches the vendor too, and the vendor says what it does " +
    "not take.",
  () => ({
    model: given(Schema.String, "The model, as GET /v1/models lists it.", "openai/gpt-5"),
    messages: given(list(message()), "The conversation, the earliest message first.", [
      { role: "user", content: "What is the weather in Oslo?" }
    ]),
    ...sampling(),
    tools: maybeNull(list(tool()), "What the model may call.", [
      { type: "function", function: { name: "get_weather", parameters: { type: "object" } } }
    ]),
    tool_choice: maybeNull(toolChoice(), "auto, none, required, or what must be called. Default auto.", "auto"),
    parallel_tool_calls: maybeNull(Schema.Boolean, "Whether several tools may be called at once. Default true.", true),
    functions: maybe(list(earlierFunction()), "Superseded by `tools`."),
    function_call: maybe(earlierChoice(), "Superseded by `tool_choice`.", "auto"),
    response_format: maybeNull(responseFormat(), "The form of the answer. Default text.", { type: "text" }),
    reasoning_effort: maybeNull(
      among("none", "minimal", "low", "medium", "high", "xhigh", "max"),
      "How much the model thinks before it answers. Which of these there are depends on the model.",
      "low"
    ),
    verbosity: maybeNull(among("low", "medium", "high"), "How much is said. Default medium.", "low"),
    max_completion_tokens: maybeNull(Schema.Int, "Most tokens of an answer, thoughts included.", 1000),
    max_tokens: maybeNull(
      Schema.Int,
      "Most tokens of an answer. OpenAI has `max_completion_tokens` in its place.",
      1000
    ),
    logprobs: maybeNull(Schema.Boolean, "true: the answer says how likely each token was. Default false.", true),
    top_logprobs: maybeNull(Schema.Int, "How many other tokens are named at each place, 0 to 20.", 2),
    modalities: maybeNull(list(among("text", "audio")), "What the answer is. Default text.", ["text"]),
    audio: maybeNull(audioOutput(), "How it is said aloud; needed where `modalities` has audio."),
    prediction: maybeNull(prediction(), "What most of the answer will be: it comes quicker then."),
    web_search_options: maybe(webSearch(), "How the vendor searches the web, with models that do."),
    store: maybeNull(
      Schema.Boolean,
      "true: Strata keeps messages and answer, whoever serves the model: they can be listed and retrieved. Default false.",
      false
    ),
    metadata: maybeNull(
      dictionary(Schema.String),
      "Up to 16 pairs, kept with the answer where `store` is true: keys up to 64 characters, values up to 512.",
      { ticket: "4711" }
    ),
    service_tier: maybeNull(
      Schema.String,
      "How the vendor is to serve it: auto, default, flex, scale, priority at OpenAI. Default: the vendor's.",
      "default"
    ),
    safety_identifier: maybe(Schema.String, "Who of the client's users asks, up to 64 characters.", "user-4711"),
    prompt_cache_key: maybe(Schema.String, "Requests of one key share the vendor's cache.", "weather"),
    prompt_cache_retention: maybeNull(among("in-memory", "24h"), "How long the vendor's cache keeps it.", "24h")
  })
)
