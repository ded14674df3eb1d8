/**
 * Events of calls whose answer comes whole: asked, answered, failed, each at three levels.
 *
 * @example
 * export const { all, Error, Request, Response } = ValueEvents.make("tokens", {
 *   common: {},
 *   request: { description: "The tokens of a request are to be counted.", fields: { message_count: Schema.Int } },
 *   response: { description: "They are counted.", fields: { input_tokens: Schema.NullOr(Schema.Int) } },
 *   failure: "The vendor refused, failed, or could not be reached; or the call was given up."
 * })
 */
import { Schema } from "effect"
import type { Definition } from "../../events/types/Event.ts"
import * as Event from "../../events/types/Event.ts"
import { RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"

const model = { model: Schema.String.annotate({ description: "What the vendor calls the model." }) }

export interface Options {
  /** What is asked of the provider; default: a model. */
  readonly subject?: Schema.Struct.Fields
  /** What each event says besides the provider and the subject. */
  readonly common: Schema.Struct.Fields
  readonly request: { readonly description: string; readonly fields: Schema.Struct.Fields }
  readonly response: { readonly description: string; readonly fields: Schema.Struct.Fields }
  /** What an error is. */
  readonly failure: string
  /** Whether answers may come in pieces over a wire. Default: they come whole. */
  readonly streams?: boolean
}

const duration_ms = Schema.Finite.annotate({ description: "From asking to the last byte, milliseconds." })

const nullableStatus = Schema.NullOr(Schema.Int)

/** `namespace`: `embedding` makes `embedding:request`, `embedding:response` and `embedding:error`. */
export const make = (
  namespace: string,
  { common, failure, request, response, streams = false, subject = model }: Options
) => {
  const traffic = streams ? ["frames.*.0", "headers.date"] : ["headers.date"]
  const call = {
    provider: Schema.String.annotate({ description: "The provider instance." }),
    ...subject,
    ...common
  }

  const Request = Event.family(`${namespace}:request`, {
    base: {
      description: request.description,
      volatile: ["call"],
      payload: Schema.Struct({
        ...call,
        call: Schema.String.annotate({ description: "Which call of its request it is: `1`, `2` …" }),
        ...request.fields
      })
    },
    debug: { description: "What was asked, truncated.", payload: Schema.Struct({ request: Schema.Json }) },
    raw: { description: "What was asked, complete.", payload: RequestTraffic }
  })

  const Response = Event.family(`${namespace}:response`, {
    base: {
      description: response.description,
      volatile: streams ? ["duration_ms", "time_to_first_chunk_ms"] : ["duration_ms"],
      payload: Schema.Struct({
        ...call,
        status: Schema.Int,
        ...response.fields,
        time_to_first_chunk_ms: streams
          ? Schema.NullOr(Schema.Finite).annotate({
            description: "From asking to the first bytes, milliseconds; null where the answer came whole."
          })
          : Schema.Null.annotate({ description: "The answer comes whole." }),
        duration_ms
      })
    },
    debug: { description: "The answer, truncated.", payload: Schema.Struct({ response: Schema.Json }) },
    raw: { description: "The answer, complete.", volatile: traffic, payload: ResponseTraffic }
  })

  const Error = Event.family(`${namespace}:error`, {
    base: {
      description: failure,
      volatile: ["duration_ms"],
      payload: Schema.Struct({
        ...call,
        status: nullableStatus.annotate({ description: "Null when there was no answer." }),
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
      volatile: traffic,
      payload: Schema.Struct({ ...ResponseTraffic.fields, status: nullableStatus })
    }
  })

  const all: ReadonlyArray<Definition> = [Request, Response, Error].flatMap((
    { base, debug, raw }
  ) => [base, debug, raw])
  return { Request, Response, Error, all }
}
