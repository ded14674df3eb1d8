/** The HTTP face of conversations, as OpenAI's document has it. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import * as Answers from "../../kernel/dialects/responses/described/Answers.ts"
import { item } from "../../kernel/dialects/responses/described/Items.ts"
import * as Requests from "../../kernel/dialects/responses/described/Requests.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded, RunsAgain } from "../../kernel/http/RouteAnnotations.ts"
import { StoredItem } from "./ConversationItem.ts"
import {
  Conversation,
  ConversationItemList,
  CreateConversation,
  CreateConversationItems,
  DeletedConversation,
  IncludeQuery,
  ItemsQuery,
  UpdateConversation
} from "./ConversationsModels.ts"

const params = {
  conversation_id: Schema.String.annotate({ description: "The conversation's `id`.", examples: ["conv_6f0a1c"] })
}
const itemParams = {
  ...params,
  item_id: Schema.String.annotate({ description: "The item's `id`.", examples: ["msg_6f0a1c"] })
}

export class ConversationsRoutes extends HttpApiGroup.make("conversations")
  .add(
    HttpApiEndpoint.post("createConversation", "/conversations", {
      payload: CreateConversation,
      success: Conversation,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotate(DescribedWire, {
      request: Requests.createConversation
    }).annotateMerge(OpenApi.annotations({
      identifier: "createConversation",
      summary: "Create a conversation",
      description: "Makes a conversation, with the first items if any are given. It is the client's that makes it."
    })),
    HttpApiEndpoint.get("retrieveConversation", "/conversations/:conversation_id", {
      params,
      success: Conversation,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveConversation",
      summary: "Retrieve a conversation",
      description: "The conversation without its items.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("updateConversation", "/conversations/:conversation_id", {
      params,
      payload: UpdateConversation,
      success: Conversation,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "updateConversation",
      summary: "Update a conversation",
      description: "Its metadata is what is sent, all of it.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.delete("deleteConversation", "/conversations/:conversation_id", {
      params,
      success: DeletedConversation,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "deleteConversation",
      summary: "Delete a conversation",
      description: "No answer has it any more, nor its items. What the log keeps of it: docs/state.md.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("createConversationItems", "/conversations/:conversation_id/items", {
      params,
      query: IncludeQuery,
      payload: CreateConversationItems,
      success: ConversationItemList,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotate(DescribedWire, {
      request: Requests.createItems,
      response: Answers.itemList
    }).annotateMerge(OpenApi.annotations({
      identifier: "createConversationItems",
      summary: "Add items to a conversation",
      description: "All of them stand behind what is there, or none. Answered with the ids they have.",
      transform: parameters({ fields: params }, IncludeQuery)
    })),
    HttpApiEndpoint.get("listConversationItems", "/conversations/:conversation_id/items", {
      params,
      query: ItemsQuery,
      success: ConversationItemList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.itemList }).annotateMerge(
      OpenApi.annotations({
        identifier: "listConversationItems",
        summary: "List a conversation's items",
        description:
          "A page at a time, the newest first where nothing else is asked for. Items that are added or removed " +
          "meanwhile move no other across pages.",
        transform: parameters({ fields: params }, ItemsQuery)
      })
    ),
    HttpApiEndpoint.get("retrieveConversationItem", "/conversations/:conversation_id/items/:item_id", {
      params: itemParams,
      query: IncludeQuery,
      success: StoredItem,
      error: documentErrors.list
    }).annotate(Recorded, false).annotate(DescribedWire, { response: item }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveConversationItem",
      summary: "Retrieve an item",
      description: "One item of a conversation.",
      transform: parameters({ fields: itemParams }, IncludeQuery)
    })),
    HttpApiEndpoint.delete("deleteConversationItem", "/conversations/:conversation_id/items/:item_id", {
      params: itemParams,
      success: Conversation,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "deleteConversationItem",
      summary: "Delete an item",
      description: "The item is not in the conversation any more. Answered with the conversation.",
      transform: parameters({ fields: itemParams })
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Conversations", description: "Conversations that are kept." }))
{}
