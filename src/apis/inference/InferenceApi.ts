/** Inference as an API that providers implement: pairs the router with the slot of its instances. */
import { Predicate, Stream } from "effect"
import type { Context } from "effect"
import { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import { effectful, optional } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { Inference, InferenceProvider } from "./Inference.ts"

const isAnswer = (answer: unknown): boolean =>
  Predicate.isObject(answer) && "status" in answer && Predicate.isNumber(answer.status) &&
  "headers" in answer && Predicate.isObject(answer.headers) && "body" in answer &&
  (Predicate.isString(answer.body) || answer.body instanceof Uint8Array ||
    Predicate.hasProperty(answer.body, "stream") && Stream.isStream(answer.body.stream))

export const InferenceApi: ProviderApi<
  "inference",
  Inference,
  InferenceProvider,
  Context.Service.Shape<typeof InferenceProvider>
> = {
  name: "inference",
  service: Inference,
  slot: InferenceProvider,
  contract: {
    chatCompletion: effectful({
      failure: (provider, detail) => new ProviderFailed({ provider, reason: "invalid_answer", detail }),
      expects: (answer) => isAnswer(answer) ? undefined : "Bytes: a status, headers and a body"
    }),
    health: optional("effect"),
    models: { source: ["configuration", "discovery"], list: "effect", unlisted: optional("boolean") }
  }
}
