/** Completions over messages, made of the passing of bytes: one `lower` and one `raise` of the dialect stand between. */
import { Effect, Result, Schema, Stream } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import type { ByteSource } from "../../kernel/bytes/ByteSource.ts"
import type { WholeBody } from "../../kernel/bytes/WholeBody.ts"
import { textOf } from "../../kernel/bytes/WholeBody.ts"
import type { ChatCompletionAnswer, ChatCompletionCall } from "../../kernel/dialects/chat/ChatCall.ts"
import { ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import { NotOfDialect } from "../../kernel/dialects/NotOfDialect.ts"
import { SseReader } from "../../kernel/dialects/sse/SseReader.ts"
import { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"

/** Who answers: the provider instance, and the model as clients call it. */
export interface Producer {
  readonly provider: string
  readonly model: string
}

const decodeRequest = Schema.decodeUnknownResult(ChatCompletionRequest)

/** The call that asks for it; whether it streams is the method's to say. */
export const callOf = (
  dialect: Dialect,
  request: ChatRequest,
  stream: boolean
): Result.Result<ChatCompletionCall, NotOfDialect> => {
  const body = dialect.lower.request((request.stream === true) === stream ? request : { ...request, stream })
  return Result.mapBoth(decodeRequest(body), {
    onSuccess: (request) => ({ request, text: JSON.stringify(body) }),
    onFailure: ({ message }) => new NotOfDialect({ dialect: dialect.name, detail: message })
  })
}

const invalid = (provider: string, detail: string) =>
  Effect.fail(new ProviderFailed({ provider, reason: "invalid_answer", detail }))

const raiseBody = (dialect: Dialect, body: WholeBody, { model, provider }: Producer) =>
  Result.match(dialect.raise.response(parse(textOf(body)), model), {
    onSuccess: (response): Effect.Effect<ChatResponse, ProviderFailed> => Effect.succeed(response),
    onFailure: ({ message }) => invalid(provider, message)
  })

const raiseStream = <E>(
  dialect: Dialect,
  { stream }: ByteSource<E>,
  { model }: Producer
): Stream.Stream<StreamPart, E> =>
  Stream.suspend(() => {
    const reader = new SseReader()
    const raiser = dialect.raise.stream(model)
    const rest = Stream.suspend(() =>
      Stream.fromIterable([...reader.end().flatMap((frame) => raiser.add(frame)), ...raiser.end()])
    )
    return Stream.concat(
      Stream.flattenIterable(Stream.map(stream, (bytes) => reader.feed(bytes).flatMap((frame) => raiser.add(frame)))),
      rest
    )
  })

/** An answer that came whole, as its stream would end. */
const partsOf = (response: ChatResponse): ReadonlyArray<StreamPart> => [
  ...response.content.map((block, index): StreamPart => ({ type: "block_end", index, block })),
  { type: "response", response }
]

/** An answer part by part; one that came whole in the parts that end it. */
export const raiseParts = (
  dialect: Dialect,
  answer: ChatCompletionAnswer,
  producer: Producer
): Stream.Stream<StreamPart, ProviderFailed> =>
  isStreamed(answer)
    ? raiseStream(dialect, answer.body, producer)
    : Stream.unwrap(
      Effect.map(raiseBody(dialect, answer.body as WholeBody, producer), (whole) => Stream.fromIterable(partsOf(whole)))
    )

/** An answer, whole; of one that was streamed all the same, what it adds up to. */
export const raiseWhole = (
  dialect: Dialect,
  answer: Bytes<ProviderFailed>,
  producer: Producer
): Effect.Effect<ChatResponse, ProviderFailed> =>
  isStreamed(answer)
    ? Effect.flatMap(
      Stream.runCollect(raiseStream(dialect, answer.body, producer)),
      (parts) => {
        const last = parts.at(-1)
        return last?.type === "response" ? Effect.succeed(last.response) : invalid(producer.provider, "it broke off")
      }
    )
    : raiseBody(dialect, answer.body as WholeBody, producer)
