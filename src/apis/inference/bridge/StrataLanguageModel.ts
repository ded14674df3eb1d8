/**
 * `LanguageModel` of `effect/ai`, answered by a Strata: any model it serves, in process or over HTTP.
 *
 * What has no counterpart: tools that a vendor runs itself and files by their URL are refused by name; that a tool failed
 * stands in its result's words; blocks that `effect/ai` has no part for stand under `strata.unmapped` of the finish part.
 *
 * @example
 * LanguageModel.generateText({ prompt: "What is the weather in Oslo?", toolkit }).pipe(
 *   Effect.provide(StrataLanguageModel.layer({ model: "openai/gpt-5", session: "weather" }))
 * )
 */
import { Effect, Layer, Result, Stream } from "effect"
import { AiError, LanguageModel, Model, OpenAiStructuredOutput } from "effect/ai"
import type { Response } from "effect/ai"
import { parse } from "../../../events/types/JsonAccess.ts"
import { isStreamed } from "../../../kernel/bytes/Bytes.ts"
import type { WholeBody } from "../../../kernel/bytes/WholeBody.ts"
import { textOf } from "../../../kernel/bytes/WholeBody.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as DegradationHeader from "../../../kernel/dialects/DegradationHeader.ts"
import { PartReader } from "../../../kernel/dialects/PartReader.ts"
import type { WireResponse } from "../../../kernel/dialects/WireCall.ts"
import type { ChatResponse } from "../../../kernel/messages/ChatResponse.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import type { LlmFailure } from "../../../kernel/messages/LlmFailure.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import * as GenAiAttributes from "./GenAiAttributes.ts"
import * as ModelFailure from "./ModelFailure.ts"
import type { ModelRequest, Parameters } from "./ModelRequest.ts"
import * as Request from "./ModelRequest.ts"
import * as ResponseParts from "./ResponseParts.ts"
import { ResponseStream } from "./ResponseStream.ts"
import type { AskOptions } from "./StrataClient.ts"
import { StrataClient } from "./StrataClient.ts"

export interface Options extends AskOptions {
  /** As the Strata's `GET /v1/models` lists it. */
  readonly model: string
  /** Said with every request; `CurrentParameters` goes before them. */
  readonly parameters?: Parameters
}

type Asked = LanguageModel.ProviderOptions

/** A failure within a stream that has no name of its own: the answer broke off. */
const brokenOff = (failure: LlmFailure): LlmFailure =>
  failure.kind === "unknown" ? { ...failure, kind: "stream" } : failure

const headOf = ({ headers, status }: WireResponse, { degradations }: ModelRequest): ResponseParts.Head => ({
  status,
  headers: DegradationHeader.added(headers, degradations)
})

const make = Effect.fnUntraced(function*({ model, parameters = {}, session }: Options) {
  const client = yield* StrataClient
  const placeOf = (method: string): ModelFailure.Place => ({ module: "LanguageModel", method, model })

  const requestOf = Effect.fnUntraced(function*(options: Asked, method: string, stream: boolean) {
    const current = yield* Request.CurrentParameters
    const made = Request.of(options, { model, parameters: { ...parameters, ...current }, stream })
    if (Result.isFailure(made)) {
      return yield* AiError.make({ ...placeOf(method), reason: made.failure })
    }
    GenAiAttributes.ofRequest(options.span, made.success.request)
    const answer = yield* Effect.catch(
      client.send(made.success.call, { session }),
      ModelFailure.failing(placeOf(method))
    )
    return { answer, head: headOf(answer, made.success) }
  })

  const invalid = (method: string, description: string) =>
    Effect.fail(AiError.make({ ...placeOf(method), reason: new AiError.InvalidResponseError({ description }) }))

  const responseIn = (body: WholeBody, method: string): Effect.Effect<ChatResponse, AiError.AiError> =>
    Result.match(chat.raise.response(parse(textOf(body)), model), {
      onSuccess: Effect.succeed,
      onFailure: ({ message }) => invalid(method, message)
    })

  const generateText = Effect.fnUntraced(function*(options: Asked) {
    const method = options.responseFormat.type === "json" ? "generateObject" : "generateText"
    const { answer, head } = yield* requestOf(options, method, false)
    if (isStreamed(answer)) return yield* invalid(method, "a stream came where none was asked for")
    const response = yield* responseIn(answer.body as WholeBody, method)
    GenAiAttributes.ofResponse(options.span, response, head)
    return ResponseParts.of(response, head)
  })

  const streamText = (options: Asked): Stream.Stream<Response.StreamPartEncoded, AiError.AiError> => {
    const method = "streamText"
    const failing = ModelFailure.failing(placeOf(method))
    return Stream.unwrap(Effect.map(requestOf(options, method, true), ({ answer, head }) => {
      if (!isStreamed(answer)) return Stream.fromEffect(invalid(method, "no stream came where one was asked for"))
      const reader = new PartReader(chat, model)
      const parts = new ResponseStream(head)
      const partsOf = (part: StreamPart) => {
        if (part.type === "error") return failing(LlmErrors.of(brokenOff(part.failure), { model }))
        if (part.type === "response") GenAiAttributes.ofResponse(options.span, part.response, head)
        return Effect.succeed(parts.add(part))
      }
      return answer.body.stream.pipe(
        Stream.map((bytes) => reader.feed(bytes)),
        Stream.concat(Stream.sync(() => reader.end())),
        Stream.flattenIterable,
        Stream.catch((error) => Stream.fromEffect(failing(error))),
        Stream.mapEffect(partsOf),
        Stream.flattenIterable
      )
    }))
  }

  return yield* LanguageModel.make({
    codecTransformer: OpenAiStructuredOutput.toCodecOpenAI,
    generateText,
    streamText
  })
})

export const layer = (options: Options): Layer.Layer<LanguageModel.LanguageModel, never, StrataClient> =>
  Layer.effect(LanguageModel.LanguageModel, make(options))

/** With the names of provider and model, for execution plans. */
export const model = (
  name: string,
  options: Omit<Options, "model"> = {}
): Model.Model<"strata", LanguageModel.LanguageModel, StrataClient> =>
  Model.make("strata", name, layer({ ...options, model: name }))
