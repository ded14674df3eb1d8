/** Events of calls that put texts in order. */
import { Schema } from "effect"
import type { Definition } from "../../events/types/Event.ts"
import * as Event from "../../events/types/Event.ts"
import { RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"
import { Usage } from "../../kernel/messages/Usage.ts"

const call = {
  provider: Schema.String.annotate({ description: "The provider instance." }),
  model: Schema.String.annotate({ description: "What the vendor calls the model." }),
  operation: Schema.Literal("rerank")
}

const duration_ms = Schema.Finite.annotate({ description: "From asking to the last byte, milliseconds." })

export const Request = Event.family("rerank:request", {
  base: {
    description: "Texts are to be put in order, by what they have to do with a query.",
    volatile: ["call"],
    payload: Schema.Struct({
      ...call,
      call: Schema.String.annotate({ description: "Which call of its request it is: `1`, `2` …" }),
      item_count: Schema.Int.annotate({ description: "How many texts." }),
      max_num_results: Schema.NullOr(Schema.Int).annotate({ description: "Null: all of them." })
    })
  },
  debug: { description: "What was asked, truncated.", payload: Schema.Struct({ request: Schema.Json }) },
  raw: { description: "What was asked, complete.", payload: RequestTraffic }
})

export const Response = Event.family("rerank:response", {
  base: {
    description: "They are in order.",
    volatile: ["duration_ms"],
    payload: Schema.Struct({
      ...call,
      status: Schema.Int,
      result_count: Schema.Int,
      usage: Schema.NullOr(Usage).annotate({ description: "Null: nobody counted." }),
      time_to_first_chunk_ms: Schema.Null.annotate({ description: "The answer comes whole." }),
      duration_ms
    })
  },
  debug: { description: "The answer, truncated.", payload: Schema.Struct({ response: Schema.Json }) },
  raw: { description: "The answer, complete.", volatile: ["headers.date"], payload: ResponseTraffic }
})

export const Error = Event.family("rerank:error", {
  base: {
    description:
      "The vendor refused, failed, could not be reached, or gave what is no order; or the call was given up.",
    volatile: ["duration_ms"],
    payload: Schema.Struct({
      ...call,
      status: Schema.NullOr(Schema.Int).annotate({ description: "Null when there was no answer." }),
      error: Schema.Struct({ type: Schema.String, message: Schema.String }),
      duration_ms
    })
  },
  debug: {
    description: "The answer as far as it came, truncated; null when there was none.",
    payload: Schema.Struct({ response: Schema.Json })
  },
  raw: {
    description: "The answer as far as it came; its status is null when there was none.",
    volatile: ["headers.date"],
    payload: Schema.Struct({ ...ResponseTraffic.fields, status: Schema.NullOr(Schema.Int) })
  }
})

export const all: ReadonlyArray<Definition> = [Request, Response, Error].flatMap(({ base, debug, raw }) => [
  base,
  debug,
  raw
])
