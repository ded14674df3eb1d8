/** Asks a vendor for a value, whole: what it refuses and what it answers wrongly is told in OpenAI's dialect. */
import { Effect, Predicate, Result } from "effect"
import type { Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { field, parse } from "../../events/types/JsonAccess.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import type { AnswerFailure } from "../calls/AnswerFailure.ts"
import type { Answer } from "../calls/Call.ts"
import * as RecordingResponse from "../calls/RecordingResponse.ts"
import * as VendorCall from "../calls/VendorCall.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"
import { ProviderRejected } from "../http/ProviderErrors.ts"
import * as LlmErrors from "../messages/LlmErrors.ts"
import { chat } from "./chat/ChatDialect.ts"
import type { Errors } from "./Dialect.ts"
import type { NotOfDialect } from "./NotOfDialect.ts"
import * as Translation from "./Translation.ts"

export interface Options extends Omit<VendorCall.Options, "envelope"> {
  /** What it wants to hear with each request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly errors: Pick<Errors, "envelope" | "raise" | "retryAfter">
}

/** One question, and how its answer is read. */
export interface Question<A> {
  readonly path: string
  /** Fails where the vendor could not be asked this. */
  readonly body: Result.Result<Schema.JsonObject, NotOfDialect>
  /** Fails with what is wrong with the answer. */
  readonly raise: (json: unknown) => Result.Result<A, string>
  /** What the default event of the call says of it; undefined: it is no answer. */
  readonly summarize: (answer: A | undefined) => object
}

const isEnvelope = (body: unknown): boolean => Predicate.isString(field(field(body, "error"), "message"))

const unsayable = ({ message, param }: NotOfDialect) =>
  LlmErrors.of({ kind: "invalid_request", message, param: param ?? null, code: "unsupported_value" })

/** An error under the status of a success; undefined: there is none. */
const errorIn = (json: unknown): unknown => {
  const error = field(json, "error")
  return Predicate.isObject(error) || (Predicate.isString(error) && error !== "") ? error : undefined
}

export const make = ({ client, errors, headers, provider }: Options) => {
  const { accepted, invalid, unreachable } = VendorCall.make({ provider, client, envelope: errors.envelope })

  /** What its clients read already passes as it came. */
  const forClient = (error: ProviderError): ProviderError =>
    error._tag === "ProviderFailed" || (errors === chat.errors && isEnvelope(parse(error.text)))
      ? error
      : Translation.rejectedFor({ client: chat, vendor: { errors } }, error)

  const refusal = (json: unknown, answered: Readonly<Record<string, string>>) => {
    const status = LlmErrors.statusOf(errors.raise(0, json).kind)
    return forClient(new ProviderRejected({ provider, status, headers: answered, text: JSON.stringify(json) }))
  }

  return <A>({ body, path, raise, summarize }: Question<A>): Effect.Effect<A, LlmErrors.LlmError | ProviderError> =>
    Effect.gen(function*() {
      const text = JSON.stringify(yield* Effect.mapError(Effect.fromResult(body), unsayable))
      const request = HttpClientRequest.post(path, { headers }).pipe(
        HttpClientRequest.bodyText(text, "application/json")
      )
      const response = yield* Effect.mapError(accepted(request), forClient)
      let raised: Result.Result<A, string> | undefined
      // The recorder reads it, too: once is enough.
      const read = (json: unknown) => (raised ??= json === undefined ? Result.fail("not JSON") : raise(json))
      const failureOf = ({ json }: Answer): AnswerFailure | undefined => {
        const error = errorIn(json)
        if (error !== undefined) return { type: "vendor_error", message: errors.raise(0, json).message }
        const answer = read(json)
        return Result.isFailure(answer) ? { type: "invalid_answer", message: answer.failure } : undefined
      }
      RecordingResponse.judge(response, {
        failureOf,
        isLastFrame: () => false,
        summarize: ({ json }) => summarize(Result.getOrUndefined(read(json)))
      })
      const answered = WholeBody.textOf(yield* Effect.mapError(RecordingResponse.wholeOf(response), unreachable))
      const json = raised === undefined ? parse(answered) : undefined
      if (errorIn(json) !== undefined) return yield* refusal(json, VendorCall.forward(response.headers))
      return yield* Effect.mapError(Effect.fromResult(read(json)), invalid)
    })
}
