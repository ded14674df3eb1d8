/** What happens to a conversation: the events of its stream. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { StoredItem } from "./ConversationItem.ts"

export const Created = Event.define("conversation:created", {
  durability: "state",
  description: "A conversation was made.",
  payload: Schema.Struct({
    id: Schema.String,
    created_at: Schema.Int,
    metadata: Metadata,
    owner: Schema.NullOr(Principal)
  })
})

export const Updated = Event.define("conversation:updated", {
  durability: "state",
  description: "Its metadata is another.",
  payload: Schema.Struct({ metadata: Metadata })
})

export const ItemAdded = Event.define("conversation:item_added", {
  durability: "state",
  description: "An item stands behind the others.",
  payload: Schema.Struct({ item: StoredItem })
})

export const ItemRemoved = Event.define("conversation:item_removed", {
  durability: "state",
  description: "An item is not in it any more.",
  payload: Schema.Struct({ item_id: Schema.String })
})

export const Deleted = Event.define("conversation:deleted", {
  durability: "state",
  description: "The conversation is gone, with its items.",
  payload: Schema.Struct({})
})

export const all = [Created, Updated, ItemAdded, ItemRemoved, Deleted] as const
