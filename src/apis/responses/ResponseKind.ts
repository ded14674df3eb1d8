/** Responses as documents. Their table says how each stands; what was said stands in their streams alone. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { asText } from "../../events/types/JsonAccess.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as WorkEvents from "../../kernel/work/WorkEvents.ts"
import * as ResponseEvents from "./ResponseEvents.ts"

export const KeptResponse = Schema.Struct({
  id: Schema.String,
  model: Schema.String,
  status: Schema.String,
  previous: Schema.NullOr(Schema.String),
  conversation: Schema.NullOr(Schema.String),
  background: Schema.Boolean,
  session: Schema.NullOr(Schema.String)
})
export type KeptResponse = typeof KeptResponse.Type

/** Whether it is made in the background, or is to be. */
export const isOpen = ({ background, status }: KeptResponse): boolean =>
  background && (status === "queued" || status === "in_progress")

type Payload<D extends { readonly payload: Schema.Top }> = D["payload"]["Encoded"]

const evolve = (kept: KeptResponse | undefined, event: RecordedEvent): KeptResponse | undefined => {
  switch (event.type) {
    case ResponseEvents.Created.type: {
      const created = payloadOf(event) as unknown as Payload<typeof ResponseEvents.Created>
      const { conversation, end, previous, request, response, session = null } = created
      const model = created.vendor?.says["model"] ?? request["model"]
      return {
        id: response,
        model: asText(model ?? ""),
        status: end?.status ?? "queued",
        previous,
        conversation,
        background: request["background"] === true,
        session
      }
    }
    case WorkEvents.Started.type:
      return kept?.status === "queued" ? { ...kept, status: "in_progress" } : kept
    case ResponseEvents.Ended.type: {
      const { end } = payloadOf(event) as unknown as Payload<typeof ResponseEvents.Ended>
      return kept === undefined ? undefined : { ...kept, status: end.status }
    }
    case ResponseEvents.Deleted.type:
      return undefined
    default:
      return kept
  }
}

export const ResponseKind = DocumentKind.make<KeptResponse>({
  type: "response",
  prefix: "resp_",
  table: "responses",
  version: 3,
  description: "Responses that are kept.",
  value: KeptResponse,
  created: ResponseEvents.Created,
  events: [ResponseEvents.Ended, ResponseEvents.Deleted, WorkEvents.Started],
  evolve,
  implied: (id) => ({ id, status: "completed", previous: null, conversation: null, background: false }),
  index: { model: ({ model }) => model }
})
