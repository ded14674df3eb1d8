/** OpenAI's text completions, the API before chat: what Strata reads of them is declared, everything else passes. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import { CompletionUsage } from "../chat/Wire.ts"

const number = nullable(Schema.Union([Schema.Finite, Schema.String, Schema.Boolean]))
const flag = nullable(Schema.Union([Schema.Boolean, Schema.Finite, Schema.String]))
const orJson = <S extends Schema.Constraint>(usual: S) => nullable(Schema.Union([usual, Schema.Json]))

export const Prompt = Schema.Union([
  Schema.String,
  Schema.Array(Schema.String),
  Schema.Array(Schema.Int),
  Schema.Array(Schema.Array(Schema.Int))
]).annotate({ identifier: "Prompt", description: "A text, a list of texts, a list of tokens, or a list of those." })

export const CompletionRequest = openStruct({
  model: Schema.NonEmptyString.annotate({ description: "`provider_id/model_id`, as `GET /v1/models` lists it." }),
  prompt: orJson(Prompt).annotate({ description: "What is to be gone on with. Absent: as the vendor has it." }),
  stream: nullable(Schema.Boolean).annotate({ description: "true: answer with server-sent events. Default false." }),
  stream_options: orJson(openStruct({ include_usage: flag })),
  suffix: orJson(Schema.String).annotate({ description: "What comes behind the completion." }),
  echo: flag.annotate({ description: "true: the prompt stands before the completion." }),
  logprobs: number.annotate({ description: "So many alternatives of each token, with their logarithms." }),
  n: number.annotate({ description: "How many completions of each prompt." }),
  best_of: number.annotate({ description: "So many are made, and the best of them given." }),
  max_tokens: number,
  temperature: number,
  top_p: number,
  frequency_penalty: number,
  presence_penalty: number,
  seed: number,
  stop: orJson(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  logit_bias: orJson(Schema.Record(Schema.String, Schema.Finite)),
  user: orJson(Schema.String)
}).annotate({
  identifier: "CompletionRequest",
  description:
    "A text completion request in OpenAI's dialect. What it is beyond this reaches the vendor unchanged, and the vendor " +
    "says what it does not take."
})
export type CompletionRequest = typeof CompletionRequest.Type

export const TextCompletion = openStruct({
  id: Schema.String,
  object: Schema.String.annotate({ description: "`text_completion`." }),
  created: Schema.Int.annotate({ description: "Seconds since 1970." }),
  model: Schema.String.annotate({ description: "The model that answered, as the vendor names it." }),
  choices: Schema.Array(openStruct({
    index: Schema.Int,
    text: Schema.String,
    finish_reason: nullable(Schema.String)
  })),
  usage: nullable(CompletionUsage)
}).annotate({ identifier: "TextCompletion", description: "The vendor's answer, or a frame of its stream, unchanged." })

/** The stream's frames: a part of the completion each, and `[DONE]` at the end. */
export const TextCompletionFrame = Schema.Struct({
  event: Schema.tag("message"),
  data: Schema.Union([Schema.fromJsonString(TextCompletion), Schema.Literal("[DONE]")])
}).annotate({ identifier: "TextCompletionFrame", description: "`data: <completion>`, ending in `data: [DONE]`." })
