/** Events of calls to language models, as providers make them. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"
import { Usage } from "../messages/Usage.ts"

const call = {
  provider: Schema.String,
  model: Schema.String.annotate({ description: "What the vendor calls the model." }),
  operation: Schema.Literals(["chat", "text_completion"]).annotate({ description: "As OpenTelemetry GenAI names it." })
}

const path = Schema.optionalKey(Schema.String).annotate({
  description: "Which call of its request it is: `1`, `2`, and `2.1` for what is called on behalf of the second. " +
    "Absent in what earlier versions recorded."
})

const milliseconds = (description: string) => Schema.Finite.annotate({ description: `${description}, milliseconds.` })

export const Request = Event.family("llm:request", {
  base: {
    description: "A provider is called, or sends a request to its vendor.",
    volatile: ["call"],
    payload: Schema.Struct({
      ...call,
      call: path,
      stream: Schema.Boolean,
      message_count: Schema.Int.annotate({ description: "Of a text completion: its prompts." }),
      tool_count: Schema.Int
    })
  },
  debug: {
    description: "The request's body, truncated.",
    payload: Schema.Struct({ request: Schema.Json })
  },
  raw: {
    description: "The request, complete.",
    payload: RequestTraffic
  }
})

export const Response = Event.family("llm:response", {
  base: {
    description: "The vendor answered, and the answer is complete.",
    volatile: ["duration_ms", "time_to_first_chunk_ms"],
    payload: Schema.Struct({
      ...call,
      status: Schema.Int,
      response_id: Schema.NullOr(Schema.String),
      response_model: Schema.NullOr(Schema.String),
      finish_reason: Schema.NullOr(Schema.String),
      usage: Schema.NullOr(Usage),
      duration_ms: milliseconds("From sending the request to the last byte"),
      time_to_first_chunk_ms: Schema.NullOr(milliseconds("From sending the request to the first bytes of a stream"))
    })
  },
  debug: {
    description: "The answer, truncated; of a stream, its frames.",
    payload: Schema.Struct({ response: Schema.Json })
  },
  raw: {
    description: "The answer, complete; of a stream, every frame with its time.",
    volatile: ["frames.*.0", "headers.date"],
    payload: ResponseTraffic
  }
})

export const Error = Event.family("llm:error", {
  base: {
    description: "The vendor refused, failed, or could not be reached; or the call was given up.",
    volatile: ["duration_ms"],
    payload: Schema.Struct({
      ...call,
      status: Schema.NullOr(Schema.Int).annotate({ description: "Null when there was no answer." }),
      error: Schema.Struct({ type: Schema.String, message: Schema.String }),
      duration_ms: milliseconds("From sending the request")
    })
  },
  debug: {
    description: "The answer as far as it came, truncated; null when there was none.",
    payload: Schema.Struct({ response: Schema.Json })
  },
  raw: {
    description: "The answer as far as it came; its status is null when there was none.",
    volatile: ["frames.*.0", "headers.date"],
    payload: Schema.Struct({ ...ResponseTraffic.fields, status: Schema.NullOr(Schema.Int) })
  }
})
