/** Interactions: asked of whoever serves the model, kept, gone on from. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import type { Form } from "../../kernel/dialects/interactions/LowerResponse.ts"
import type { CreateInteractionRequest } from "../../kernel/dialects/interactions/Wire.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { InferenceError } from "../inference/Inference.ts"
import type { KeptInteraction } from "./InteractionsModels.ts"

export interface Asked {
  /** By which path. */
  readonly operation: string
  /** The form in which it is answered. */
  readonly form: Form
  readonly request: CreateInteractionRequest
  /** As the client sent it. */
  readonly text: string
}

export type CreateFailure = InferenceError | DocumentNotFound | DocumentInvalid | AccessDenied

export class Interactions extends Context.Service<Interactions, {
  /** What is neither kept nor goes on from another passes as it came. */
  readonly create: (asked: Asked) => Effect.Effect<Bytes<unknown>, CreateFailure>
  /** The session that a request stands in whose client names none, by its text: that of the interaction it goes on from. */
  readonly sessionOf: (text: string) => Effect.Effect<string | undefined>
  readonly get: (id: string) => Effect.Effect<KeptInteraction, DocumentNotFound | EventLogUnavailable>
  /** Waits until it has ended, where it is answered in the background. */
  readonly awaited: (id: string) => Effect.Effect<KeptInteraction, DocumentNotFound | EventLogUnavailable>
  /** Of what is answered in the background. */
  readonly cancel: (
    id: string
  ) => Effect.Effect<KeptInteraction, DocumentNotFound | DocumentConflict | AccessDenied | EventLogUnavailable>
  readonly remove: (
    id: string
  ) => Effect.Effect<void, DocumentNotFound | DocumentConflict | AccessDenied | EventLogUnavailable>
}>()("strata/apis/interactions/Interactions") {}
