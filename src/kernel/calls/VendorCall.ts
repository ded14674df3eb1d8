/** Sends a request to a vendor: what fails, and what the vendor refuses, in the words of the provider's contract. */
import { ByteSize, Effect, Stream } from "effect"
import type { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { parse } from "../../events/types/JsonAccess.ts"
import { AuthenticationFailed } from "../authentication/AuthenticationFailed.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import { TimeLimitExceeded } from "../client/TimeLimitExceeded.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../http/ProviderErrors.ts"
import * as RecordingResponse from "./RecordingResponse.ts"
import * as VendorError from "./VendorError.ts"

export interface Options {
  /** The provider instance. */
  readonly provider: string
  /** Sends to the vendor: base URL and keys are its business. */
  readonly client: HttpClient.HttpClient
  /** Of the dialect that is spoken with it. */
  readonly envelope: VendorError.Envelope
  /** The body of a refusal, where its headers say what it is; absent: the body says all. */
  readonly typed?: ((text: string, headers: Readonly<Record<string, string>>) => string) | undefined
}

/** Longest text that is read of what nobody records. */
const longestText = ByteSize.mebibytes(16)

/** Headers of the vendor's answer that concern the client. */
const forwarded = /^(retry-after(-ms)?|x-should-retry|x-ratelimit-.*|openai-.*|anthropic-.*|request-id)$/

export const forward = (headers: Readonly<Record<string, string>>): Record<string, string> => {
  const forClient: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    if (forwarded.test(name)) forClient[name] = headers[name]!
  }
  return forClient
}

/** By its ends: a text that breaks off is none. What comes behind one that is whole passes with it. */
export const isJsonObject = (text: string): boolean =>
  text.trimStart().startsWith("{") &&
  (text.trimEnd().endsWith("}") || parse(text.slice(0, text.lastIndexOf("}") + 1)) !== undefined)

const reasonOf = ({ reason: { cause } }: HttpClientError.HttpClientError): ProviderFailed["reason"] => {
  if (cause instanceof TimeLimitExceeded) return "timeout"
  return cause instanceof AuthenticationFailed ? "unauthenticated" : "unreachable"
}

export const make = ({ client, envelope, provider, typed }: Options) => {
  /** A vendor's error goes through as it is; what is not JSON is put into the dialect's envelope. */
  const errorText = (status: number, text: string): string =>
    isJsonObject(text) ? text : JSON.stringify(envelope({
      message: `The provider ${provider} answered ${status}: ${text.slice(0, 500)}`,
      type: "upstream_error",
      status
    }))

  const unreachable = (error: HttpClientError.HttpClientError) =>
    new ProviderFailed({ provider, reason: reasonOf(error), detail: VendorError.describe(error) })

  const invalid = (detail: string) => new ProviderFailed({ provider, reason: "invalid_answer", detail })

  /** The text of an answer that is not recorded, such as a list of models. */
  const boundedText = (response: HttpClientResponse.HttpClientResponse) =>
    response.stream.pipe(
      Stream.mapError(unreachable),
      Stream.limitBytes(longestText, () => Stream.fail(invalid(`longer than ${ByteSize.format(longestText)}`))),
      Stream.decodeText,
      Stream.mkString
    )

  const rejected = ({ headers, status }: HttpClientResponse.HttpClientResponse, body: WholeBody.WholeBody) => {
    const given = WholeBody.textOf(body)
    const text = typed?.(given, headers) ?? given
    return new ProviderRejected({
      provider,
      status,
      headers: forward(headers),
      text: errorText(status, text),
      ...typeof body === "string" || text !== given || !isJsonObject(text) ? {} : { bytes: body }
    })
  }

  const refusal = (response: HttpClientResponse.HttpClientResponse) =>
    // The client follows none, and an answer it is not.
    response.status < 400 ? invalid(`status ${response.status}: check base_url`) : Effect.flatMap(
      Effect.mapError(RecordingResponse.wholeOf(response), unreachable),
      (body) => rejected(response, body)
    )

  /** Gives the answer, unless the vendor refuses. */
  const accepted = (request: HttpClientRequest.HttpClientRequest) =>
    Effect.flatMap(
      Effect.mapError(client.execute(request), unreachable),
      (response): Effect.Effect<HttpClientResponse.HttpClientResponse, ProviderError> =>
        response.status < 300 ? Effect.succeed(response) : refusal(response)
    )

  return { accepted, boundedText, unreachable, invalid }
}
