/** The HTTP face of interactions: as Google's SDK asks for them, and in the earlier form, as OGX has it. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import * as Described from "../../kernel/dialects/interactions/described/Interactions.ts"
import { CreateInteractionRequest, Interaction, InteractionEvent } from "../../kernel/dialects/interactions/Wire.ts"
import { answerErrors } from "../../kernel/http/AnswerErrors.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import { BadRequest, Conflict, Forbidden, NotFound, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { InteractionQuery } from "./InteractionsModels.ts"

const params = {
  interaction_id: Schema.String.annotate({ description: "The interaction's `id`.", examples: ["int_2f0c"] })
}

const stream = HttpApiSchema.StreamSse({ events: InteractionEvent })

const asks =
  "Asks a model in the dialect of Google's Interactions, whoever serves it. With `stream: true` the answer is a stream " +
  "of server-sent events that ends in `data: [DONE]`. The interaction is kept, so that it can be read again and gone on " +
  "from with `previous_interaction_id`, unless `store` is false; with neither, the bytes of a vendor that speaks the " +
  "dialect pass as they are. One that goes on from another stands in its session, unless `x-strata-session-id` names one. " +
  "With `background: true` the answer is `in_progress`: whichever server is there asks the " +
  "model, once; read the interaction again until it has ended. Errors are in the form of Interactions."

const reads =
  "An interaction that is kept: what was asked, and what the model did. With `stream=true` the answer waits " +
  "until an interaction in the background has ended."
const deletes = "Forgets an interaction. Those that went on from it can't be gone on from any more."
const cancels =
  "Stops an interaction that is answered in the background, and gives it as it ended. Answers 409 for any other: a client " +
  "that waits for its interaction cancels it by leaving."

const answers = { response: Described.interaction, event: Described.event }

/** The forms of the dialect, and where each is served. */
const now = { summary: "", description: "" }
const beta = { summary: ", by the path of the beta", description: " The same as under `/v1`." }
const earlier = {
  summary: ", in the earlier form",
  description: " In the earlier form, with `outputs` and `content.*` events, as OGX has it."
}

type Form = typeof now

const texts = (identifier: string, summary: string, description: string, form: Form) => ({
  identifier,
  summary: summary + form.summary,
  description: description + form.description
})

const create = <const Id extends string, const Path extends `/${string}`>(id: Id, path: Path, form: Form) =>
  HttpApiEndpoint.post(id, path, {
    payload: CreateInteractionRequest,
    success: [Interaction, stream],
    error: answerErrors
  }).annotate(DescribedWire, { request: Described.interactionRequest, ...answers })
    .annotateMerge(OpenApi.annotations(texts(id, "Create an interaction", asks, form)))

const retrieve = <const Id extends string, const Path extends `/${string}`>(id: Id, path: Path, form: Form) =>
  HttpApiEndpoint.get(id, path, {
    params,
    query: InteractionQuery,
    success: [Interaction, stream],
    error: [BadRequest, NotFound, ServiceUnavailable]
  }).annotate(Recorded, false).annotate(DescribedWire, answers).annotateMerge(OpenApi.annotations({
    ...texts(id, "Retrieve an interaction", reads, form),
    transform: parameters({ fields: params }, InteractionQuery)
  }))

const remove = <const Id extends string, const Path extends `/${string}`>(id: Id, path: Path, form: Form) =>
  HttpApiEndpoint.delete(id, path, {
    params,
    success: Schema.Struct({}),
    error: [Forbidden, NotFound, Conflict, ServiceUnavailable]
  }).annotateMerge(OpenApi.annotations({
    ...texts(id, "Delete an interaction", deletes, form),
    transform: parameters({ fields: params })
  }))

const cancel = <const Id extends string, const Path extends `/${string}`>(id: Id, path: Path, form: Form) =>
  HttpApiEndpoint.post(id, path, {
    params,
    success: Interaction,
    error: [Forbidden, NotFound, Conflict, ServiceUnavailable]
  }).annotate(OpensSession, false).annotate(DescribedWire, { response: Described.interaction }).annotateMerge(
    OpenApi.annotations({
      ...texts(id, "Cancel an interaction", cancels, form),
      transform: parameters({ fields: params })
    })
  )

export class InteractionsRoutes extends HttpApiGroup.make("interactions")
  .add(
    create("createInteraction", "/v1/interactions", now),
    retrieve("retrieveInteraction", "/v1/interactions/:interaction_id", now),
    remove("deleteInteraction", "/v1/interactions/:interaction_id", now),
    cancel("cancelInteraction", "/v1/interactions/:interaction_id/cancel", now),
    create("createBetaInteraction", "/v1beta/interactions", beta),
    retrieve("retrieveBetaInteraction", "/v1beta/interactions/:interaction_id", beta),
    remove("deleteBetaInteraction", "/v1beta/interactions/:interaction_id", beta),
    cancel("cancelBetaInteraction", "/v1beta/interactions/:interaction_id/cancel", beta),
    create("createEarlierInteraction", "/v1alpha/interactions", earlier),
    retrieve("retrieveEarlierInteraction", "/v1alpha/interactions/:interaction_id", earlier),
    remove("deleteEarlierInteraction", "/v1alpha/interactions/:interaction_id", earlier),
    cancel("cancelEarlierInteraction", "/v1alpha/interactions/:interaction_id/cancel", earlier)
  )
  .annotateMerge(OpenApi.annotations({
    title: "Interactions",
    description: "Google's Interactions, whoever serves the model."
  }))
{}
