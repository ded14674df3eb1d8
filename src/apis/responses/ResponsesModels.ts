/** Responses as OpenAI's clients ask for them and get them. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { Item } from "../../kernel/dialects/responses/Wire.ts"
import { count } from "../../kernel/http/Pagination.ts"
import { flag } from "../../kernel/http/QueryFlag.ts"
import { PromptReference } from "../prompts/Prompts.ts"

const text = (description: string, example: string) =>
  nullable(Schema.String).annotate({ description, examples: [example] })

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

export const ResponseInput = Schema.Union([Schema.String, Schema.Array(Item)])

const conversational = {
  model: nullable(Schema.String).annotate({
    description: "The model, as GET /v1/models lists it.",
    examples: ["openai/gpt-5"]
  }),
  input: nullable(ResponseInput).annotate({
    description:
      "What the user says, or items: messages with text, images and files, outputs of tools, answers to approvals.",
    examples: ["What is the weather in Oslo?"]
  }),
  instructions: text(
    "What the model is to keep to in this response. It is not taken over from the one before.",
    "Be brief."
  ),
  previous_response_id: text(
    "The response that this one goes on from: its conversation stands before `input`.",
    "resp_0f3a"
  )
}

/** What a request says of its conversation and of what the model may do: it counts, too. */
const counted = {
  ...conversational,
  conversation: nullable(Schema.Union([Schema.String, openStruct({ id: Schema.String })])).annotate({
    description: "The conversation it stands in: its items go before `input`, and what is new is added to it.",
    examples: ["conv_0f3a"]
  }),
  tools: nullable(Schema.Array(openStruct({ type: Schema.String }))).annotate({
    description: "Functions of the client, and MCP servers whose tools are called here.",
    examples: [[{ type: "function", name: "get_weather", parameters: { type: "object" } }]]
  }),
  tool_choice: nullable(Schema.Union([Schema.String, Schema.JsonObject])).annotate({
    description: "auto, none, required, or the one tool that must be called. Default auto.",
    default: "auto",
    examples: ["required"]
  }),
  parallel_tool_calls: nullable(Schema.Boolean).annotate({
    description: "Whether the model may call several tools at once. Default true.",
    default: true,
    examples: [false]
  }),
  text: nullable(Schema.JsonObject).annotate({
    description: "The form of the text: `format` is text, json_object, or json_schema with a name and a schema; " +
      "`verbosity` is low, medium or high.",
    examples: [{ format: { type: "text" }, verbosity: "low" }]
  }),
  reasoning: nullable(Schema.JsonObject).annotate({
    description: "How much the model thinks before it answers, and what is shown of it.",
    examples: [{ effort: "low", summary: "auto" }]
  }),
  truncation: nullable(Schema.Literals(["auto", "disabled"])).annotate({
    description: "What becomes of a conversation that is too long for the model. Default disabled: it is an error.",
    default: "disabled",
    examples: ["disabled"]
  })
}

