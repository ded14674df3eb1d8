/** Asks the Strata of this process: what is asked is a recorded request, as over HTTP, and goes over no wire. */
import { Effect, Layer, Result } from "effect"
import { HttpApi } from "effect/http-api"
import { parse } from "../../../events/types/JsonAccess.ts"
import * as Bytes from "../../../kernel/bytes/Bytes.ts"
import type { WholeBody } from "../../../kernel/bytes/WholeBody.ts"
import { textOf } from "../../../kernel/bytes/WholeBody.ts"
import * as VendorWords from "../../../kernel/calls/VendorWords.ts"
import * as EmbeddingInputs from "../../../kernel/embeddings/EmbeddingInputs.ts"
import * as EmbeddingsAnswer from "../../../kernel/embeddings/EmbeddingsAnswer.ts"
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import type { Operation } from "../../../kernel/http/Operations.ts"
import { operationsOf } from "../../../kernel/http/Operations.ts"
import { ProviderFailed, ProviderRejected } from "../../../kernel/http/ProviderErrors.ts"
import * as StrataApi from "../../../kernel/http/StrataApi.ts"
import * as RequestInput from "../../../kernel/requests/RequestInput.ts"
import { Requests } from "../../../kernel/requests/Requests.ts"
import { Inference } from "../Inference.ts"
import { InferenceRoutes } from "../InferenceRoutes.ts"
import type { AskOptions } from "./StrataClient.ts"
import { StrataClient } from "./StrataClient.ts"

/** A vendor may repeat a key in its refusal. */
const masked = <E>(error: E): Effect.Effect<never, E | ProviderRejected> =>
  Effect.withFiber((fiber): Effect.Effect<never, E | ProviderRejected> => {
    if (!(error instanceof ProviderRejected)) return Effect.fail(error)
    const text = VendorWords.redactorOf(fiber).forClient(error.text)
    return Effect.fail(new ProviderRejected({ ...error, text }))
  })

const inputOf = (operation: Operation, payload: string, { session }: AskOptions) =>
  RequestInput.make(operation, { payload, ...session === undefined ? {} : { session } })

const make = Effect.gen(function*() {
  const requests = yield* Requests
  const inference = yield* Inference
  const operations = new Map(
    operationsOf(HttpApi.make(StrataApi.identifier).add(InferenceRoutes)).map((operation) => [operation.id, operation])
  )
  const createChatCompletion = operations.get("createChatCompletion")!
  const createEmbeddings = operations.get("createEmbeddings")!

  return StrataClient.of({
    send: (call, options) =>
      Effect.catch(requests.run(inputOf(createChatCompletion, call.text, options), inference.send(call)), masked),
    embed: (request, options) =>
      Effect.flatMap(
        requests.run(
          inputOf(createEmbeddings, JSON.stringify(request), options),
          Effect.map(inference.embed(request), (response): Bytes.Bytes =>
            Bytes.json(200, JSON.stringify(EmbeddingsAnswer.body(response))))
        ).pipe(Effect.catch(masked)),
        ({ body }) =>
          openAiEmbeddings.raise(parse(textOf(body as WholeBody)), request.input).pipe(
            Result.mapError(({ detail }) =>
              detail
            ),
            Result.flatMap((raised) =>
              EmbeddingsAnswer.of(raised, { count: EmbeddingInputs.countOf(request.input), model: request.model })
            ),
            Result.mapError((detail) => new ProviderFailed({ provider: "strata", reason: "invalid_answer", detail })),
            Effect.fromResult
          )
      )
  })
})

export const layer: Layer.Layer<StrataClient, never, Requests | Inference> = Layer.effect(StrataClient, make)
