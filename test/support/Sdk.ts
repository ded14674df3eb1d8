/** OpenAI's own client, as Effects. */
import { Cause, Effect, Predicate, Stream } from "effect"
import type { Schema } from "effect"
import OpenAI, { APIError } from "openai"
import type { ClientOptions } from "openai"
import type { RecordedAnswer } from "./Recordings.ts"

export type ChatBody = OpenAI.ChatCompletionCreateParams

export const hello = { model: "m", messages: [{ role: "user", content: "hello" }] } satisfies ChatBody

/** `url` is where the server is, without `/v1`. */
const make = (url: string, options: ClientOptions = {}) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: "key", maxRetries: 0, ...options })

const readAll = <A>(iterable: AsyncIterable<A>) =>
  Stream.fromAsyncIterable(iterable, (cause) => new Cause.UnknownError(cause))

const create = (client: OpenAI, body: Omit<ChatBody, "stream">) =>
  Effect.tryPromise((signal) => client.chat.completions.create({ ...body, stream: false }, { signal }))

/** Streams an answer into `chunks`, which keeps what came before a failure. */
const collect = (client: OpenAI, body: Omit<ChatBody, "stream">, chunks: Array<unknown> = []) =>
  Effect.tryPromise((signal) => client.chat.completions.create({ ...body, stream: true }, { signal })).pipe(
    Effect.flatMap((stream) =>
      Stream.runForEach(readAll(stream), (chunk) => Effect.sync(() => chunks.push(chunk))).pipe(
        // An async iterator that waits for its next chunk cannot be interrupted: the request has to be.
        Effect.onInterrupt(() => Effect.sync(() => stream.controller.abort()))
      )
    ),
    Effect.as(chunks)
  )

/** What the client threw. */
const failureOf = <A>(effect: Effect.Effect<A, Cause.UnknownError>) =>
  effect.pipe(Effect.flip, Effect.map((error) => error.cause as APIError))

export interface Asked {
  /** In the shape of a recorded answer. */
  readonly answer: RecordedAnswer
  readonly headers: Headers
}

/** Reads an answer to its end, in one piece or chunk by chunk. */
const read = ({ data, response }: { readonly data: unknown; readonly response: Response }) =>
  Effect.gen(function*(): Effect.fn.Return<Asked, Cause.UnknownError> {
    const { headers, status } = response
    if (!Predicate.hasProperty(data, Symbol.asyncIterator)) {
      return { headers, answer: { _tag: "Json", status, body: data as Schema.Json } }
    }
    const chunks = yield* Stream.runCollect(readAll(data as unknown as AsyncIterable<Schema.Json>))
    return { headers, answer: { _tag: "Stream", status, chunks } }
  })

/** What the client makes of a request, whatever it is. */
const ask = (client: OpenAI, request: Schema.JsonObject, headers: Readonly<Record<string, string>> = {}) =>
  Effect.tryPromise(() => client.chat.completions.create(request as unknown as ChatBody, { headers }).withResponse())
    .pipe(
      Effect.flatMap(read),
      Effect.catch(({ cause }): Effect.Effect<Asked> =>
        cause instanceof APIError && cause.status !== undefined && cause.headers !== undefined
          ? Effect.succeed({
            headers: cause.headers,
            answer: { _tag: "Error", status: cause.status, body: { error: cause.error as Schema.Json } }
          })
          : Effect.die(cause)
      )
    )

export const Sdk = { make, readAll, create, collect, failureOf, ask }
