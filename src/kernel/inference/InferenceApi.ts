/** Inference as an API that providers implement: pairs the router with the slot of its instances. */
import type { Context } from "effect"
import { Inference, InferenceProvider } from "../../apis/inference/Inference.ts"
import { optional } from "../Compliance.ts"
import type { ProviderApi } from "../Provider.ts"

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
    chatCompletion: "function",
    health: optional("effect"),
    models: { source: ["configuration", "discovery"], list: "effect", unlisted: optional("boolean") }
  }
}
