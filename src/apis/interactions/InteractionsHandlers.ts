/** Binds the endpoints of interactions to their service. */
import { Effect, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { interactions as dialect } from "../../kernel/dialects/interactions/InteractionsDialect.ts"
import type { Form } from "../../kernel/dialects/interactions/LowerResponse.ts"
import type { CreateInteractionRequest, Interaction } from "../../kernel/dialects/interactions/Wire.ts"
import type { DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import { DocumentInvalid, failures, mapDocumentErrors } from "../../kernel/documents/DocumentErrors.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import { statusOf } from "../../kernel/http/HttpErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as BytesHandler from "../../kernel/modules/BytesHandler.ts"
import * as AwaitedStream from "../../kernel/requests/AwaitedStream.ts"
import { failed } from "../inference/VendorRefusal.ts"
import * as InteractionAnswer from "./InteractionAnswer.ts"
import type { CreateFailure } from "./Interactions.ts"
import { Interactions } from "./Interactions.ts"
import type { InteractionQuery } from "./InteractionsModels.ts"
import { InteractionsRoutes } from "./InteractionsRoutes.ts"

type DocumentFailure = DocumentNotFound | DocumentConflict | DocumentInvalid | AccessDenied | EventLogUnavailable

const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" }

const refused = (error: CreateFailure) => {
  switch (error._tag) {
    case "DocumentNotFound":
      return Effect.fail(failures.toHttpError(error, "previous_interaction_id"))
    case "DocumentInvalid":
    case "AccessDenied":
      return Effect.fail(failures.toHttpError(error))
    default:
      return failed(error)
  }
}

/** Failures of what is asked of kept interactions, in the dialect. */
const inDialect = <A, R>(effect: Effect.Effect<A, DocumentFailure, R>) =>
  Effect.catch(mapDocumentErrors(effect), (error) => {
    const status = statusOf(error)!
    const { code, message, param } = error.error
    const envelope = dialect.errors.envelope({ status, message, code: code ?? null, param: param ?? null })
    return Effect.succeed(HttpServerResponse.jsonUnsafe(envelope, { status }))
  })

const notResumed = new DocumentInvalid({
  type: "interaction",
  field: "last_event_id",
  message: "A stream is not gone on with from an event: leave `last_event_id` out, and read the interaction again."
})

export const InteractionsHandlers = ApiHandlers.make(
  InteractionsRoutes,
  Effect.fn(function*(handlers) {
    const interactions = yield* Interactions

    const create = (operation: string, form: Form) => (request: CreateInteractionRequest, text: string) => {
      const asked = { operation, form, request, text }
      const answer = Effect.catch(interactions.create(asked), refused)
      return request.stream === true ? Effect.andThen(AwaitedStream.announce, answer) : answer
    }
    const get = (form: Form, id: string, { include_input, last_event_id, stream }: InteractionQuery) =>
      inDialect(Effect.gen(function*() {
        if (last_event_id !== undefined) return yield* notResumed
        const kept = yield* interactions.get(id)
        if (!stream) return InteractionAnswer.of(kept, form, include_input) as Interaction
        // It is read when this has answered: as who asks.
        const awaited = Effect.provideContext(interactions.awaited(id), yield* Effect.context<never>())
        const frames = Stream.fromIterableEffect(Effect.map(awaited, (kept) => InteractionAnswer.frames(kept, form)))
        return HttpServerResponse.stream(frames, { headers })
      }))
    const remove = (id: string) => inDialect(Effect.as(interactions.remove(id), {}))
    const cancel = (form: Form, id: string) =>
      inDialect(Effect.map(interactions.cancel(id), (kept) => InteractionAnswer.of(kept, form, false) as Interaction))

    type Given = { readonly params: { readonly interaction_id: string } }
    const retrieve = (form: Form) => ({ params, query }: Given & { readonly query: InteractionQuery }) =>
      get(form, params.interaction_id, query)
    const deleted = ({ params }: Given) => remove(params.interaction_id)
    const cancelled = (form: Form) => ({ params }: Given) => cancel(form, params.interaction_id)

    return handlers.handleAll({
      createInteraction: BytesHandler.make(create("createInteraction", "steps"), interactions.sessionOf),
      retrieveInteraction: retrieve("steps"),
      deleteInteraction: deleted,
      cancelInteraction: cancelled("steps"),
      createBetaInteraction: BytesHandler.make(create("createBetaInteraction", "steps"), interactions.sessionOf),
      retrieveBetaInteraction: retrieve("steps"),
      deleteBetaInteraction: deleted,
      cancelBetaInteraction: cancelled("steps"),
      createEarlierInteraction: BytesHandler.make(
        create("createEarlierInteraction", "outputs"),
        interactions.sessionOf
      ),
      retrieveEarlierInteraction: retrieve("outputs"),
      deleteEarlierInteraction: deleted,
      cancelEarlierInteraction: cancelled("outputs")
    })
  })
)
