/** Interactions: asked of whoever serves the model, kept, gone on from. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import type { CreateInteractionRequest } from "../../kernel/dialects/interactions/Wire.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { InferenceError } from "../inference/Inference.ts"
import type { KeptInteraction } from "./InteractionsModels.ts"

export interface Asked {
  /** The form in which it is answered. */
  readonly dialect: Dialect
  readonly request: CreateInteractionRequest
  /** As the client sent it. */
  readonly text: string
}

export type CreateFailure = InferenceError | DocumentNotFound | DocumentInvalid | AccessDenied

export class Interactions extends Context.Service<Interactions, {
  /** What is neither kept nor goes on from another passes as it came. */
  readonly create: (asked: Asked) => Effect.Effect<Bytes<unknown>, CreateFailure>
  readonly get: (id: string) => Effect.Effect<KeptInteraction, DocumentNotFound | EventLogUnavailable>
  readonly remove: (
    id: string
  ) => Effect.Effect<void, DocumentNotFound | DocumentConflict | AccessDenied | EventLogUnavailable>
}>()("strata/apis/interactions/Interactions") {}
