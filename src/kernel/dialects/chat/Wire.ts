/** Chat completions in OpenAI's dialect: what this API reads of them is declared, everything else passes through. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

const between = (minimum: number, maximum: number) => Schema.Finite.check(Schema.isBetween({ minimum, maximum }))

export const ContentPart = openStruct({
  type: Schema.String.annotate({ description: "text, image_url, input_audio, file, refusal …" })
}).annotate({ identifier: "ContentPart", description: "A part of a message, as the vendor defines it." })

export const ChatCompletionMessage = openStruct({
  role: Schema.NonEmptyString.annotate({ description: "developer, system, user, assistant, tool …" }),
  content: nullable(Schema.Union([Schema.String, Schema.Array(ContentPart)])),
  name: nullable(Schema.String),
  tool_call_id: nullable(Schema.String),
  tool_calls: nullable(Schema.Array(Schema.Json))
}).annotate({ identifier: "ChatCompletionMessage" })

export const Tool = openStruct({ type: Schema.String }).annotate({ identifier: "Tool" })

export const ChatCompletionRequest = openStruct({
  model: Schema.NonEmptyString.annotate({ description: "`provider_id/model_id`, as `GET /v1/models` lists it." }),
  messages: Schema.Array(ChatCompletionMessage).check(Schema.isMinLength(1)),
  stream: nullable(Schema.Boolean).annotate({ description: "true: answer with server-sent events. Default false." }),
  stream_options: nullable(openStruct({ include_usage: nullable(Schema.Boolean) })),
  temperature: nullable(between(0, 2)).annotate({ description: "Sampling temperature, 0 to 2." }),
  top_p: nullable(between(0, 1)),
  n: nullable(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 128 }))),
  max_tokens: nullable(Schema.Int),
  max_completion_tokens: nullable(Schema.Int),
  frequency_penalty: nullable(between(-2, 2)),
  presence_penalty: nullable(between(-2, 2)),
  seed: nullable(Schema.Finite),
  stop: nullable(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  logprobs: nullable(Schema.Boolean),
  top_logprobs: nullable(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))),
  logit_bias: nullable(Schema.Record(Schema.String, Schema.Finite)),
  tools: nullable(Schema.Array(Tool)),
  tool_choice: nullable(Schema.Union([Schema.String, Schema.Record(Schema.String, Schema.Json)])),
  parallel_tool_calls: nullable(Schema.Boolean),
  response_format: nullable(openStruct({ type: Schema.String })),
  reasoning_effort: nullable(Schema.String),
  service_tier: nullable(Schema.String),
  user: nullable(Schema.String)
}).annotate({
  identifier: "ChatCompletionRequest",
  description: "A chat completion request in OpenAI's dialect. Fields not named here reach the vendor unchanged."
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
