/** Vector stores as documents. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"

const decodeCreated = Schema.decodeUnknownSync(Events.KeptStore)
const decodeUpdated = Schema.decodeUnknownSync(Events.Updated.payload)
const decodeUsed = Schema.decodeUnknownSync(Events.Used.payload)

export const VectorStoresKind = DocumentKind.make<KeptStore>({
  type: "vector_store",
  prefix: "vs_",
  table: "vector_stores",
  description: "The vector stores there are.",
  value: Events.KeptStore,
  created: Events.Created,
  events: [Events.Updated, Events.Used, Events.Deleted],
  evolve: (store, event) => {
    switch (event.type) {
      case Events.Created.type:
        return decodeCreated(payloadOf(event))
      case Events.Updated.type:
        return store === undefined ? undefined : { ...store, ...decodeUpdated(payloadOf(event)) }
      case Events.Used.type:
        return store === undefined ? undefined : { ...store, ...decodeUsed(payloadOf(event)) }
      case Events.Deleted.type:
        return undefined
      default:
        return store
    }
  }
})
