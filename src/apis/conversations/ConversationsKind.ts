/** Conversations and their items, as their tables keep them. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Events from "./ConversationEvents.ts"
import { StoredItem } from "./ConversationItem.ts"
import { Conversation } from "./ConversationsModels.ts"

const decodeCreated = Schema.decodeUnknownSync(Events.Created.payload)
const decodeUpdated = Schema.decodeUnknownSync(Events.Updated.payload)
const decodeAdded = Schema.decodeUnknownSync(Events.ItemAdded.payload)
const decodeRemoved = Schema.decodeUnknownSync(Events.ItemRemoved.payload)

export const ConversationsKind = DocumentKind.make<Conversation>({
  type: "conversation",
  prefix: "conv_",
  table: "conversations",
  description: "Conversations that clients keep.",
  value: Conversation,
  created: Events.Created,
  events: [Events.Updated, Events.ItemAdded, Events.ItemRemoved, Events.Deleted],
  evolve: (conversation, event) => {
    switch (event.type) {
      case Events.Created.type: {
        const { created_at, id, metadata } = decodeCreated(payloadOf(event))
        return { id, object: "conversation", created_at, metadata }
      }
      case Events.Updated.type:
        return conversation === undefined ? undefined : { ...conversation, ...decodeUpdated(payloadOf(event)) }
      case Events.Deleted.type:
        return undefined
      default:
        return conversation
    }
  }
})

export const ConversationItems = DocumentParts.make(ConversationsKind, {
  type: "conversation_item",
  table: "conversation_items",
  version: 2,
  isInEvent: true,
  description: "The items of conversations.",
  value: StoredItem,
  added: [Events.ItemAdded],
  events: [Events.ItemRemoved],
  partOf: (event) =>
    event.type === Events.ItemAdded.type
      ? decodeAdded(payloadOf(event)).item.id
      : decodeRemoved(payloadOf(event)).item_id,
  evolve: (_, event) => event.type === Events.ItemAdded.type ? decodeAdded(payloadOf(event)).item : undefined
})
