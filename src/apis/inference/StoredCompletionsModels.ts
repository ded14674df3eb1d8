/** Chat completions that are kept, as OpenAI's API has them. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { count } from "../../kernel/http/Pagination.ts"

const id = Schema.String.annotate({ description: "The completion's id.", examples: ["chatcmpl-6f0a1c"] })

export const StoredCompletion = openStruct({
  id,
  object: Schema.Literal("chat.completion").annotate({ description: "Always `chat.completion`." }),
  created: Schema.Int.annotate({ description: "Seconds since 1970.", examples: [1764000000] }),
  model: Schema.String.annotate({ description: "The model that answered.", examples: ["gpt-5-2025-08-07"] }),
  choices: Schema.Array(Schema.JsonObject).annotate({
    description: "As they were answered; of a stream, what its chunks add up to.",
    examples: [[{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }]]
  }),
  metadata: Metadata,
  input_messages: Schema.Array(Schema.JsonObject).annotate({
    description: "The request's messages.",
    examples: [[{ role: "user", content: "Hello?" }]]
  })
}).annotate({
  identifier: "StoredChatCompletion",
  description: "A chat completion that is kept: the answer, its metadata, and what was asked."
})
export type StoredCompletion = typeof StoredCompletion.Type

const paging = (of: string) => ({
  after: Schema.optionalKey(Schema.String).annotate({
    description: `Id of the last ${of} of the page before.`,
    examples: ["chatcmpl-6f0a1c"]
  }),
  limit: count({ default: 20, maximum: 100, description: "How many a page." }),
  order: Schema.optionalKey(Schema.Literals(["asc", "desc"])).annotate({
    description: "`desc`: the newest first. Default `asc`.",
    examples: ["desc"]
  })
})

export const StoredCompletionsQuery = Schema.Struct({
  model: Schema.optionalKey(Schema.String).annotate({
    description:
      "Only of this model, as it was asked for or as it answered. `metadata[key]=value` takes those with that " +
      "metadata.",
    examples: ["openai/gpt-5"]
  }),
  ...paging("completion")
})
export type StoredCompletionsQuery = typeof StoredCompletionsQuery.Type

export const MessagesQuery = Schema.Struct(paging("message"))
export type MessagesQuery = typeof MessagesQuery.Type

const listOf = <S extends Schema.Top>(item: S, identifier: string) =>
  Schema.Struct({
    object: Schema.Literal("list").annotate({ description: "Always `list`." }),
    data: Schema.Array(item).annotate({ description: "The page." }),
    first_id: Schema.String.annotate({ description: "Id of the first one; empty where there is none." }),
    last_id: Schema.String.annotate({ description: "Id of the last one: send it as `after` for the next page." }),
    has_more: Schema.Boolean.annotate({ description: "True: there are more behind it.", examples: [false] })
  }).annotate({ identifier })

export const StoredCompletionList = listOf(StoredCompletion, "StoredChatCompletionList")

export const StoredMessage = openStruct({
  id: Schema.String.annotate({ description: "The message's id.", examples: ["chatcmpl-6f0a1c-0"] }),
  role: Schema.String.annotate({ description: "Who speaks.", examples: ["user"] }),
  content: Schema.NullOr(Schema.String).annotate({ description: "Its text.", examples: ["Hello?"] }),
  content_parts: Schema.NullOr(Schema.Array(Schema.Json)).annotate({
    description: "Its parts, where it was sent in parts.",
    examples: [null]
  })
}).annotate({ identifier: "StoredChatCompletionMessage" })
export type StoredMessage = typeof StoredMessage.Type

export const StoredMessageList = listOf(StoredMessage, "StoredChatCompletionMessageList")

export const UpdateStoredCompletion = Schema.Struct({ metadata: Schema.NullOr(Metadata) })
  .annotate({ identifier: "UpdateStoredChatCompletion", description: "The metadata as it is to be, all of it." })

export const DeletedCompletion = Schema.Struct({
  object: Schema.Literal("chat.completion.deleted").annotate({ description: "Always `chat.completion.deleted`." }),
  id,
  deleted: Schema.Boolean.annotate({ description: "Always true.", examples: [true] })
}).annotate({ identifier: "DeletedChatCompletion" })

/** What of a request is about keeping its answer. */
export const StoreMetadata = Schema.Struct({ metadata: nullable(Metadata) })
