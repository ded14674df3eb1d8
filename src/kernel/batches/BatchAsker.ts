/** Asks a vendor about batches: JSON as it decodes, and files of lines of JSON. */
import { Effect, Option, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { parse } from "../../events/types/JsonAccess.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import * as RecordingResponse from "../calls/RecordingResponse.ts"
import * as VendorCall from "../calls/VendorCall.ts"

export interface Options extends VendorCall.Options {
  /** What it wants to hear with each request. */
  readonly headers?: Readonly<Record<string, string>>
}

export const make = (options: Options) => {
  const { accepted, invalid, unreachable } = VendorCall.make(options)
  const text = (request: HttpClientRequest.HttpClientRequest) =>
    Effect.flatMap(
      accepted(HttpClientRequest.setHeaders(request, options.headers ?? {})),
      (response) => Effect.map(Effect.mapError(RecordingResponse.wholeOf(response), unreachable), WholeBody.textOf)
    )
  return {
    json: <A>(schema: Schema.Codec<A, unknown>) => {
      const decode = Schema.decodeUnknownOption(schema)
      return (request: HttpClientRequest.HttpClientRequest) =>
        Effect.flatMap(text(request), (text) => {
          const value = decode(parse(text))
          return Option.isSome(value)
            ? Effect.succeed(value.value)
            : Effect.fail(invalid(`no answer about a batch: ${text.slice(0, 200)}`))
        })
    },
    /** What is no line of this form is left out. */
    lines: <A>(schema: Schema.Codec<A, unknown>) => {
      const decode = Schema.decodeUnknownOption(schema)
      return (request: HttpClientRequest.HttpClientRequest) =>
        Effect.map(
          text(request),
          (text) => text.split("\n").flatMap((line) => Option.toArray(decode(parse(line))))
        )
    }
  }
}