export const CreateResponse = openStruct({
  ...counted,
  prompt: nullable(PromptReference).annotate({
    description: "A stored prompt with its variables, in place of instructions.",
    examples: [{ id: "pmpt_0f3a", variables: { city: "Oslo" } }]
  }),
  stream: nullable(Schema.Boolean).annotate({
    description: "true: answer with server-sent events. Default false.",
    default: false,
    examples: [true]
  }),
  store: nullable(Schema.Boolean).annotate({
    description: "Whether the response is kept: to be retrieved, and gone on from. Default true.",
    default: true,
    examples: [false]
  }),
  background: nullable(Schema.Boolean).annotate({
    description: "true: answer at once, and make the response in the background. It needs `store`. Default false.",
    default: false,
    examples: [true]
  }),
  max_infer_iters: nullable(positive).annotate({
    description: "Most times the model is asked, as OGX has it. One more makes the response incomplete. Default 50.",
    examples: [10]
  }),
  max_tool_calls: nullable(positive).annotate({
    description: "Most calls of tools that are made here, of MCP servers. Default 1000.",
    examples: [5]
  }),
  max_output_tokens: nullable(positive).annotate({
    description: "Most tokens of an answer; one that would be longer is `incomplete`. Default: the vendor's.",
    examples: [1000]
  }),
  temperature: nullable(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 2 }))).annotate({
    description: "How freely words are chosen, 0 to 2. Default: the vendor's.",
    examples: [0.2]
  }),
  top_p: nullable(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))).annotate({
    description: "Only the likeliest words that together have this probability, 0 to 1. Default: the vendor's.",
    examples: [0.9]
  }),
  top_logprobs: nullable(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))).annotate({
    description: "So many of the likeliest tokens with each of the answer, 0 to 20, where `include` asks for " +
      "message.output_text.logprobs. Default 0.",
    examples: [2]
  }),
  include: nullable(Schema.Array(Schema.String)).annotate({
    description: "What the answer has besides, such as reasoning.encrypted_content.",
    examples: [["reasoning.encrypted_content"]]
  }),
  metadata: nullable(Schema.Record(Schema.String, Schema.String)).annotate({
    description: "Up to 16 pairs that come back with the response: keys up to 64 characters, values up to 512.",
    examples: [{ ticket: "4711" }]
  }),
  service_tier: text("How the vendor is to serve it, where it has tiers. Default: the vendor's.", "default"),
  safety_identifier: text("Who of the client's users asks, for the vendor's own checks.", "user-4711"),
  prompt_cache_key: text(
    "Requests of the same key share the vendor's cache: a hint, for vendors that have Responses.",
    "weather"
  ),
  user: text("Who of the client's users asks. `safety_identifier` and `prompt_cache_key` are its successors.", "ada")
}).annotate({
  identifier: "CreateResponse",
  description: "What a response is asked for with.",
  examples: [{ model: "openai/gpt-5", input: "What is the weather in Oslo?" }]
})
export type CreateResponse = typeof CreateResponse.Type

export const Response = openStruct({
  id: Schema.String.annotate({ description: "The response's.", examples: ["resp_0f3a"] }),
  object: Schema.Literal("response"),
  created_at: Schema.Finite.annotate({ description: "Seconds since 1970.", examples: [1764000000] }),
  status: nullable(Schema.String).annotate({
    description: "completed, incomplete, failed, in_progress, queued, cancelled.",
    examples: ["completed"]
  }),
  model: Schema.String.annotate({ description: "The model that was asked.", examples: ["openai/gpt-5"] }),
  output: Schema.Array(Item).annotate({ description: "What the model answers, item by item." }),
  error: nullable(Schema.JsonObject).annotate({ description: "Why it failed.", examples: [{ code: "server_error" }] }),
  previous_response_id: text("The response it goes on from.", "resp_0f3a"),
  usage: nullable(Schema.JsonObject).annotate({
    description: "Tokens that were used.",
    examples: [{ total_tokens: 15 }]
  })
}).annotate({ identifier: "Response", description: "A response, as OpenAI's document has it." })

export const ResponseEvent = Schema.Struct({
  event: Schema.String.annotate({ description: "The event's type.", examples: ["response.output_text.delta"] }),
  data: Schema.String.annotate({
    description: "The event, JSON: `type`, a gapless `sequence_number`, and its own fields."
  })
}).annotate({ identifier: "ResponseStreamEvent", description: "An event of a streamed response." })

const listed = <S extends Schema.Top>(item: S, description: string) =>
  Schema.Struct({
    object: Schema.Literal("list"),
    data: Schema.Array(item).annotate({ description }),
    first_id: nullable(Schema.String).annotate({
      description: "Of the first one. Null: there is none.",
      examples: ["resp_0f3a"]
    }),
    last_id: nullable(Schema.String).annotate({
      description: "Send it as `after` for the next page.",
      examples: ["resp_0f3a"]
    }),
    has_more: Schema.Boolean.annotate({ description: "Whether others follow.", examples: [false] })
  })

