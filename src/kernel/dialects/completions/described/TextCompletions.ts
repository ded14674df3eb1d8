/** Text completions, from before chat. */
import { Schema } from "effect"
import { logprobs as chatLogprobs, usage } from "../../chat/described/Answers.ts"
import { sampling } from "../../chat/described/Requests.ts"
import { dictionary, either, given, list, maybe, maybeNull, object } from "../../DescribedFields.ts"

export const completionRequest = object(
  "CompletionRequest",
  "A text that a model is to go on with. What is not named here reaches the vendor too.",
  () => ({
    model: given(Schema.String, "The model, as GET /v1/models lists it.", "openai/gpt-3.5-turbo-instruct"),
    prompt: given(
      either(Schema.String, list(Schema.String), list(Schema.Int), list(list(Schema.Int))),
      "A text, tokens by their numbers, or a list of either.",
      "The capital of Norway is"
    ),
    ...sampling(),
    suffix: maybeNull(Schema.String, "The text that comes behind what the model writes.", "."),
    max_tokens: maybeNull(Schema.Int, "Most tokens of an answer. Default 16 at OpenAI.", 100),
    logprobs: maybeNull(
      either(Schema.Int, Schema.Boolean),
      "How many tokens are named at each place, 0 to 5; some vendors take true. Default: none.",
      2
    ),
    best_of: maybeNull(Schema.Int, "How many are made, of which the best `n` come back, 1 to 20. Default 1.", 1),
    echo: maybeNull(Schema.Boolean, "Whether the answer begins with the prompt. Default false.", false)
  })
)

const logprobs = object("CompletionLogprobs", "How likely the tokens were: lists with one entry a token.", () => ({
  tokens: maybe(list(Schema.String), "The tokens.", [" Oslo"]),
  token_logprobs: maybe(list(Schema.NullOr(Schema.Finite)), "The natural logarithms of their probabilities.", [-0.02]),
  top_logprobs: maybeNull(
    list(Schema.NullOr(dictionary(Schema.Finite))),
    "The likeliest tokens of each place with the logarithms of theirs.",
    [{ " Oslo": -0.02 }]
  ),
  text_offset: maybe(list(Schema.Int), "Where each begins in the text: characters, from 0.", [24])
}))

/** Also an event of its stream. */
export const textCompletion = object(
  "TextCompletion",
  "The vendor's answer, unchanged; of a stream, a piece of it.",
  () => ({
    id: given(Schema.String, "The answer's id.", "cmpl-6f0a1c"),
    object: given(Schema.String, "`text_completion`.", "text_completion"),
    created: given(Schema.Int, "When it was made: seconds since 1970.", 1764000000),
    model: given(Schema.String, "The model that answered, as the vendor names it.", "gpt-3.5-turbo-instruct"),
    choices: given(
      list(
        object("CompletionChoice", "One answer.", () => ({
          index: given(Schema.Int, "Which one, from 0.", 0),
          text: given(Schema.String, "The text; of a stream, what is added.", " Oslo."),
          finish_reason: maybeNull(
            Schema.String,
            "Why it ended: stop, length, content_filter. Null: it goes on.",
            "stop"
          ),
          logprobs: maybeNull(
            either(logprobs(), chatLogprobs()),
            "How likely the tokens were, where it was asked for; of some vendors in the form of chat."
          )
        }))()
      ),
      "The answers: `n` of each prompt."
    ),
    system_fingerprint: maybeNull(
      Schema.String,
      "The vendor's settings: with another one, the same seed may answer otherwise."
    ),
    usage: maybeNull(usage(), "Tokens.")
  })
)
