/** Interactions, as their table keeps them. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as Events from "./InteractionEvents.ts"
import { KeptInteraction } from "./InteractionsModels.ts"

const decodeCreated = Schema.decodeUnknownSync(Events.Created.payload)
const decodeEnded = Schema.decodeUnknownSync(Events.Ended.payload)

export const InteractionsKind = DocumentKind.make<KeptInteraction>({
  type: "interaction",
  prefix: "int_",
  table: "interactions",
  description: "Interactions that clients may read again and go on from.",
  value: KeptInteraction,
  created: Events.Created,
  version: 4,
  valuesInStreams: { deleted: Events.Deleted },
  events: [Events.Ended, Events.Deleted],
  evolve: (interaction, event) => {
    if (event.type === Events.Created.type) return decodeCreated(payloadOf(event)).interaction
    if (event.type === Events.Deleted.type || interaction === undefined) return undefined
    return event.type === Events.Ended.type ? { ...interaction, ...decodeEnded(payloadOf(event)) } : interaction
  }
})
