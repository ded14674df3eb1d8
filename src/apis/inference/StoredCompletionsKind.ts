/** Chat completions that are kept, as their table has them. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as Events from "./StoredCompletionEvents.ts"
import { StoredCompletion } from "./StoredCompletionsModels.ts"

const Kept = Schema.Struct({ requested_model: Schema.String, completion: StoredCompletion })
export type Kept = typeof Kept.Type

const decodeStored = Schema.decodeUnknownSync(Events.Stored.payload)
const decodeUpdated = Schema.decodeUnknownSync(Events.Updated.payload)

/** PostgreSQL refuses longer values in an index. */
const indexed = (text: string): string => text.slice(0, 256)

export const StoredCompletionsKind = DocumentKind.make<Kept>({
  type: "chat_completion",
  prefix: "chatcmpl-",
  table: "stored_chat_completions",
  description: "Chat completions that clients asked to store.",
  value: Kept,
  created: Events.Stored,
  events: [Events.Updated, Events.Deleted],
  evolve: (kept, event) => {
    if (event.type === Events.Stored.type) {
      const { completion, requested_model } = decodeStored(payloadOf(event))
      return { requested_model, completion }
    }
    if (event.type === Events.Deleted.type || kept === undefined) return undefined
    return { ...kept, completion: { ...kept.completion, ...decodeUpdated(payloadOf(event)) } }
  },
  index: {
    model: ({ completion }) => indexed(completion.model),
    requested_model: ({ requested_model }) => indexed(requested_model)
  }
})

/** Those of a model, as it was asked for or as it answered. */
export const ofModel = (model: string) => {
  const value = indexed(model)
  return {
    _tag: "Or",
    filters: [{ _tag: "Equals", column: "model", value }, { _tag: "Equals", column: "requested_model", value }]
  } as const
}
