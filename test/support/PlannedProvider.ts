/** An instance of a plan, for what only reads plans: it is never started. */
import { Effect, Layer, Schema } from "effect"
import type { PlannedProvider } from "../../src/kernel/provider/PlannedProvider.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { api } from "./StackWorld.ts"

const inference = api("inference")
const definition = Provider.make({
  api: inference,
  type: "remote::vendor",
  description: "",
  config: Schema.Struct({}),
  requires: [],
  layer: () => Layer.effect(inference.slot, Effect.never)
})

export const planned = (provider_id: string, written: Schema.JsonObject = {}): PlannedProvider => ({
  api: "inference",
  provider_id,
  provider_type: "remote::vendor",
  path: "providers.inference[0]",
  required: false,
  written,
  config: written,
  definition
})
