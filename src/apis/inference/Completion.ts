/** Completions over messages: a request in the canonical dialect, and its answer read again. */
import { Effect, Predicate, Result, Stream } from "effect"
import type { Schema } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import type { WholeBody } from "../../kernel/bytes/WholeBody.ts"
import { textOf } from "../../kernel/bytes/WholeBody.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import type { NotOfDialect } from "../../kernel/dialects/NotOfDialect.ts"
import { PartReader } from "../../kernel/dialects/PartReader.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../kernel/messages/LlmErrors.ts"
import type { FailureKind } from "../../kernel/messages/LlmFailure.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import type { CompletionError, InferenceError, RequestRefused } from "./Inference.ts"

/** The call that asks for it; whether it streams is the method's to say. */
export const callOf = (given: ChatRequest, stream: boolean): Result.Result<WireCall, LlmError> => {
  const request: ChatRequest = (given.stream === true) === stream ? given : { ...given, stream }
  const { model } = request
  if (!Predicate.isString(model) || model === "") {
    const message = "model: missing: name the model, as GET /v1/models lists it"
    return Result.fail(LlmErrors.of({ kind: "invalid_request", message, param: "model" }))
  }
  return Result.succeed({
    dialect: canonical,
    model,
    stream,
    body: request as Schema.JsonObject,
    text: JSON.stringify(request)
  })
}

const kinds: Readonly<Record<ProviderFailed["reason"], FailureKind>> = {
  unreachable: "network",
  timeout: "timeout",
  invalid_answer: "unavailable",
  not_recorded: "not_found",
  unauthenticated: "authentication"
}

const ofRejected = (model: string, { headers, provider, status, text }: ProviderRejected): LlmError =>
  LlmErrors.of(canonical.errors.raise(status, parse(text)), { provider, model, status, headers })

const ofFailed = (model: string, { message, provider, reason }: ProviderFailed): LlmError =>
  LlmErrors.of({ kind: kinds[reason], message }, { provider, model })

/** What went wrong before a vendor said anything, in a completion's words. */
export const llmErrorOf = (error: ProviderFailed | NotOfDialect | RequestRefused, model: string): LlmError => {
  switch (error._tag) {
    case "ProviderFailed":
      return ofFailed(model, error)
    case "NotOfDialect":
    case "RequestRefused":
      return LlmErrors.of({ kind: "invalid_request", message: error.message, param: error.param ?? null }, { model })
  }
}

const errorOf = (model: string) => (error: InferenceError): CompletionError => {
  switch (error._tag) {
    case "ProviderRejected":
      return ofRejected(model, error)
    case "ProviderFailed":
    case "NotOfDialect":
    case "RequestRefused":
      return llmErrorOf(error, model)
    default:
      return error
  }
}

type Answer = Effect.Effect<WireResponse, InferenceError>

/** An answer, whole. */
export const whole = (model: string, answer: Answer): Effect.Effect<ChatResponse, CompletionError> =>
  Effect.flatMap(
    Effect.mapError(answer, errorOf(model)),
    ({ body }) =>
      Result.match(canonical.raise.response(parse(textOf(body as WholeBody))), {
        onSuccess: (response): Effect.Effect<ChatResponse, CompletionError> => Effect.succeed(response),
        onFailure: ({ message }) => Effect.fail(LlmErrors.of({ kind: "unavailable", message }, { model }))
      })
  )

const partOf = (model: string) => (part: StreamPart): Effect.Effect<StreamPart, CompletionError> =>
  part.type === "error" ? Effect.fail(LlmErrors.of(part.failure, { model })) : Effect.succeed(part)

/** An answer part by part; an error in mid-stream is the stream's failure. */
export const parts = (model: string, answer: Answer): Stream.Stream<StreamPart, CompletionError> =>
  Stream.unwrap(Effect.map(Effect.mapError(answer, errorOf(model)), (answer) => {
    if (!isStreamed(answer)) return Stream.empty
    const reader = new PartReader(canonical)
    return answer.body.stream.pipe(
      Stream.mapError((error) => ofFailed(model, error)),
      Stream.map((bytes) => reader.feed(bytes)),
      Stream.flattenIterable,
      Stream.mapEffect(partOf(model))
    )
  }))
