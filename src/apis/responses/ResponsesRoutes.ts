/** The HTTP face of responses. No server code: clients import this file too. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import * as Answers from "../../kernel/dialects/responses/described/Answers.ts"
import { event } from "../../kernel/dialects/responses/described/Events.ts"
import * as Requests from "../../kernel/dialects/responses/described/Requests.ts"
import { answerErrors } from "../../kernel/http/AnswerErrors.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { BadRequest, Conflict, Forbidden, NotFound, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import {
  CompactedResponse,
  CompactResponse,
  CountInputTokens,
  CreateResponse,
  DeletedResponse,
  InputItemsQuery,
  InputTokens,
  Response,
  ResponseEvent,
  ResponseItemList,
  ResponseList,
  ResponseQuery,
  ResponsesQuery
} from "./ResponsesModels.ts"

const params = { response_id: Schema.String.annotate({ description: "The response's id.", examples: ["resp_0f3a"] }) }

const asked = [...answerErrors, Conflict] as const
const changed = [BadRequest, Forbidden, NotFound, Conflict, ServiceUnavailable] as const

export class ResponsesRoutes extends HttpApiGroup.make("responses")
  .add(
    HttpApiEndpoint.post("createResponse", "/responses", {
      payload: CreateResponse,
      success: [Response, HttpApiSchema.StreamSse({ events: ResponseEvent })],
      error: asked
    }).annotate(DescribedWire, {
      request: Requests.createResponse,
      response: Answers.response,
      event
    }).annotateMerge(OpenApi.annotations({
      identifier: "createResponse",
      summary: "Create a response",
      description:
        "Asks a model for a response, whoever serves it. Calls of the client's functions end the response; tools of MCP " +
        "servers are called here, after an approval where one is asked for. With `stream: true` the answer is OpenAI's " +
        "typed events. Where the vendor has Responses itself and nothing of Strata's is asked for, its bytes pass."
    })),
    HttpApiEndpoint.get("listResponses", "/responses", {
      query: ResponsesQuery,
      success: ResponseList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.responseList }).annotateMerge(
      OpenApi.annotations({
        identifier: "listResponses",
        summary: "List responses",
        description: "Responses that are kept and may be read by who asks, a page at a time, each with its input.",
        transform: parameters(ResponsesQuery)
      })
    ),
    HttpApiEndpoint.post("countInputTokens", "/responses/input_tokens", {
      payload: CountInputTokens,
      success: InputTokens,
      error: asked
    }).annotate(DescribedWire, { request: Requests.countRequest }).annotateMerge(OpenApi.annotations({
      identifier: "countInputTokens",
      summary: "Count input tokens",
      description:
        "Says how many tokens a request has before it is answered, with the conversation it goes on from. Where the vendor " +
        "does not count it is an estimate by a rule (four characters a token)."
    })),
    HttpApiEndpoint.post("compactResponse", "/responses/compact", {
      payload: CompactResponse,
      success: CompactedResponse,
      error: asked
    }).annotate(DescribedWire, {
      request: Requests.compactRequest,
      response: Answers.compacted
    }).annotateMerge(OpenApi.annotations({
      identifier: "compactResponse",
      summary: "Compact a conversation",
      description:
        "Makes a conversation shorter: the model says what is in it, and that stands in one item, which is sealed. Send the " +
        "output as the input of the next response."
    })),
    HttpApiEndpoint.get("retrieveResponse", "/responses/:response_id", {
      params,
      query: ResponseQuery,
      success: [Response, HttpApiSchema.StreamSse({ events: ResponseEvent })],
      error: documentErrors.list
    }).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.response, event }).annotateMerge(
      OpenApi.annotations({
        identifier: "retrieveResponse",
        summary: "Retrieve a response",
        description: "A response as it stands; with `stream=true` its events, and those to come while it is made.",
        transform: parameters({ fields: params }, ResponseQuery)
      })
    ),
    HttpApiEndpoint.delete("deleteResponse", "/responses/:response_id", {
      params,
      success: DeletedResponse,
      error: changed
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "deleteResponse",
      summary: "Delete a response",
      description: "It is not to be retrieved, listed or gone on from any more.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("cancelResponse", "/responses/:response_id/cancel", {
      params,
      success: Response,
      error: changed
    }).annotate(OpensSession, false).annotate(DescribedWire, { response: Answers.response }).annotateMerge(
      OpenApi.annotations({
        identifier: "cancelResponse",
        summary: "Cancel a response",
        description: "Stops a response that is made in the background. One that has ended stays as it is.",
        transform: parameters({ fields: params })
      })
    ),
    HttpApiEndpoint.get("listInputItems", "/responses/:response_id/input_items", {
      params,
      query: InputItemsQuery,
      success: ResponseItemList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.itemList }).annotateMerge(
      OpenApi.annotations({
        identifier: "listInputItems",
        summary: "List input items",
        description:
          "The items a response was made of, a page at a time: those that were sent with it, and before them the " +
          "conversation it goes on from.",
        transform: parameters({ fields: params }, InputItemsQuery)
      })
    )
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({
    title: "Responses",
    description: "Responses of models with tools, kept and gone on from, as OpenAI's clients ask for them."
  }))
{}
