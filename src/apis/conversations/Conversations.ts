/** Conversations: items that are kept for who made them, to be asked for and to be answered behind. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { PartsSince } from "../../kernel/documents/DocumentParts.ts"
import type { DocumentPage, ListQuery } from "../../kernel/documents/Documents.ts"
import type { Metadata } from "../../kernel/documents/Metadata.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { GivenItem, StoredItem } from "./ConversationItem.ts"
import type { Conversation, CreateConversation } from "./ConversationsModels.ts"

export type ReadFailure = DocumentNotFound | EventLogUnavailable
export type ChangeFailure = ReadFailure | DocumentInvalid | DocumentConflict | AccessDenied

export class Conversations extends Context.Service<Conversations, {
  create(request: CreateConversation): Effect.Effect<Conversation, ChangeFailure>
  get(id: string): Effect.Effect<Conversation, ReadFailure>
  /** Its metadata is what is given, all of it. */
  update(id: string, metadata: Metadata): Effect.Effect<Conversation, ChangeFailure>
  /** It is not there any more, nor are its items. */
  remove(id: string): Effect.Effect<void, ChangeFailure>
  items(id: string, query: ListQuery): Effect.Effect<DocumentPage<StoredItem>, ReadFailure>
  /** The oldest first: all behind a position, for who knows those before; all there are where one of these is gone. */
  itemsSince(id: string, position: number): Effect.Effect<PartsSince<StoredItem>, ReadFailure>
  /**
   * Adds them behind the others, all or none, and gives them with their ids: an id of its own stays where it is new here.
   * `cause`: id of the event that led to it; default: that of the request.
   */
  append(
    id: string,
    items: ReadonlyArray<GivenItem>,
    cause?: string
  ): Effect.Effect<ReadonlyArray<StoredItem>, ChangeFailure>
  item(id: string, itemId: string): Effect.Effect<StoredItem, ReadFailure>
  /** Gives the conversation it was in. */
  removeItem(id: string, itemId: string): Effect.Effect<Conversation, ChangeFailure>
}>()("strata/apis/conversations/Conversations") {}
