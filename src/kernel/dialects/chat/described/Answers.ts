/** What clients of chat completions get. */
import { Schema } from "effect"
import { among, type Described, dictionary, given, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { answer, message, storedMessage } from "./Messages.ts"

const tokens = (description: string) => maybeNull(Schema.Int, description, 0)

export const usage = object("ChatUsage", "Tokens, as they were counted.", () => ({
  prompt_tokens: given(Schema.Int, "Of the request.", 58),
  completion_tokens: maybe(Schema.Int, "Of the answer, thoughts included.", 15),
  total_tokens: given(Schema.Int, "All of them.", 73),
  prompt_tokens_details: maybeNull(
    object("ChatPromptTokenDetails", "Of the request's tokens.", () => ({
      audio_tokens: tokens("Those of audio."),
      cached_tokens: tokens("Those that the vendor had in its cache.")
    }))(),
    "Of the request's tokens."
  ),
  completion_tokens_details: maybeNull(
    object("ChatCompletionTokenDetails", "Of the answer's tokens.", () => ({
      reasoning_tokens: tokens("Those of thoughts."),
      audio_tokens: tokens("Those of audio."),
      accepted_prediction_tokens: tokens("Those of `prediction` that the answer has."),
      rejected_prediction_tokens: tokens("Those of `prediction` that it has not; they are paid for.")
    }))(),
    "Of the answer's tokens."
  )
}))

const token = () => ({
  token: given(Schema.String, "The token.", "Oslo"),
  logprob: given(Schema.Finite, "The natural logarithm of its probability.", -0.02),
  bytes: maybeNull(list(Schema.Int), "Its bytes in UTF-8.", [79, 115, 108, 111])
})

const logprob = object("ChatLogprob", "How likely a token was.", () => ({
  ...token(),
  top_logprobs: maybe(
    list(object("ChatTopLogprob", "A token that could have stood there.", token)()),
    "The likeliest tokens of this place, as many as were asked for."
  )
}))

export const logprobs = object("ChatLogprobs", "How likely the tokens were.", () => ({
  content: maybeNull(list(logprob()), "Those of the text."),
  refusal: maybeNull(list(logprob()), "Those of a refusal.")
}))

const finish = () =>
  maybeNull(
    Schema.String,
    "Why it ended: stop, length (the limit of tokens), tool_calls, content_filter, function_call. Null: it goes on.",
    "stop"
  )

const choice = object("ChatChoice", "One answer.", () => ({
  index: given(Schema.Int, "Which one, from 0.", 0),
  message: given(answer(), "The message."),
  finish_reason: finish(),
  logprobs: maybeNull(logprobs(), "How likely the tokens were, where it was asked for.")
}))

const completion = () => ({
  id: given(Schema.String, "The answer's id.", "chatcmpl-6f0a1c"),
  created: given(Schema.Int, "When it was made: seconds since 1970.", 1764000000),
  model: given(Schema.String, "The model that answered, as the vendor names it.", "gpt-5-2025-08-07"),
  service_tier: maybeNull(Schema.String, "How the vendor served it.", "default"),
  system_fingerprint: maybeNull(
    Schema.String,
    "The vendor's settings: with another one, the same seed may answer otherwise."
  ),
  usage: maybeNull(usage(), "Tokens.")
})

const whole = () => ({
  ...completion(),
  object: given(Schema.Literal("chat.completion"), "Always `chat.completion`."),
  choices: given(list(choice()), "The answers, as many as `n` asked for.")
})

export const chatCompletion = object("ChatCompletion", "The vendor's answer, unchanged.", whole)

const callPiece = object("ChatToolCallDelta", "More of a call.", () => ({
  index: given(Schema.Int, "Which call it belongs to, from 0.", 0),
  id: maybeNull(Schema.String, "The call's id, once.", "call_6f0a1c"),
  type: maybeNull(Schema.String, "`function`.", "function"),
  function: maybe(
    object("ChatFunctionDelta", "More of the function.", () => ({
      name: maybeNull(Schema.String, "Its name, once.", "get_weather"),
      arguments: maybeNull(Schema.String, "The text that is added to the arguments.", "{\"city\":")
    }))(),
    "More of the function."
  )
}))

const delta = object("ChatDelta", "What is added to the message.", () => ({
  role: maybeNull(among("developer", "system", "user", "assistant", "tool"), "Who speaks, once.", "assistant"),
  content: maybeNull(Schema.String, "The text that is added.", "It is"),
  refusal: maybeNull(Schema.String, "The text that is added to a refusal.", "I can't"),
  reasoning_content: maybeNull(Schema.String, "The text that is added to the thoughts.", "First,"),
  reasoning: maybeNull(Schema.String, "The same, as other vendors name it.", "First,"),
  tool_calls: maybeNull(list(callPiece()), "More of calls."),
  function_call: maybeNull(
    object("ChatEarlierCallDelta", "More of a call in the form from before `tool_calls`.", () => ({
      name: maybeNull(Schema.String, "The function's name, once.", "get_weather"),
      arguments: maybeNull(Schema.String, "The text that is added to the arguments.", "{\"city\":")
    }))(),
    "Superseded by `tool_calls`."
  )
}))

export const chatCompletionChunk = object("ChatCompletionChunk", "An event of the vendor's stream, unchanged.", () => ({
  ...completion(),
  object: given(Schema.String, "`chat.completion.chunk`; some vendors leave it empty.", "chat.completion.chunk"),
  choices: given(
    list(
      object("ChatChunkChoice", "More of one answer.", () => ({
        index: given(Schema.Int, "Which answer, from 0.", 0),
        delta: maybeNull(delta(), "What is added."),
        finish_reason: finish(),
        logprobs: maybeNull(logprobs(), "How likely the added tokens were, where it was asked for.")
      }))()
    ),
    "More of the answers. Empty: the chunk says only what was used, or what a filter found."
  ),
  obfuscation: maybe(Schema.String, "Noise of the vendor, so that lengths say nothing.", "x7Qp")
}))

export const storedCompletion = object("StoredChatCompletion", "A chat completion that is kept.", () => ({
  ...whole(),
  metadata: maybeNull(dictionary(Schema.String), "What its request had.", { ticket: "4711" }),
  input_messages: maybe(list(message()), "What was asked.")
}))

const listOf = (identifier: string, of: Described) =>
  object(identifier, "A page of a list.", () => ({
    object: given(Schema.Literal("list"), "Always `list`."),
    data: given(list(of()), "The page."),
    first_id: given(Schema.String, "Id of the first one; empty where there is none.", "chatcmpl-6f0a1c"),
    last_id: given(Schema.String, "Id of the last one: send it as `after` for the next page.", "chatcmpl-6f0a1c"),
    has_more: given(Schema.Boolean, "true: others follow.", false)
  }))

export const storedCompletionList = listOf("StoredChatCompletionList", storedCompletion)

export const storedMessageList = listOf("StoredChatCompletionMessageList", storedMessage)
