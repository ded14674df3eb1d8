/** Message batches as Anthropic's dialect shows them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { count } from "../../kernel/http/Pagination.ts"
import { BatchProvider, mostRequests } from "./BatchEndpoints.ts"

const id = Schema.String.annotate({ description: "The batch's.", examples: ["msgbatch_0f1e2d"] })
const number = (description: string) => Schema.Int.annotate({ description, examples: [200] })
const time = (description: string) => Schema.String.annotate({ description, examples: ["2026-11-27T06:45:59Z"] })
const timeOrNull = (description: string) =>
  Schema.NullOr(Schema.String).annotate({ description, examples: ["2026-11-27T06:45:59Z"] })

export const MessageBatch = Schema.Struct({
  id,
  type: Schema.Literal("message_batch").annotate({ description: "What it is.", examples: ["message_batch"] }),
  processing_status: Schema.Literals(["in_progress", "canceling", "ended"]).annotate({
    description: "How far it is.",
    examples: ["ended"]
  }),
  request_counts: Schema.Struct({
    processing: number("Requests without a result."),
    succeeded: number("Requests with a message."),
    errored: number("Requests with an error."),
    canceled: number("Requests that were not made, as the batch was cancelled."),
    expired: number("Requests that were not made before the batch's time was over.")
  }).annotate({ description: "What became of its requests: all but `processing` are 0 until the batch has ended." }),
  created_at: time("When it was made."),
  expires_at: time("When it is over, done or not."),
  ended_at: timeOrNull("When it ended. Null: it has not."),
  cancel_initiated_at: timeOrNull("When somebody wanted it done no more. Null: nobody does."),
  archived_at: Schema.Null.annotate({ description: "Results stay as long as the batch." }),
  results_url: Schema.NullOr(Schema.String).annotate({
    description: "Where its results are. Null: it has not ended.",
    examples: ["http://localhost:8321/v1/messages/batches/msgbatch_0f1e2d/results"]
  }),
  provider_id: Schema.optionalKey(Schema.String).annotate({
    description: "The provider whose vendor does it as a batch of its own. Absent: Strata asks each request.",
    examples: ["anthropic"]
  }),
  vendor_batch_id: Schema.optionalKey(Schema.String).annotate({
    description: "The vendor's id of it. Absent: no vendor has it, or not yet.",
    examples: ["msgbatch_01"]
  })
}).annotate({ identifier: "MessageBatch", description: "Messages that are asked for one after the other." })
export type MessageBatch = typeof MessageBatch.Type

export const MessageBatchList = Schema.Struct({
  data: Schema.Array(MessageBatch).annotate({ description: "The page.", examples: [[]] }),
  has_more: Schema.Boolean.annotate({
    description: "True: there are more in the direction asked for.",
    examples: [false]
  }),
  first_id: Schema.NullOr(Schema.String).annotate({
    description: "Send it as `before_id` for the page before.",
    examples: ["msgbatch_0f1e2d"]
  }),
  last_id: Schema.NullOr(Schema.String).annotate({
    description: "Send it as `after_id` for the next page.",
    examples: ["msgbatch_0f1e2d"]
  })
}).annotate({ identifier: "MessageBatchList" })

export const CreateMessageBatch = Schema.Struct({
  requests: Schema.Array(Schema.Struct({
    custom_id: Schema.String.check(
      Schema.isPattern(/^[a-zA-Z0-9_-]{1,64}$/, { expected: "1 to 64 letters, digits, _ and -" })
    ).annotate({ description: "Your own name of the request: another one in each.", examples: ["question-1"] }),
    params: Schema.JsonObject.annotate({
      description: "The request, as for `POST /v1/messages`; what is wrong with it is its result.",
      examples: [{ model: "claude-sonnet-4", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] }]
    })
  })).check(Schema.isMinLength(1), Schema.isMaxLength(mostRequests)).annotate({
    description: `The requests: at most ${mostRequests}.`
  }),
  provider_id: nullable(BatchProvider)
}).annotate({ identifier: "CreateMessageBatch" })
export type CreateMessageBatch = typeof CreateMessageBatch.Type

export const DeletedMessageBatch = Schema.Struct({
  id,
  type: Schema.Literal("message_batch_deleted").annotate({
    description: "It is gone.",
    examples: ["message_batch_deleted"]
  })
}).annotate({ identifier: "DeletedMessageBatch" })

export const MessageBatchesQuery = Schema.Struct({
  after_id: Schema.optionalKey(Schema.String).annotate({
    description: "`last_id` of the page before.",
    examples: ["msgbatch_0f1e2d"]
  }),
  before_id: Schema.optionalKey(Schema.String).annotate({
    description: "`first_id` of the page behind.",
    examples: ["msgbatch_0f1e2d"]
  }),
  limit: count({ default: 20, maximum: 1000, description: "Batches on a page." })
})
export type MessageBatchesQuery = typeof MessageBatchesQuery.Type

export const MessageBatchParams = { message_batch_id: id }