export const ResponseList = listed(Response, "Each with its `input`.").annotate({ identifier: "ResponseList" })
export const ResponseItemList = listed(Item, "Items, each with an id.").annotate({ identifier: "ResponseItemList" })

export const DeletedResponse = Schema.Struct({
  id: Schema.String.annotate({ description: "The response's.", examples: ["resp_0f3a"] }),
  object: Schema.Literal("response"),
  deleted: Schema.Boolean.annotate({ description: "Always true.", examples: [true] })
}).annotate({ identifier: "DeletedResponse" })

const order = Schema.optionalKey(Schema.Literals(["asc", "desc"])).annotate({
  description: "desc: the newest first. Default desc.",
  default: "desc",
  examples: ["asc"]
})
const after = Schema.optionalKey(Schema.String).annotate({
  description: "The last one of the page before: its id.",
  examples: ["resp_0f3a"]
})
const before = Schema.optionalKey(Schema.String).annotate({
  description: "The first one of the page behind: its id.",
  examples: ["resp_0f3a"]
})

export const ResponsesQuery = Schema.Struct({
  after,
  before,
  limit: count({ default: 20, maximum: 100, description: "Responses a page." }),
  model: Schema.optionalKey(Schema.String).annotate({
    description: "Only those of this model.",
    examples: ["openai/gpt-5"]
  }),
  order
})
export type ResponsesQuery = typeof ResponsesQuery.Type

export const InputItemsQuery = Schema.Struct({
  after,
  before,
  limit: count({ default: 20, maximum: 100, description: "Items a page." }),
  order,
  include: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)])).annotate({
    description: "What items have besides; they are given as they were sent."
  })
})
export type InputItemsQuery = typeof InputItemsQuery.Type

export const ResponseQuery = Schema.Struct({
  stream: flag({ description: "true: its events, from the first, and those to come. Default false." }),
  starting_after: Schema.optionalKey(Schema.Int).annotate({
    description: "Of a stream: only events behind this `sequence_number`.",
    examples: [41]
  }),
  include: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)])).annotate({
    description: "What items have besides; they are given as they were made."
  }),
  include_obfuscation: flag({ description: "Taken, and without effect: nothing is added to events." })
})
export type ResponseQuery = typeof ResponseQuery.Type

export const CountInputTokens = openStruct(counted).annotate({
  identifier: "CountInputTokens",
  description: "What a response would be asked for with.",
  examples: [{ model: "openai/gpt-5", input: "What is the weather in Oslo?" }]
})
export type CountInputTokens = typeof CountInputTokens.Type

export const InputTokens = Schema.Struct({
  object: Schema.Literal("response.input_tokens"),
  input_tokens: Schema.Int.annotate({ description: "Tokens of the request, before it is answered.", examples: [123] })
}).annotate({ identifier: "InputTokens" })

export const CompactResponse = openStruct(conversational).annotate({
  identifier: "CompactResponse",
  description: "A conversation that is to be made shorter, and the model that does it.",
  examples: [{ model: "openai/gpt-5", previous_response_id: "resp_0f3a" }]
})
export type CompactResponse = typeof CompactResponse.Type

export const CompactedResponse = openStruct({
  id: Schema.String.annotate({ description: "Of the compaction.", examples: ["resp_0f3a"] }),
  object: Schema.Literal("response.compaction"),
  created_at: Schema.Finite.annotate({ description: "Seconds since 1970.", examples: [1764000000] }),
  output: Schema.Array(Item).annotate({ description: "Send these as `input`, with what comes next." }),
  usage: nullable(Schema.JsonObject).annotate({
    description: "Tokens that were used.",
    examples: [{ total_tokens: 15 }]
  })
}).annotate({ identifier: "CompactedResponse" })
