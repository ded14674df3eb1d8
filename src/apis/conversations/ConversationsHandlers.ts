/** Binds the endpoints of conversations to their service. */
import { Effect } from "effect"
import { mapDocumentErrors } from "../../kernel/documents/DocumentErrors.ts"
import { toListWithTexts } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import type { StoredItem } from "./ConversationItem.ts"
import { visible } from "./ConversationItem.ts"
import { Conversations } from "./Conversations.ts"
import type { IncludeQuery } from "./ConversationsModels.ts"
import { includeOf } from "./ConversationsModels.ts"
import { ConversationsRoutes } from "./ConversationsRoutes.ts"

const toList = (items: ReadonlyArray<StoredItem>, has_more: boolean, query: IncludeQuery) => {
  const include = includeOf(query)
  return toListWithTexts({ data: items.map((item) => visible(item, include)), has_more })
}

export const ConversationsHandlers = ApiHandlers.make(
  ConversationsRoutes,
  Effect.fn(function*(handlers) {
    const conversations = yield* Conversations
    return handlers.handleAll({
      createConversation: ({ payload }) => mapDocumentErrors(conversations.create(payload)),
      retrieveConversation: ({ params }) => mapDocumentErrors(conversations.get(params.conversation_id)),
      updateConversation: ({ params, payload }) =>
        mapDocumentErrors(conversations.update(params.conversation_id, payload.metadata ?? {})),
      deleteConversation: ({ params: { conversation_id } }) =>
        mapDocumentErrors(conversations.remove(conversation_id)).pipe(
          Effect.as({ id: conversation_id, object: "conversation.deleted" as const, deleted: true })
        ),
      createConversationItems: ({ params, payload, query }) =>
        mapDocumentErrors(conversations.append(params.conversation_id, payload.items)).pipe(
          Effect.map((items) => toList(items, false, query))
        ),
      listConversationItems: ({ params, query }) =>
        mapDocumentErrors(conversations.items(params.conversation_id, query)).pipe(
          Effect.map(({ data, has_more }) => toList(data, has_more, query))
        ),
      retrieveConversationItem: ({ params, query }) =>
        mapDocumentErrors(conversations.item(params.conversation_id, params.item_id)).pipe(
          Effect.map((item) => visible(item, includeOf(query)))
        ),
      deleteConversationItem: ({ params }) =>
        mapDocumentErrors(conversations.removeItem(params.conversation_id, params.item_id))
    })
  })
)
