/** What the instances of a stack are looked after with, over any hub: their health, and the requests that ask for it. */
import { Layer } from "effect"
import { ProviderHealth } from "../../src/kernel/provider/ProviderHealth.ts"
import { RecordingOptions } from "../../src/kernel/requests/RecordingOptions.ts"
import { SystemRequests } from "../../src/kernel/system/SystemRequests.ts"

const options = Layer.succeed(RecordingOptions, {
  level: "default",
  maxLevel: "raw",
  debugBytes: 2048,
  maxStreamBytes: 1_000_000
})

export const layer = Layer.merge(ProviderHealth.layer, SystemRequests.layer).pipe(Layer.provide(options))
