/** Binds the endpoints of responses to their service. */
import { Effect } from "effect"
import type { Schema } from "effect"
import type { HttpServerResponse } from "effect/http"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import * as Bytes_ from "../../kernel/bytes/Bytes.ts"
import * as HttpBytes from "../../kernel/bytes/HttpBytes.ts"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as BytesHandler from "../../kernel/modules/BytesHandler.ts"
import * as AwaitedStream from "../../kernel/requests/AwaitedStream.ts"
import type { ResponseError } from "./ResponseErrors.ts"
import * as ResponseFailures from "./ResponseFailures.ts"
import { Responses } from "./Responses.ts"
import type { CompactResponse, CountInputTokens, CreateResponse } from "./ResponsesModels.ts"
import { ResponsesRoutes } from "./ResponsesRoutes.ts"

const bytesOf = <E>(answer: Effect.Effect<Bytes<E>, ResponseError>): Effect.Effect<Bytes<E>> =>
  Effect.catch(answer, (error) => ResponseFailures.toBytes(error) as Effect.Effect<Bytes<E>>)

const json = (answer: Effect.Effect<Schema.JsonObject, ResponseError>) =>
  bytesOf(Effect.map(answer, (value): Bytes => Bytes_.json(200, JSON.stringify(value))))

export const ResponsesHandlers = ApiHandlers.make(
  ResponsesRoutes,
  Effect.fn(function*(handlers) {
    const responses = yield* Responses

    const served = (bytes: Effect.Effect<Bytes<unknown>>): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
      Effect.map(bytes, HttpBytes.toResponse)

    return handlers.handleAll({
      createResponse: BytesHandler.make((request: CreateResponse, text) => {
        const body = request as unknown as Schema.JsonObject
        const answer = bytesOf(responses.create(body, text))
        return request.stream === true ? Effect.andThen(AwaitedStream.announce, answer) : answer
      }, responses.sessionOf),
      countInputTokens: BytesHandler.make((request: CountInputTokens) =>
        json(Effect.map(responses.inputTokens(request as unknown as Schema.JsonObject), (input_tokens) => ({
          object: "response.input_tokens",
          input_tokens
        })))
      ),
      compactResponse: BytesHandler.make((request: CompactResponse) =>
        json(responses.compact(request as unknown as Schema.JsonObject))
      ),
      listResponses: ({ query }) => served(json(Effect.map(responses.list(query), toList))),
      retrieveResponse: ({ params, query }) =>
        served(
          query.stream
            ? bytesOf(responses.stream(params.response_id, query))
            : json(responses.get(params.response_id))
        ),
      deleteResponse: ({ params }) =>
        served(json(Effect.as(responses.remove(params.response_id), {
          id: params.response_id,
          object: "response",
          deleted: true
        }))),
      cancelResponse: ({ params }) => served(json(responses.cancel(params.response_id))),
      listInputItems: ({ params, query }) =>
        served(json(Effect.map(responses.inputItems(params.response_id, query), toList)))
    })
  })
)
