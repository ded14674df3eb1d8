/** A chat that is asked in process: the same request as over HTTP, without a wire. */
import { Effect, Schema, Stream } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { Inference } from "../../src/apis/inference/Inference.ts"
import type { Level } from "../../src/events/types/Event.ts"
import type { Bytes } from "../../src/kernel/bytes/Bytes.ts"
import { isStreamed } from "../../src/kernel/bytes/Bytes.ts"
import { ChatCompletionRequest } from "../../src/kernel/dialects/chat/Wire.ts"
import type { FailureOf } from "../../src/kernel/requests/RequestFailure.ts"
import * as RequestInput from "../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../src/kernel/requests/Requests.ts"
import { callOf } from "./WireCalls.ts"

export const operation = (id: string) => apis.operations.find((each) => each.id === id)!

export interface Options {
  readonly session?: string
  readonly level?: Level
}

/** All of an answer's body. */
export const textOf = <E>(bytes: Bytes<E>): Effect.Effect<string, E> =>
  isStreamed(bytes) ? Stream.mkString(Stream.decodeText(bytes.body.stream)) : Effect.succeed(bytes.body as string)

export const chat = (payload: Schema.JsonObject, options: Options = {}, failureOf?: FailureOf) =>
  Effect.gen(function*() {
    const requests = yield* Requests
    const inference = yield* Inference
    // As a caller writes it: the body is written once, for the log and for the vendor.
    const input = RequestInput.make(operation("createChatCompletion"), { payload, ...options })
    yield* Effect.orDie(Schema.decodeUnknownEffect(ChatCompletionRequest)(payload))
    return yield* requests.run(input, inference.send({ ...callOf(payload), text: input.body }), failureOf)
  })
