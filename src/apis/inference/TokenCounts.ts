/** How many tokens a request has: as who serves its model counts them, or by a rule. */
import { Effect, Option, Result, Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import * as Calls from "../../kernel/calls/Calls.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as Dialects from "../../kernel/dialects/Dialects.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import { LlmError } from "../../kernel/messages/LlmErrors.ts"
import { summaryOf, TokenCount } from "../../kernel/messages/TokenCount.ts"
import * as TokenEstimate from "../../kernel/messages/TokenEstimate.ts"
import * as AnswerEnd from "../../kernel/reliability/AnswerEnd.ts"
import * as CallFailure from "../../kernel/reliability/CallFailure.ts"
import * as Refusal from "../../kernel/reliability/Refusal.ts"
import * as Reliability from "../../kernel/reliability/Reliability.ts"
import * as AnswerBytes from "./AnswerBytes.ts"
import type { InferenceError, InferenceProvider } from "./Inference.ts"
import * as PreparedRequest from "./PreparedRequest.ts"
import * as TokenCountEvents from "./TokenCountEvents.ts"

type CountError = LlmError | ProviderError

const method: CallMethod<CountError> = {
  name: "inference.countTokens",
  input: ChatRequest,
  answer: TokenCount,
  element: undefined,
  error: Schema.Union([ProviderRejected, ProviderFailed, LlmError]),
  events: TokenCountEvents
}

const decode = Schema.decodeUnknownResult(TokenCount)

/** Of an answer, whoever's it is: over a wire it is a vendor's. */
const countIn = (json: unknown): TokenCount | undefined => {
  const own = Result.getSuccess(decode(json))
  const counts = [
    own,
    ...Dialects.all.flatMap(({ countTokens }) => Result.getSuccess(countTokens?.raise(json) ?? none))
  ]
  return counts.map(Option.getOrUndefined).find((count) => count !== undefined)
}

const none = Result.fail(undefined)

const callOf = (provider: string, model: string, request: ChatRequest): Call<CountError> => ({
  method,
  provider,
  common: { provider, model },
  request: { message_count: request.messages.length, tool_count: request.tools?.length ?? 0 },
  input: () => JSON.stringify(request),
  summarize: ({ json }) => summaryOf(countIn(json))
})

type Provider = InferenceProvider["Service"]

/** What a client says in headers is for a vendor of its dialect. */
const headersFor = ({ dialects = [] }: Provider, { dialect, headers = {} }: WireCall) =>
  dialects.some(({ name }) => name === dialect.name) ? headers : {}

const failureFor = (client: Dialect, provider: string) => (error: CountError): InferenceError => {
  const failure = AnswerBytes.rejected(provider)(error)
  return failure._tag === "ProviderRejected" ? Translation.rejectedFor({ client, vendor: canonical }, failure) : failure
}

export interface Counting {
  readonly provider_id: string
  readonly service: Provider
}

/** The model is as the provider calls it. An estimate is a call, too: a later rule gives other numbers than the log has. */
export const count = Effect.fnUntraced(function*({ provider_id, service }: Counting, call: WireCall) {
  const { body, dialect, model } = call
  const raised = yield* Effect.fromResult(dialect.raise.request(body))
  const given = dialect.raise.forOthers?.(raised) ?? raised
  const { repairs, request } = PreparedRequest.prepare({ ...given, model })
  yield* PreparedRequest.record({ provider: provider_id, model, repairs, degradations: [] })
  // In a verification the instance may not run: what it has counted is recorded.
  const counted = Effect.suspend((): Effect.Effect<TokenCount, CountError> =>
    service.countTokens?.(request, headersFor(service, call)) ??
      Effect.succeed({ input_tokens: TokenEstimate.of(request), estimated: true })
  )
  return yield* Effect.mapError(
    Reliability.run({
      of: service.reliability,
      call: callOf(provider_id, model, request),
      run: (made) => Calls.runValue(made, counted),
      failureOf: (error) => CallFailure.of(error, canonical.errors.raise),
      refused: (refusal) => Refusal.rejected(refusal, canonical.errors.envelope),
      onEnd: AnswerEnd.ofValue,
      onStart: (answer) => Effect.succeed({ answer }),
      headersOf: () => ({})
    }),
    failureFor(dialect, provider_id)
  )
})
