/** Vector stores as documents. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"

const decodeCreated = Schema.decodeUnknownSync(Events.KeptStore)
const decodeUpdated = Schema.decodeUnknownSync(Events.Updated.payload)
const decodeExpired = Schema.decodeUnknownSync(Events.Expired.payload)
const decodeUsed = Schema.decodeUnknownSync(Events.Used.payload)

const secondsOfDay = 86_400

export const expiresAt = ({ expires_after, last_active_at }: KeptStore): number | null =>
  expires_after === null ? null : last_active_at + expires_after.days * secondsOfDay

/** At this time, seconds since 1970. */
export const isExpired = (store: KeptStore, now: number): boolean =>
  store.expired !== undefined || (expiresAt(store) ?? Infinity) <= now

export const VectorStoresKind = DocumentKind.make<KeptStore>({
  type: "vector_store",
  prefix: "vs_",
  table: "vector_stores",
  description: "The vector stores there are.",
  value: Events.KeptStore,
  created: Events.Created,
  events: [Events.Updated, Events.Used, Events.Expired, Events.Deleted],
  version: 2,
  evolve: (store, event) => {
    switch (event.type) {
      case Events.Created.type:
        return decodeCreated(payloadOf(event))
      case Events.Updated.type:
        return store === undefined ? undefined : { ...store, ...decodeUpdated(payloadOf(event)) }
      case Events.Used.type:
        return store === undefined ? undefined : { ...store, ...decodeUsed(payloadOf(event)) }
      case Events.Expired.type:
        return store === undefined ? undefined : { ...store, expired: decodeExpired(payloadOf(event)) }
      case Events.Deleted.type:
        return undefined
      default:
        return store
    }
  },
  index: { chunks_until: (store) => store.expired?.chunks_removed === true ? null : expiresAt(store) }
})
