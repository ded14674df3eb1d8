/** Events of batches, each in the stream of its batch: what was asked for, what each line came to, how it ended. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"

const at = Schema.Int.annotate({ description: "Seconds since 1970.", examples: [1764000000] })
const custom_id = Schema.String.annotate({
  description: "The line's, as the client calls it.",
  examples: ["question-1"]
})
const line = Schema.Int.annotate({ description: "Its number in the input, from 1.", examples: [1] })

/** What is wrong with a line, or with the whole. */
export const BatchError = Schema.Struct({
  code: Schema.String.annotate({ description: "As a program reads it.", examples: ["duplicate_custom_id"] }),
  line: Schema.NullOr(Schema.Int).annotate({
    description: "Number of the line of the input, from 1. Null: it concerns all of it.",
    examples: [3]
  }),
  message: Schema.String.annotate({ description: "As a person reads it.", examples: ["The line is no JSON."] }),
  param: Schema.NullOr(Schema.String).annotate({ description: "The field concerned.", examples: ["custom_id"] })
}).annotate({ identifier: "BatchError" })
export type BatchError = typeof BatchError.Type

/** Tokens, gross: cached ones are among those of the input. */
export const BatchTokens = Schema.Struct({
  input: Schema.Int,
  cached: Schema.Int,
  output: Schema.Int,
  reasoning: Schema.Int
}).annotate({ description: "Tokens that were used." })
export type BatchTokens = typeof BatchTokens.Type

/** A batch that a vendor does, as far as it is. */
export const VendorState = Schema.Struct({
  id: Schema.String.annotate({ description: "The vendor's id of it.", examples: ["batch_6778"] }),
  status: Schema.String.annotate({
    description: "in_progress, cancelling, completed, failed, expired or cancelled.",
    examples: ["in_progress"]
  }),
  completed: Schema.Int.annotate({ description: "Lines with a good answer, as the vendor counts." }),
  failed: Schema.Int.annotate({ description: "Lines with another answer, as the vendor counts." })
})

export const Created = Event.define("batch:created", {
  durability: "state",
  description: "A batch of requests is to be done: of a file, or of requests that stand behind this event.",
  payload: Schema.Struct({
    id: Schema.String.annotate({ description: "The batch's.", examples: ["batch_0f3a"] }),
    owner: Schema.NullOr(Principal).annotate({ description: "Whose it is: each line is asked in this name." }),
    surface: Schema.Literals(["batches", "message_batches"]).annotate({
      description: "Whose clients see it: batches, OpenAI's; message_batches, Anthropic's."
    }),
    endpoint: Schema.String.annotate({ description: "What each line asks.", examples: ["/v1/chat/completions"] }),
    input_file_id: Schema.NullOr(Schema.String).annotate({ description: "The input. Null: it is in the log." }),
    completion_window: Schema.String.annotate({ description: "How long it may take.", examples: ["24h"] }),
    created_at: at,
    expires_at: at,
    metadata: Schema.NullOr(Metadata),
    output_expires_after: Schema.NullOr(Schema.Int).annotate({
      description: "How long its files are kept, seconds. Null: until somebody deletes them."
    }),
    total: Schema.Int.annotate({ description: "How many requests it has; 0: the file is not read yet." }),
    provider_id: Schema.optionalKey(Schema.String).annotate({
      description: "The inference provider whose vendor does it as a batch of its own. Absent: each line is asked.",
      examples: ["openai"]
    })
  })
})

export const RequestsAdded = Event.define("batch:requests_added", {
  durability: "state",
  description: "Requests of a batch that came with it.",
  payload: Schema.Struct({
    first: line,
    requests: Schema.Array(Schema.Struct({
      custom_id,
      body: Schema.String.annotate({ description: "What is asked: the text of a JSON object." })
    }))
  })
})

export const Started = Event.define("batch:started", {
  durability: "state",
  description: "The input is as it should be: its lines are asked.",
  payload: Schema.Struct({ total: Schema.Int.annotate({ description: "How many lines it has." }), at })
})

export const VendorSubmitting = Event.define("batch:vendor_submitting", {
  durability: "state",
  description:
    "A vendor is about to be sent the batch: whoever goes on from here asks it first whether it has it already.",
  payload: Schema.Struct({ at })
})

export const VendorProgress = Event.define("batch:vendor_progress", {
  durability: "state",
  description:
    "How far the vendor is with the batch that it does: once it has it, and whenever it says something else.",
  payload: VendorState
})

export const LineAnswered = Event.define("batch:line_answered", {
  durability: "state",
  description: "A line has its answer, good or not, and is not asked again.",
  payload: Schema.Struct({
    line,
    custom_id,
    request_id: Schema.String.annotate({ description: "The request that it was; its events say what happened." }),
    status_code: Schema.Int.annotate({ description: "HTTP status of the answer.", examples: [200] }),
    body: Schema.String.annotate({ description: "The answer as it went out." }),
    model: Schema.NullOr(Schema.String).annotate({ description: "The model that answered.", examples: ["gpt-4o"] }),
    tokens: BatchTokens
  })
})

export const Finalizing = Event.define("batch:finalizing", {
  durability: "state",
  description: "No line is asked any more: the files are written.",
  payload: Schema.Struct({ at })
})

export const Ended = Event.define("batch:ended", {
  durability: "state",
  description: "A batch is over.",
  payload: Schema.Struct({
    status: Schema.Literals(["completed", "failed", "expired", "cancelled"]),
    at,
    output_file_id: Schema.NullOr(Schema.String).annotate({
      description: "Answers that are good. Null: there is none, or they are in the log."
    }),
    error_file_id: Schema.NullOr(Schema.String).annotate({ description: "The others. Null: as above." }),
    errors: Schema.Array(BatchError).annotate({
      description: "Why it failed, the first of them, and which of its files could not be written."
    })
  })
})

export const Deleted = Event.define("batch:deleted", {
  durability: "state",
  description: "A batch is kept no more.",
  payload: Schema.Struct({ id: Schema.String })
})

export const all = [
  Created,
  RequestsAdded,
  Started,
  VendorSubmitting,
  VendorProgress,
  LineAnswered,
  Finalizing,
  Ended,
  Deleted
]
