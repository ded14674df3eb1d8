/** Conversations as the log keeps them. */
import { Effect, Layer } from "effect"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as Events from "./ConversationEvents.ts"
import type { GivenItem, StoredItem } from "./ConversationItem.ts"
import * as ConversationItem from "./ConversationItem.ts"
import { Conversations } from "./Conversations.ts"
import { ConversationsHandlers } from "./ConversationsHandlers.ts"
import { ConversationItems, ConversationsKind } from "./ConversationsKind.ts"

const taken = (field: string, id: string) =>
  new DocumentInvalid({
    type: "conversation_item",
    field: `${field}.id`,
    message: `An item with the id ${
      JSON.stringify(id)
    } is in the conversation already: leave the id out to get a new one.`
  })

const stored = (items: ReadonlyArray<GivenItem>) =>
  Effect.forEach(items, (item, index) => ConversationItem.make(item, `items.${index}`))

const added = (items: ReadonlyArray<StoredItem>, cause?: string) =>
  Effect.forEach(items, (item) => Documents.draft(Events.ItemAdded, { item }, cause))

/** Within one request, too, each id is one item's. */
const unique = Effect.fnUntraced(function*(items: ReadonlyArray<StoredItem>) {
  const ids = new Set<string>()
  for (const [index, { id }] of items.entries()) {
    if (ids.has(id)) return yield* taken(`items.${index}`, id)
    ids.add(id)
  }
})

const make = Effect.gen(function*() {
  const documents = yield* Documents.of(ConversationsKind)
  const parts = yield* DocumentParts.of(ConversationItems, documents)

  const get = (id: string) => Effect.map(documents.get(id), ({ value }) => value)

  return Conversations.of({
    create: Effect.fnUntraced(function*({ items, metadata }) {
      const kept = yield* stored(items ?? [])
      yield* unique(kept)
      const id = yield* DocumentId.make(ConversationsKind.prefix)
      const created_at = yield* DocumentTime.seconds
      const { value } = yield* documents.create(id, (owner) =>
        Effect.gen(function*() {
          const created = yield* Documents.draft(Events.Created, { id, created_at, metadata: metadata ?? {}, owner })
          return [created, ...yield* added(kept)]
        }))
      return value
    }),
    get,
    update: (id, metadata) =>
      documents.change(
        id,
        "update",
        () => Effect.map(Documents.draft(Events.Updated, { metadata }), (event) => [event])
      )
        .pipe(Effect.andThen(get(id))),
    remove: (id) =>
      Effect.asVoid(
        documents.change(id, "delete", () => Effect.map(Documents.draft(Events.Deleted, {}), (event) => [event]))
      ),
    items: parts.list,
    itemsSince: parts.since,
    append: Effect.fnUntraced(function*(id, items, cause) {
      const kept = yield* stored(items)
      yield* unique(kept)
      yield* documents.change(id, "update", () =>
        Effect.gen(function*() {
          for (const [index, item] of kept.entries()) {
            if (yield* parts.has(id, item.id)) return yield* taken(`items.${index}`, item.id)
          }
          return yield* added(kept, cause)
        }))
      return kept
    }),
    item: parts.get,
    removeItem: Effect.fnUntraced(function*(id, itemId) {
      yield* documents.change(id, "update", () =>
        Effect.andThen(
          parts.get(id, itemId),
          Effect.map(Documents.draft(Events.ItemRemoved, { item_id: itemId }), (event) => [event])
        ))
      return yield* get(id)
    })
  })
})

const layer = Layer.effect(Conversations, make)

export const live = ApiModule.live({ handlers: ConversationsHandlers, layer })
