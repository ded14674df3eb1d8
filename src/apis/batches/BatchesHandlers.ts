/** Binds the endpoints of batches and of message batches to their service. */
import { Effect, Option, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { anthropic } from "../../kernel/dialects/anthropic/AnthropicDialect.ts"
import { statusOf } from "../../kernel/http/HttpErrors.ts"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import type { failures } from "./BatchErrors.ts"
import { mapBatchErrors } from "./BatchErrors.ts"
import { Batches } from "./Batches.ts"
import { BatchesRoutes } from "./BatchesRoutes.ts"
import type { KeptBatch } from "./BatchKind.ts"
import * as BatchObject from "./BatchObject.ts"
import * as MessageBatchObject from "./MessageBatchObject.ts"

const header = (name: string) =>
  Effect.map(
    Effect.serviceOption(HttpServerRequest.HttpServerRequest),
    (request) => Option.getOrUndefined(request)?.headers[name]
  )

/** Where the client asks. */
const origin = Effect.gen(function*() {
  const host = yield* header("host")
  const protocol = (yield* header("x-forwarded-proto")) === "https" ? "https" : "http"
  return host === undefined ? "" : `${protocol}://${host}`
})

type BatchFailure = Parameters<typeof failures.toHttpError>[0]

/** Failures of message batches, in Anthropic's form. */
const inDialect = <A, R>(effect: Effect.Effect<A, BatchFailure, R>) =>
  Effect.catch(mapBatchErrors(effect), (error) => {
    const status = statusOf(error)!
    return Effect.succeed(
      HttpServerResponse.jsonUnsafe(anthropic.errors.envelope({ ...error.error, status }), { status })
    )
  })

const messageBatch = <E>(batch: Effect.Effect<KeptBatch, E>) =>
  Effect.flatMap(batch, (batch) => Effect.map(origin, (origin) => MessageBatchObject.of(batch, origin)))

export const BatchesHandlers = ApiHandlers.make(
  BatchesRoutes,
  Effect.fn(function*(handlers) {
    const batches = yield* Batches

    return handlers.handleAll({
      createBatch: ({ payload }) =>
        Effect.flatMap(header("idempotency-key"), (key) => batches.create(payload, key)).pipe(
          Effect.map(BatchObject.of),
          mapBatchErrors
        ),
      listBatches: ({ query }) =>
        batches.list(query).pipe(
          Effect.map(({ data, has_more }) => toList({ data: data.map(BatchObject.of), has_more })),
          mapBatchErrors
        ),
      retrieveBatch: ({ params }) => mapBatchErrors(Effect.map(batches.get(params.batch_id), BatchObject.of)),
      cancelBatch: ({ params }) => mapBatchErrors(Effect.map(batches.cancel(params.batch_id), BatchObject.of)),
      createMessageBatch: ({ payload }) => inDialect(messageBatch(batches.createMessages(payload))),
      listMessageBatches: ({ query }) =>
        Effect.gen(function*() {
          const { data, has_more } = yield* batches.listMessages(query)
          const from = yield* origin
          const { object: _, ...list } = toList({
            data: data.map((batch) => MessageBatchObject.of(batch, from)),
            has_more
          })
          return list
        }).pipe(inDialect),
      retrieveMessageBatch: ({ params }) => inDialect(messageBatch(batches.getMessages(params.message_batch_id))),
      cancelMessageBatch: ({ params }) => inDialect(messageBatch(batches.cancelMessages(params.message_batch_id))),
      deleteMessageBatch: ({ params: { message_batch_id: id } }) =>
        inDialect(Effect.as(batches.removeMessages(id), { id, type: "message_batch_deleted" as const })),
      listMessageBatchResults: ({ params }) =>
        Effect.map(
          batches.results(params.message_batch_id),
          (lines) => HttpServerResponse.stream(Stream.encodeText(lines), { contentType: "application/x-jsonl" })
        ).pipe(
          inDialect
        )
    })
  })
)
