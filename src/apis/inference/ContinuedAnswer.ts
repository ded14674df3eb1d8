/** Answers that were cut off are gone on with: each further call is a call of its own, and the client gets one answer. */
import { Data, Effect, Stream } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import * as AnswerFailure from "../../kernel/calls/AnswerFailure.ts"
import * as CompletionEvents from "../../kernel/calls/CompletionEvents.ts"
import { ContinuedParts } from "../../kernel/dialects/ContinuedParts.ts"
import * as DialectStream from "../../kernel/dialects/DialectStream.ts"
import { PartReader } from "../../kernel/dialects/PartReader.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import * as Continuation from "../../kernel/messages/Continuation.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { InferenceError } from "./Inference.ts"

export interface Options {
  readonly passage: Translation.Passage
  /** As the vendor calls it. */
  readonly model: string
  readonly request: ChatRequest
  /** So many further calls at most. */
  readonly max: number
  /** Asks the same provider. */
  readonly ask: (request: ChatRequest) => Effect.Effect<WireResponse, InferenceError>
}

/** What is asked next, which the log then says. */
const nextOf = (
  { max, model, passage: { provider }, request }: Options,
  response: ChatResponse,
  number: number
): Effect.Effect<ChatRequest | undefined> =>
  Effect.map(CurrentRecording, (recording) => {
    const next = number > max ? undefined : Continuation.next(request, response)
    if (next === undefined) return undefined
    const id = response.metadata?.["id"]
    recording?.emit(CompletionEvents.IncompleteContinuation, {
      provider,
      model,
      response_id: typeof id === "string" ? id : null,
      reason: "length",
      continuation_number: number,
      max_attempts: max
    }, { provider, causationId: recording.origin })
    return next
  })

/** A further call that fails leaves the answer as it was: the log has its failure. */
const whole = Effect.fnUntraced(function*(options: Options, first: ChatResponse) {
  let response = first
  for (let number = 1;; number++) {
    const next = yield* nextOf(options, response, number)
    if (next === undefined) return response
    const more = yield* options.ask(next).pipe(
      Effect.flatMap((answer) => Translation.responseOf(answer, options.passage)),
      Effect.catch(() => Effect.succeed(undefined))
    )
    if (more === undefined) return response
    response = Continuation.join(response, more)
  }
})

/** A vendor's stream, part by part. */
const streamed = (body: ByteSource.ByteSource<ProviderFailed>, { model, provider, vendor }: Translation.Passage) =>
  Stream.suspend(() => {
    const reader = new PartReader(vendor, model)
    let hasEnded = false
    const noted = (parts: ReadonlyArray<StreamPart>) => {
      hasEnded ||= parts.some(({ type }) => type === "response" || type === "error")
      return parts
    }
    const cutOff = new ProviderFailed({ provider, reason: "unreachable", detail: AnswerFailure.cutOff.message })
    return body.stream.pipe(
      Stream.map((bytes) => noted(reader.feed(bytes))),
      Stream.concat(Stream.suspend(() => {
        const last = noted(reader.end())
        return hasEnded ? Stream.succeed(last) : Stream.concat(Stream.succeed(last), Stream.fail(cutOff))
      })),
      Stream.flattenIterable
    )
  })

const partsOf = (answer: WireResponse, passage: Translation.Passage): Stream.Stream<StreamPart, ProviderError> =>
  Bytes.isStreamed(answer)
    ? streamed(answer.body, passage)
    : Stream.unwrap(
      Effect.map(
        Translation.responseOf(answer, passage),
        (response) => Stream.fromIterable(Translation.partsOf(response))
      )
    )

/** Ends the parts of a further call where it fails. */
class ContinuationBroken extends Data.TaggedError("ContinuationBroken")<{}> {}

const joined = (
  options: Options,
  first: Stream.Stream<StreamPart, ProviderFailed>
): Stream.Stream<StreamPart, ProviderFailed> =>
  Stream.suspend(() => {
    const parts = new ContinuedParts()
    const add = Stream.flatMap((part: StreamPart) => Stream.fromIterable(parts.add(part)))
    const finish = Stream.suspend(() => Stream.fromIterable(parts.finish()))

    const further = (next: ChatRequest, number: number): Stream.Stream<StreamPart> =>
      Stream.unwrap(Effect.map(options.ask(next), (answer) => partsOf(answer, options.passage))).pipe(
        Stream.mapEffect((part) =>
          part.type === "error" ? Effect.fail(new ContinuationBroken()) : Effect.succeed(part)
        ),
        add,
        Stream.concat(Stream.suspend(() => rest(number + 1))),
        Stream.catch(() => Stream.concat(Stream.suspend(() => Stream.fromIterable(parts.broken())), finish))
      )

    const rest = (number: number): Stream.Stream<StreamPart> =>
      Stream.unwrap(Effect.suspend(() => {
        const { response } = parts
        if (response === undefined) return Effect.succeed(finish)
        return Effect.map(nextOf(options, response, number), (next) => {
          if (next === undefined) return finish
          parts.begin()
          return further(next, number)
        })
      }))

    return Stream.concat(add(first), Stream.suspend(() => rest(1)))
  })

const framesOf = (
  options: Options,
  body: ByteSource.ByteSource<ProviderFailed>
): Stream.Stream<Uint8Array, ProviderFailed> =>
  Stream.suspend(() => {
    const { client, options: streamOptions } = options.passage
    const { add } = client.lower.stream(streamOptions)
    let isAnswered = false
    return joined(options, streamed(body, options.passage)).pipe(
      Stream.takeUntil((part) => part.type === "error"),
      Stream.map((part) => {
        isAnswered ||= part.type === "response"
        return add(Translation.annotatedPart(part, options.passage))
      }),
      Stream.filter((frames) => frames.length > 0),
      Stream.map((frames): Uint8Array => Buffer.concat(frames)),
      Stream.concat(Stream.suspend(() => Stream.fromIterable(isAnswered ? Translation.lastOf(client) : [])))
    )
  })

/** The answer of the first call, and what follows it, as the client reads it. */
export const of = (options: Options, first: WireResponse): Effect.Effect<WireResponse, ProviderError> =>
  Effect.contextWith((context) => {
    const { passage } = options
    const headers = Translation.headersOf(first, passage)
    if (Bytes.isStreamed(first) && passage.stream) {
      const frames = Stream.provideContext(framesOf(options, first.body), context)
      const dialect = DialectStream.of(passage.client)
      return Effect.succeed(Bytes.events(first.status, ByteSource.fromStream(frames), headers, dialect))
    }
    return Effect.gen(function*() {
      const response = yield* Translation.responseOf(first, passage)
      const answer = yield* whole(options, response)
      const passes = answer === response && passage.client.name === passage.vendor.name && !Bytes.isStreamed(first)
      return passes ? first : Translation.wholeFor(answer, first.status, headers, passage)
    })
  })
