/** Conversations as OpenAI's API has them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { Item } from "../../kernel/dialects/responses/Wire.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { count } from "../../kernel/http/Pagination.ts"
import { StoredItem } from "./ConversationItem.ts"

const id = Schema.String.annotate({ description: "The conversation's id.", examples: ["conv_6f0a1c"] })

export const Conversation = Schema.Struct({
  id,
  object: Schema.Literal("conversation").annotate({ description: "Always `conversation`." }),
  created_at: Schema.Int.annotate({ description: "Seconds since 1970.", examples: [1764000000] }),
  metadata: Metadata
}).annotate({ identifier: "Conversation", description: "A conversation that is kept: its items are asked for apart." })
export type Conversation = typeof Conversation.Type

export const DeletedConversation = Schema.Struct({
  id,
  object: Schema.Literal("conversation.deleted").annotate({ description: "Always `conversation.deleted`." }),
  deleted: Schema.Boolean.annotate({ description: "Always true.", examples: [true] })
}).annotate({ identifier: "DeletedConversation" })

/** Most items of one request. */
const maxItems = 20

const items = Schema.Array(Item).check(
  Schema.isMaxLength(maxItems, { message: `at most ${maxItems} items are taken at once: send the others behind them` })
).annotate({
  description: `At most ${maxItems}. One without \`type\` is a message; a text as its content becomes a part.`,
  examples: [[{ type: "message", role: "user", content: "Hello!" }]]
})

export const CreateConversation = Schema.Struct({
  metadata: nullable(Metadata),
  items: nullable(items)
}).annotate({ identifier: "CreateConversation" })
export type CreateConversation = typeof CreateConversation.Type

export const UpdateConversation = Schema.Struct({ metadata: Schema.NullOr(Metadata) })
  .annotate({ identifier: "UpdateConversation", description: "The metadata as it is to be, all of it." })

export const CreateConversationItems = Schema.Struct({ items }).annotate({ identifier: "CreateConversationItems" })

export const ConversationItemList = Schema.Struct({
  object: Schema.Literal("list").annotate({ description: "Always `list`." }),
  data: Schema.Array(StoredItem).annotate({ description: "The items of the page." }),
  first_id: Schema.String.annotate({ description: "Id of the first one; empty where there is none." }),
  last_id: Schema.String.annotate({ description: "Id of the last one: send it as `after` for the next page." }),
  has_more: Schema.Boolean.annotate({ description: "True: there are more behind it.", examples: [false] })
}).annotate({ identifier: "ConversationItemList" })

const names = Schema.Union([Schema.String, Schema.Array(Schema.String)])

export const IncludeQuery = Schema.Struct({
  include: Schema.optionalKey(names).annotate({
    description: "Fields of items that are left out where nobody asks for them: `reasoning.encrypted_content`, " +
      "`file_search_call.results`, `web_search_call.action.sources`, `code_interpreter_call.outputs`, " +
      "`message.output_text.logprobs`. Images are always there.",
    examples: ["reasoning.encrypted_content"]
  }),
  "include[]": Schema.optionalKey(names).annotate({ description: "The same, as OpenAI's clients write a list." })
})
export type IncludeQuery = typeof IncludeQuery.Type

export const includeOf = (query: IncludeQuery): ReadonlyArray<string> =>
  [query.include, query["include[]"]].flatMap((each) => each ?? [])

export const ItemsQuery = Schema.Struct({
  after: Schema.optionalKey(Schema.String).annotate({
    description: "Id of the last item of the page before.",
    examples: ["msg_6f0a1c"]
  }),
  before: Schema.optionalKey(Schema.String).annotate({
    description: "Id of the first item of the page behind, for who goes back.",
    examples: ["msg_6f0a1c"]
  }),
  order: Schema.optionalKey(Schema.Literals(["asc", "desc"])).annotate({
    description: "`desc`: the newest first. Default `desc`.",
    examples: ["asc"]
  }),
  limit: count({ default: 20, maximum: 100, description: "Items a page." }),
  ...IncludeQuery.fields
})
export type ItemsQuery = typeof ItemsQuery.Type
