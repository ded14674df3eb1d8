/** The HTTP face of batches, OpenAI's, and of message batches, Anthropic's. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { messageBatchResult } from "../../kernel/dialects/anthropic/described/BatchResults.ts"
import { messageBatchRequest } from "../../kernel/dialects/anthropic/described/Messages.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { Conflict, Forbidden, NotFound, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded, RunsAgain } from "../../kernel/http/RouteAnnotations.ts"
import { Batch, BatchesQuery, BatchList, BatchParams, CreateBatch } from "./BatchesModels.ts"
import {
  CreateMessageBatch,
  DeletedMessageBatch,
  MessageBatch,
  MessageBatchesQuery,
  MessageBatchList,
  MessageBatchParams
} from "./MessageBatchesModels.ts"

const changeErrors = [Forbidden, NotFound, Conflict, ServiceUnavailable] as const

export class BatchesRoutes extends HttpApiGroup.make("batches")
  .add(
    HttpApiEndpoint.post("createBatch", "/batches", {
      payload: CreateBatch,
      success: Batch,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "createBatch",
      summary: "Create a batch",
      description:
        "Asks every line of a file in the background, each as a request of its own of who made the batch, in a " +
        "session named as the batch. The input is looked at first: where any line is wrong, none is asked. What was " +
        "answered is answered once, whichever servers stop meanwhile."
    })),
    HttpApiEndpoint.get("listBatches", "/batches", {
      query: BatchesQuery,
      success: BatchList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listBatches",
      summary: "List batches",
      description: "The batches that may be seen, the newest first, a page at a time.",
      transform: parameters(BatchesQuery)
    })),
    HttpApiEndpoint.get("retrieveBatch", "/batches/:batch_id", {
      params: BatchParams,
      success: Batch,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveBatch",
      summary: "Retrieve a batch",
      description: "How far it is.",
      transform: parameters({ fields: BatchParams })
    })),
    HttpApiEndpoint.post("cancelBatch", "/batches/:batch_id/cancel", {
      params: BatchParams,
      success: Batch,
      error: changeErrors
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "cancelBatch",
      summary: "Cancel a batch",
      description:
        "Lines under way are given up, and none is begun. Answers there are by then stand in its output file.",
      transform: parameters({ fields: BatchParams })
    }))
  )
  .add(
    HttpApiEndpoint.post("createMessageBatch", "/messages/batches", {
      payload: CreateMessageBatch,
      success: MessageBatch,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotate(DescribedWire, { request: messageBatchRequest })
      .annotateMerge(OpenApi.annotations({
        identifier: "createMessageBatch",
        summary: "Create a message batch",
        description:
          "Asks for many messages in the background, in Anthropic's dialect, whoever serves their models: each is a " +
          "request of its own of who made the batch, in a session named as the batch. Errors are in Anthropic's form."
      })),
    HttpApiEndpoint.get("listMessageBatches", "/messages/batches", {
      query: MessageBatchesQuery,
      success: MessageBatchList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listMessageBatches",
      summary: "List message batches",
      description: "The batches that may be seen, the newest first, a page at a time.",
      transform: parameters(MessageBatchesQuery)
    })),
    HttpApiEndpoint.get("retrieveMessageBatch", "/messages/batches/:message_batch_id", {
      params: MessageBatchParams,
      success: MessageBatch,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveMessageBatch",
      summary: "Retrieve a message batch",
      description: "How far it is, and where its results are.",
      transform: parameters({ fields: MessageBatchParams })
    })),
    HttpApiEndpoint.delete("deleteMessageBatch", "/messages/batches/:message_batch_id", {
      params: MessageBatchParams,
      success: DeletedMessageBatch,
      error: changeErrors
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "deleteMessageBatch",
      summary: "Delete a message batch",
      description: "It and its results are not to be had any more. One that has not ended is cancelled first.",
      transform: parameters({ fields: MessageBatchParams })
    })),
    HttpApiEndpoint.post("cancelMessageBatch", "/messages/batches/:message_batch_id/cancel", {
      params: MessageBatchParams,
      success: MessageBatch,
      error: changeErrors
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "cancelMessageBatch",
      summary: "Cancel a message batch",
      description: "Requests under way are given up, and none is begun: their result is `canceled`.",
      transform: parameters({ fields: MessageBatchParams })
    })),
    HttpApiEndpoint.get("listMessageBatchResults", "/messages/batches/:message_batch_id/results", {
      params: MessageBatchParams,
      success: HttpApiSchema.StreamUint8Array({ contentType: "application/x-jsonl" }),
      error: [NotFound, Conflict, ServiceUnavailable]
    }).annotate(Recorded, false).annotate(DescribedWire, { response: messageBatchResult }).annotateMerge(
      OpenApi.annotations({
        identifier: "listMessageBatchResults",
        summary: "Read a message batch's results",
        description:
          "A JSON object a line, in any order: `custom_id` and `result`, whose `type` is succeeded, errored, canceled " +
          "or expired.",
        transform: parameters({ fields: MessageBatchParams })
      })
    )
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Batches", description: "Many requests, answered in the background." }))
{}
