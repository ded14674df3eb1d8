/** Tries a provider before it is written into a configuration: whether its key works, and which models it has. */
import { NodeServices } from "@effect/platform-node"
import { Cause, ConfigProvider, Context, Data, Effect, Layer } from "effect"
import type { Scope } from "effect"
import { apis } from "../apis/Apis.ts"
import type { InferenceProvider } from "../apis/inference/Inference.ts"
import { InferenceApi } from "../apis/inference/InferenceApi.ts"
import { EventHub } from "../events/log/EventHub.ts"
import * as MemoryStore from "../events/memory/MemoryStore.ts"
import { field, parse, textOrNull } from "../events/types/JsonAccess.ts"
import * as RecordingHttpClient from "../kernel/calls/RecordingHttpClient.ts"
import * as VendorClient from "../kernel/client/VendorClient.ts"
import { defaults } from "../kernel/configuration/Configuration.ts"
import * as ConfigurationCheck from "../kernel/configuration/ConfigurationCheck.ts"
import * as ConfigurationFile from "../kernel/configuration/ConfigurationFile.ts"
import { ProviderRejected } from "../kernel/http/ProviderErrors.ts"
import * as FailureText from "../kernel/issues/FailureText.ts"
import type { Instance } from "../kernel/provider/Instance.ts"
import { ProviderHealth } from "../kernel/provider/ProviderHealth.ts"
import { ReplaySources } from "../kernel/replay/ReplaySources.ts"
import { RecordingOptions } from "../kernel/requests/RecordingOptions.ts"
import * as Stack from "../kernel/stack/Stack.ts"
import * as StackPlan from "../kernel/stack/StackPlan.ts"
import { SystemRequests } from "../kernel/system/SystemRequests.ts"
import { registry } from "../providers/Registry.ts"
import type { ChosenProvider } from "./InitAnswers.ts"
import { toYaml } from "./InitAnswers.ts"

/** Why it does not work, for people. */
export class DoesNotWork extends Data.TaggedError("DoesNotWork")<{ readonly message: string }> {}

/** The models that it has, by its vendor's names. `secrets`: by the variables they are in. */
export type Trial = (
  chosen: ChosenProvider,
  secrets: Readonly<Record<string, string>>
) => Effect.Effect<ReadonlyArray<string>, DoesNotWork>

const longestWait = "20 seconds"

class Instances extends Context.Service<Instances, ReadonlyArray<Instance<InferenceProvider["Service"]>>>()(
  "strata/cli/InitTrial/Instances"
) {}

/** Hands out the instances themselves. */
const router = {
  api: { ...InferenceApi, service: Instances },
  layer: (instances: ReadonlyArray<Instance<InferenceProvider["Service"]>>) => Layer.succeed(Instances, instances)
}

const hub = EventHub.layer().pipe(Layer.provide(MemoryStore.layer))

const { debug_bytes: debugBytes, level, max_level: maxLevel, max_stream_bytes: maxStreamBytes } = defaults.recording

const supervision = Layer.merge(ProviderHealth.layer, SystemRequests.layer).pipe(
  Layer.provide(Layer.succeed(RecordingOptions, { debugBytes, level, maxLevel, maxStreamBytes }))
)

/** Nothing of it is stored: the log is one of memory. */
const world = Layer.mergeAll(
  supervision,
  ReplaySources.layer,
  RecordingHttpClient.layer.pipe(Layer.provide(VendorClient.layer))
).pipe(Layer.provideMerge(hub), Layer.provide(NodeServices.layer))

const checked = (chosen: ChosenProvider, secrets: Readonly<Record<string, string>>) =>
  ConfigurationFile.readText(toYaml([chosen], "schema.json"), "configuration.yaml").pipe(
    Effect.flatMap((read) => ConfigurationCheck.check(read, registry, apis)),
    Effect.provide([NodeServices.layer, ConfigProvider.layerAdd(ConfigProvider.fromEnvRecord(secrets))])
  )

const listed = Effect.fnUntraced(function*(chosen: ChosenProvider, secrets: Readonly<Record<string, string>>) {
  const { configuration } = yield* checked(chosen, secrets)
  const plan = yield* StackPlan.make(registry, { providers: configuration.providers })
  const [instance] = Context.get(yield* Layer.build(Stack.layer(plan, [router]).pipe(Layer.provide(world))), Instances)
  const { models } = yield* instance!.service
  return (yield* models.list).map(({ id }) => id)
})

/** A refusal in the vendor's own words. */
const wordsOf = (error: unknown): string => {
  const words = error instanceof ProviderRejected
    ? textOrNull(field(field(parse(error.text), "error"), "message"))
    : null
  return words === null ? FailureText.of(error).trim() : `${FailureText.of(error).trim()}: ${words}`
}

/** Vendors repeat keys, which nobody is to see. */
const masked = (text: string, secrets: Readonly<Record<string, string>>): string =>
  Object.values(secrets).reduce((text, secret) => text.replaceAll(secret, "…"), text)

export const run: Trial = (chosen, secrets) =>
  Effect.scoped(listed(chosen, secrets) as Effect.Effect<ReadonlyArray<string>, unknown, Scope.Scope>).pipe(
    Effect.sandbox,
    Effect.mapError((cause) => new DoesNotWork({ message: masked(wordsOf(Cause.squash(cause)), secrets) })),
    Effect.timeoutOrElse({
      duration: longestWait,
      orElse: () => Effect.fail(new DoesNotWork({ message: `it did not answer within ${longestWait}` }))
    })
  )
