/** Events of calls that count the tokens of a request: no model answers, and nothing is used up. */
import { Schema } from "effect"
import type { Definition } from "../../events/types/Event.ts"
import * as Event from "../../events/types/Event.ts"
import { RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"

const call = {
  provider: Schema.String.annotate({ description: "The provider instance." }),
  model: Schema.String.annotate({ description: "What the vendor calls the model." })
}

const duration_ms = Schema.Finite.annotate({ description: "From asking to the last byte, milliseconds." })

export const Request = Event.family("tokens:request", {
  base: {
    description: "The tokens of a request are to be counted.",
    volatile: ["call"],
    payload: Schema.Struct({
      ...call,
      call: Schema.String.annotate({ description: "Which call of its request it is: `1`, `2` …" }),
      message_count: Schema.Int,
      tool_count: Schema.Int
    })
  },
  debug: { description: "What was asked, truncated.", payload: Schema.Struct({ request: Schema.Json }) },
  raw: { description: "What was asked, complete.", payload: RequestTraffic }
})

export const Response = Event.family("tokens:response", {
  base: {
    description: "They are counted.",
    volatile: ["duration_ms"],
    payload: Schema.Struct({
      ...call,
      status: Schema.Int,
      input_tokens: Schema.NullOr(Schema.Int).annotate({ description: "Null where the answer does not say it." }),
      estimated: Schema.Boolean.annotate({ description: "Whether nobody counted, and Strata reckoned by a rule." }),
      time_to_first_chunk_ms: Schema.Null.annotate({ description: "The answer comes whole." }),
      duration_ms
    })
  },
  debug: { description: "The answer, truncated.", payload: Schema.Struct({ response: Schema.Json }) },
  raw: { description: "The answer, complete.", volatile: ["headers.date"], payload: ResponseTraffic }
})

export const Error = Event.family("tokens:error", {
  base: {
    description: "The vendor refused, failed, or could not be reached; or the call was given up.",
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
