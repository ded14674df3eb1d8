/** Inference as an API that providers implement: pairs the router with the slot of its instances. */
import { Predicate, Stream } from "effect"
import type { Context } from "effect"
import { ProviderFailed } from "../../kernel/calls/ProviderErrors.ts"
import { effectful, optional } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { Inference, InferenceProvider } from "./Inference.ts"

const isAnswer = (answer: unknown): boolean =>
  Predicate.isObject(answer) && "_tag" in answer && "status" in answer && Predicate.isNumber(answer.status) &&
  "headers" in answer && Predicate.isObject(answer.headers) &&
  (answer._tag === "Completion"
    ? "text" in answer && Predicate.isString(answer.text)
    : answer._tag === "Chunks" && "stream" in answer && Stream.isStream(answer.stream))

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
      expects: (answer) => isAnswer(answer) ? undefined : "a Completion with its text or Chunks with their stream"
    }),
    health: optional("effect"),
    models: { source: ["configuration", "discovery"], list: "effect", unlisted: optional("boolean") }
  }
}
