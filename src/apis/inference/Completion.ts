/** Completions over messages: a request in the canonical dialect, and its answer read again. */
import { Cause, Effect, Predicate, Result, Stream } from "effect"
import { isReadonlyArrayNonEmpty } from "effect/Array"
import { parse } from "../../events/types/JsonAccess.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import type { WholeBody } from "../../kernel/bytes/WholeBody.ts"
import { textOf } from "../../kernel/bytes/WholeBody.ts"
import { bodyOf, canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import { replaceModel } from "../../kernel/dialects/chat/ModelName.ts"
import type { NotOfDialect } from "../../kernel/dialects/NotOfDialect.ts"
import { PartReader } from "../../kernel/dialects/PartReader.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../kernel/messages/LlmErrors.ts"
import type { FailureKind } from "../../kernel/messages/LlmFailure.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import type { CompletionError, InferenceError, RequestRefused } from "./Inference.ts"

/** Its text is written once, and only where it goes out as it is. */
class CanonicalCall implements WireCall {
  readonly dialect = canonical
  readonly model: string
  readonly stream: boolean
  readonly body: WireCall["body"]
  readonly #write: () => string
  #text: string | undefined

  constructor({ body, model, stream }: Pick<WireCall, "body" | "model" | "stream">, write: () => string) {
    this.model = model
    this.stream = stream
    this.body = body
    this.#write = write
  }

  get text(): string {
    return this.#text ??= this.#write()
  }
}

/** The call that asks for it; whether it streams is the method's to say. */
export const callOf = (given: ChatRequest, stream: boolean): Result.Result<WireCall, LlmError> => {
  const request: ChatRequest = (given.stream === true) === stream ? given : { ...given, stream }
  const { model } = request
  if (!Predicate.isString(model) || model === "") {
    const message = "model: missing: name the model, as GET /v1/models lists it"
    return Result.fail(LlmErrors.of({ kind: "invalid_request", message, param: "model" }))
  }
  return Result.succeed(new CanonicalCall({ model, stream, body: bodyOf(request) }, () => JSON.stringify(request)))
}

/** The same call of another model: written only where it goes out as it is, and to no vendor of another dialect. */
export const withModel = (call: WireCall, model: string): WireCall =>
  new CanonicalCall({ model, stream: call.stream, body: call.body }, () => replaceModel(call.text, model))

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
    (answer): Effect.Effect<ChatResponse, CompletionError> => {
      const behind = Translation.responseBehind(answer)
      if (behind !== undefined) return Effect.succeed(behind)
      return Effect.mapError(
        Effect.fromResult(canonical.raise.response(parse(textOf(answer.body as WholeBody)))),
        ({ message }) => LlmErrors.of({ kind: "unavailable", message }, { model })
      )
    }
  )

/** Off the bytes, or as they were before they became these. */
const partsOf = (
  body: ByteSource.ByteSource<ProviderFailed>
): ByteSource.ByteSource<ProviderFailed, Translation.Parts> =>
  Translation.partsBehind(body) ?? ByteSource.through(body, (sink) => {
    const reader = new PartReader(canonical)
    return {
      chunk: (bytes) => {
        const parts = reader.feed(bytes)
        if (isReadonlyArrayNonEmpty(parts)) sink.chunk(parts)
      },
      end: () => sink.end(),
      fail: (cause) => sink.fail(cause)
    }
  })

const isError = ({ type }: StreamPart): boolean => type === "error"

/** The parts before an error, and then its failure. What came with it is taken in before the source is left. */
const untilError = (source: ByteSource.ByteSource<ProviderFailed, Translation.Parts>, model: string) =>
  ByteSource.through<ProviderFailed, LlmError, Translation.Parts, Translation.Parts>(source, (sink, { leave }) => {
    let failure: Cause.Cause<LlmError> | undefined
    let hasEnded = false
    return {
      chunk: (parts) => {
        if (failure !== undefined) return
        const at = parts.findIndex(isError)
        const error = parts[at]
        if (error?.type !== "error") return sink.chunk(parts)
        const before = parts.slice(0, at)
        if (isReadonlyArrayNonEmpty(before)) sink.chunk(before)
        const failed = failure = Cause.fail(LlmErrors.of(error.failure, { model }))
        queueMicrotask(() => {
          if (!hasEnded) leave(() => sink.fail(failed))
        })
      },
      end: () => {
        hasEnded = true
        if (failure === undefined) sink.end()
        else sink.fail(failure)
      },
      fail: (cause) => {
        hasEnded = true
        sink.fail(failure ?? Cause.map(cause, (error) => ofFailed(model, error)))
      }
    }
  })

/** Hands over the parts of an answer, those that came at once together; an error in mid-stream is the failure. */
export const forEachPart = (
  model: string,
  answer: Answer,
  take: (parts: Translation.Parts) => Effect.Effect<void>
): Effect.Effect<void, CompletionError> =>
  Effect.flatMap(
    Effect.mapError(answer, errorOf(model)),
    (answer) => isStreamed(answer) ? ByteSource.runForEach(untilError(partsOf(answer.body), model), take) : Effect.void
  )

/** The same as a Stream. */
export const parts = (model: string, answer: Answer): Stream.Stream<StreamPart, CompletionError> =>
  Stream.unwrap(
    Effect.map(Effect.mapError(answer, errorOf(model)), (answer) =>
      isStreamed(answer) ? ByteSource.flattened(untilError(partsOf(answer.body), model)) : Stream.empty)
  )
