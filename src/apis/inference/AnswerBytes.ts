/** An answer over messages, whole or part by part, as bytes of a dialect. */
import { Effect, Exit, Pull, Scope, Stream } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as DialectStream from "../../kernel/dialects/DialectStream.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { ProviderError, ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"

const isProviderError = (error: LlmError | ProviderError): error is ProviderError =>
  error._tag === "ProviderFailed" || error._tag === "ProviderRejected"

/** A failure over messages as a refusal in the canonical dialect. */
export const rejected = (provider: string) => (error: LlmError | ProviderError): ProviderError => {
  if (isProviderError(error)) return error
  const failure = LlmErrors.failureOf(error)
  const text = JSON.stringify({ error: failure })
  const status = error.status ?? LlmErrors.statusOf(failure.kind)
  return new ProviderRejected({ provider, status, headers: error.headers, text })
}

/** What breaks off with an error of its own says so in a part; what can't be reached any more fails. */
const failedPart =
  (provider: string) => (error: LlmError | ProviderError): Stream.Stream<StreamPart, ProviderFailed> => {
    if (error._tag === "ProviderFailed") return Stream.fail(error)
    const failure = error._tag === "ProviderRejected"
      ? canonical.errors.raise(error.status, undefined)
      : LlmErrors.failureOf(error)
    return Stream.succeed({ type: "error", error: { provider, ...failure }, failure })
  }

/** The same stream with its first parts there already: what fails before any of them fails here. */
const begun = <A, E>(stream: Stream.Stream<A, E>): Effect.Effect<Stream.Stream<A, E>, E> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const close = Scope.close(scope, Exit.void)
      const pull = yield* Scope.provide(Stream.toPull(stream), scope)
      return yield* Pull.matchEffect(restore(pull), {
        onSuccess: (first) => {
          const rest = Stream.fromPull(Effect.succeed(pull))
          return Effect.succeed(Stream.ensuring(Stream.concat(Stream.fromArray(first), rest), close))
        },
        onFailure: (cause) => Effect.andThen(close, Effect.failCause(cause)),
        onDone: () => Effect.as(close, Stream.empty)
      })
    })
  )

export interface Answer {
  readonly provider: string
  readonly whole: Effect.Effect<ChatResponse, LlmError | ProviderError>
  readonly parts: Stream.Stream<StreamPart, LlmError | ProviderError>
}

/** `dialect`: whose bytes they are. */
export const of = (
  dialect: Dialect,
  stream: boolean,
  { parts, provider, whole }: Answer
): Effect.Effect<WireResponse, ProviderError> => {
  const failed = (error: LlmError | ProviderError): ProviderError => {
    const refusal = rejected(provider)(error)
    return refusal._tag === "ProviderFailed" || dialect.name === canonical.name || isProviderError(error)
      ? refusal
      : Translation.rejectedFor({ client: dialect, vendor: canonical }, refusal)
  }
  if (!stream) {
    return Effect.mapBoth(whole, {
      onSuccess: (response) => Bytes.json(200, JSON.stringify(dialect.lower.response(response))),
      onFailure: failed
    })
  }
  const { add } = dialect.lower.stream()
  return Effect.mapBoth(begun(parts), {
    onFailure: failed,
    onSuccess: (parts) => {
      const frames = parts.pipe(
        Stream.catch(failedPart(provider)),
        Stream.map((part) => Buffer.concat(add(part))),
        Stream.concat(Stream.succeed(dialect.lastFrame))
      )
      return Bytes.events(200, ByteSource.fromStream(frames), {}, DialectStream.of(dialect))
    }
  })
}
