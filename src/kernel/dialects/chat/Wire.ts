/** Chat completions in OpenAI's dialect: what this API reads of them is declared, everything else passes through. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

/**
 * What the vendor decides about is not checked here: some take more than OpenAI does, and each says itself what it does
 * not take. Such a field is what it usually is, or else another scalar, or any JSON.
 */
const number = nullable(Schema.Union([Schema.Finite, Schema.String, Schema.Boolean]))
const flag = nullable(Schema.Union([Schema.Boolean, Schema.Finite, Schema.String]))
const text = nullable(Schema.Union([Schema.String, Schema.Finite, Schema.Boolean]))
const orJson = <S extends Schema.Constraint>(usual: S) => nullable(Schema.Union([usual, Schema.Json]))

export const ContentPart = openStruct({
  type: nullable(Schema.String).annotate({ description: "text, image_url, input_audio, file, refusal …" })
}).annotate({ identifier: "ContentPart", description: "A part of a message, as the vendor defines it." })

export const ChatCompletionMessage = openStruct({
  role: Schema.String.annotate({ description: "developer, system, user, assistant, tool …" }),
  content: orJson(Schema.Union([Schema.String, Schema.Array(ContentPart)])),
  name: orJson(Schema.String),
  tool_call_id: orJson(Schema.String),
  tool_calls: orJson(Schema.Array(Schema.Json))
}).annotate({ identifier: "ChatCompletionMessage" })

export const Tool = openStruct({ type: nullable(Schema.String) }).annotate({ identifier: "Tool" })

export const ChatCompletionRequest = openStruct({
  model: Schema.NonEmptyString.annotate({ description: "`provider_id/model_id`, as `GET /v1/models` lists it." }),
  messages: Schema.Array(ChatCompletionMessage),
  stream: nullable(Schema.Boolean).annotate({ description: "true: answer with server-sent events. Default false." }),
  stream_options: orJson(openStruct({ include_usage: flag })),
  temperature: number.annotate({ description: "Sampling temperature: 0 to 2 at OpenAI." }),
  top_p: number,
  n: number,
  max_tokens: number,
  max_completion_tokens: number,
  frequency_penalty: number,
  presence_penalty: number,
  seed: number,
  stop: orJson(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  logprobs: flag,
  top_logprobs: number,
  logit_bias: orJson(Schema.Record(Schema.String, Schema.Finite)),
  tools: orJson(Schema.Array(Tool)),
  tool_choice: orJson(Schema.Union([Schema.String, Schema.Record(Schema.String, Schema.Json)])),
  parallel_tool_calls: flag,
  response_format: orJson(openStruct({ type: nullable(Schema.String) })),
  reasoning_effort: text,
  service_tier: text,
  user: text
}).annotate({
  identifier: "ChatCompletionRequest",
  description:
    "A chat completion request in OpenAI's dialect. What it is beyond this reaches the vendor unchanged, and " +
    "the vendor says what it does not take."
})
export type ChatCompletionRequest = typeof ChatCompletionRequest.Type

export const CompletionUsage = openStruct({
  prompt_tokens: Schema.Int,
  completion_tokens: Schema.Int,
  total_tokens: Schema.Int
}).annotate({ identifier: "CompletionUsage" })

const completion = {
  id: Schema.String,
  created: Schema.Int.annotate({ description: "Seconds since 1970." }),
  model: Schema.String.annotate({ description: "The model that answered, as the vendor names it." }),
  usage: nullable(CompletionUsage)
}

export const ChatCompletion = openStruct({
  ...completion,
  object: Schema.Literal("chat.completion"),
  choices: Schema.Array(openStruct({
    index: Schema.Int,
    message: openStruct({ role: Schema.String }),
    finish_reason: nullable(Schema.String)
  }))
}).annotate({ identifier: "ChatCompletion", description: "The vendor's answer, unchanged." })
export type ChatCompletion = typeof ChatCompletion.Type

export const ChatCompletionChunk = openStruct({
  ...completion,
  object: Schema.String.annotate({ description: "`chat.completion.chunk`; some vendors leave it empty." }),
  choices: Schema.Array(openStruct({
    index: Schema.Int,
    delta: nullable(openStruct({})).annotate({
      description: "What comes to the message; Azure's filter sends chunks without."
    }),
    finish_reason: nullable(Schema.String)
  }))
}).annotate({ identifier: "ChatCompletionChunk", description: "One frame of the vendor's stream, unchanged." })
export type ChatCompletionChunk = typeof ChatCompletionChunk.Type

/** The stream's frames: a chunk each, and `[DONE]` at the end. */
export const ChatCompletionFrame = Schema.Struct({
  event: Schema.tag("message"),
  data: Schema.Union([Schema.fromJsonString(ChatCompletionChunk), Schema.Literal("[DONE]")])
}).annotate({ identifier: "ChatCompletionFrame", description: "`data: <chunk>`, ending in `data: [DONE]`." })
