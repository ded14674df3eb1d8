/** What must not compile when a provider or a stack is put together: `tsc` reads these lines, they never run. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import type { Option } from "effect"
import type { ProviderNotCompliant } from "../../../src/kernel/provider/Compliance.ts"
import type { Instance } from "../../../src/kernel/provider/Instance.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import type { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import type { StartTimes } from "../../../src/kernel/provider/StartTimes.ts"
import type { RequiredProviderDown } from "../../../src/kernel/stack/ProviderMonitor.ts"
import type { ProviderNotStarted } from "../../../src/kernel/stack/ProviderNotStarted.ts"
import * as Stack from "../../../src/kernel/stack/Stack.ts"
import type { StackPlan } from "../../../src/kernel/stack/StackPlan.ts"
import type { SystemRequests } from "../../../src/kernel/system/SystemRequests.ts"

class Speech
  extends Context.Service<Speech, { readonly say: string }>()("strata/test/kernel/provider/Provider.types.test/Speech")
{}
class SpeechSlot extends Context.Service<SpeechSlot, { readonly voice: string }>()(
  "strata/test/kernel/provider/Provider.types.test/SpeechSlot"
) {}
class Hearing extends Context.Service<Hearing, { readonly heard: string }>()(
  "strata/test/kernel/provider/Provider.types.test/Hearing"
) {}
class HearingSlot extends Context.Service<HearingSlot, { readonly ear: string }>()(
  "strata/test/kernel/provider/Provider.types.test/HearingSlot"
) {}
class Network extends Context.Service<Network, { readonly send: string }>()(
  "strata/test/kernel/provider/Provider.types.test/Network"
) {}
class NoKey extends Schema.TaggedError<NoKey>()("NoKey", {}) {}

const speech: Provider.ProviderApi<"speech", Speech, SpeechSlot, { readonly voice: string }> = {
  name: "speech",
  service: Speech,
  slot: SpeechSlot,
  contract: { voice: "string" }
}
const hearing: Provider.ProviderApi<"hearing", Hearing, HearingSlot, { readonly ear: string }> = {
  name: "hearing",
  service: Hearing,
  slot: HearingSlot,
  contract: { ear: "string" }
}

const Config = Schema.Struct({ voice: Schema.String, speed: Schema.FiniteFromString })
const common = { api: speech, type: "inline::speech", description: "", config: Config, requires: [] } as const
const ready = Effect.succeed({ voice: "low" })

describe("Provider", () => {
  it("gives the layer its configuration, decoded", () => {
    Provider.make({
      ...common,
      layer: (config, instance) => {
        expectTypeOf(config).toEqualTypeOf<{ readonly voice: string; readonly speed: number }>()
        expectTypeOf(instance).toEqualTypeOf<Provider.InstanceInfo<SpeechSlot>>()
        return Layer.effect(SpeechSlot, ready)
      }
    })
  })

  it("refuses a layer that reads a configuration of another type, fills another slot or has another shape", () => {
    // @ts-expect-error the configuration's speed is a number
    Provider.make({ ...common, layer: (config: { readonly speed: string }) => Layer.succeed(SpeechSlot, config) })
    // @ts-expect-error it fills the slot of hearing
    Provider.make({ ...common, layer: () => Layer.succeed(HearingSlot, { ear: "left" }) })
    // @ts-expect-error a voice is a text
    Provider.make({ ...common, layer: () => Layer.succeed(SpeechSlot, { voice: 1 }) })
    const made = Provider.make({ ...common, layer: () => Layer.effect(SpeechSlot, ready) })
    expectTypeOf<Provider.BaseOf<typeof made>>().toBeNever()
  })

  it("refuses a type that is neither inline nor remote", () => {
    // @ts-expect-error it must begin with inline:: or remote::
    expectTypeOf<"speech">().toExtend<Parameters<typeof Provider.make>[0]["type"]>()
    expectTypeOf<"remote::speech">().toExtend<Parameters<typeof Provider.make>[0]["type"]>()
  })

  it("needs of the program what it did not declare, and nothing of what it did", () => {
    const layer = () =>
      Layer.effect(
        SpeechSlot,
        Effect.gen(function*() {
          yield* Hearing
          yield* Network
          return { voice: "low" }
        })
      )
    const declared = Provider.make({ ...common, requires: [hearing], layer })
    const undeclared = Provider.make({ ...common, layer })
    expectTypeOf<Provider.BaseOf<typeof declared>>().toEqualTypeOf<Network>()
    expectTypeOf<Provider.BaseOf<typeof undeclared>>().toEqualTypeOf<Hearing | Network>()
  })

  it("tells how it may fail", () => {
    const failing = Provider.make({ ...common, layer: () => Layer.effect(SpeechSlot, Effect.fail(new NoKey())) })
    expectTypeOf<Provider.ErrorOf<typeof failing>>().toEqualTypeOf<NoKey>()
  })
})

describe("an optional dependency", () => {
  const layer = () => Layer.effect(SpeechSlot, Effect.as(Provider.optional(Hearing), { voice: "low" }))

  it("is an Option of the API's service", () => {
    expectTypeOf(Provider.optional(Hearing)).toEqualTypeOf<
      Effect.Effect<Option.Option<{ readonly heard: string }>, never, Provider.Optional<Hearing>>
    >()
  })

  it("needs nothing of the program where it is declared, and can't be had where it is not", () => {
    const declared = Provider.make({ ...common, optional: [hearing], layer })
    const undeclared = Provider.make({ ...common, layer })
    expectTypeOf<Provider.BaseOf<typeof declared>>().toBeNever()
    expectTypeOf<Provider.BaseOf<typeof undeclared>>().toEqualTypeOf<Provider.Optional<Hearing>>()
  })

  it("does not stand in for a required one", () => {
    const asking = () => Layer.effect(SpeechSlot, Effect.as(Hearing, { voice: "low" }))
    const made = Provider.make({ ...common, optional: [hearing], layer: asking })
    expectTypeOf<Provider.BaseOf<typeof made>>().toEqualTypeOf<Hearing>()
  })
})

describe("a contract", () => {
  it("has every member of the slot, each as it is", () => {
    const api = { name: "speech", service: Speech, slot: SpeechSlot } as const
    type Api = typeof speech
    expectTypeOf({ ...api, contract: { voice: "string" } } as const).toExtend<Api>()
    // @ts-expect-error the member voice is missing
    expectTypeOf({ ...api, contract: {} } as const).toExtend<Api>()
    // @ts-expect-error voice is a text
    expectTypeOf({ ...api, contract: { voice: "function" } } as const).toExtend<Api>()
    // @ts-expect-error an API has a contract
    expectTypeOf(api).toExtend<Api>()
  })
})

describe("a stack put together by hand", () => {
  const asking = () => Layer.effect(SpeechSlot, Effect.andThen(Hearing, Effect.fail(new NoKey())))
  const talker = Provider.make({ ...common, requires: [hearing], layer: asking })
  const ear = Provider.make({
    ...common,
    api: hearing,
    layer: () => Layer.effect(HearingSlot, Effect.as(Network, { ear: "left" }))
  })
  const given = { provider_id: "a", config: { voice: "low", speed: 1 } }
  const speechRouter: Stack.Router<typeof speech, never, never, never> = {
    api: speech,
    layer: () => Layer.succeed(Speech, { say: "" })
  }
  const hearingRouter: Stack.Router<typeof hearing, never, never, never> = {
    api: hearing,
    layer: () => Layer.succeed(Hearing, { heard: "" })
  }

  it("needs what its instances need, until it is given", () => {
    const talking = () => Stack.api(speechRouter, [Provider.configured(talker, given)])
    const listening = () => Stack.api(hearingRouter, [Provider.configured(ear, given)])
    expectTypeOf<ReturnType<typeof talking>>().toEqualTypeOf<Layer.Layer<Speech, NoKey, Hearing>>()
    const whole = () => Layer.provide(talking(), listening())
    expectTypeOf<ReturnType<typeof whole>>().toEqualTypeOf<Layer.Layer<Speech, NoKey, Network>>()
    // @ts-expect-error Hearing is missing
    expectTypeOf<ReturnType<typeof talking>>().toExtend<Layer.Layer<Speech, NoKey>>()
  })

  it("refuses an instance of another API, and a configuration of another provider", () => {
    // @ts-expect-error an ear does not speak
    // @effect-diagnostics-next-line missingEffectContext:off
    const other = () => Stack.api(speechRouter, [Provider.configured(ear, given)])
    // @ts-expect-error the speed is a number
    const wrong = () => Provider.configured(talker, { provider_id: "a", config: { voice: "low", speed: "1" } })
    expectTypeOf(other).toBeFunction()
    expectTypeOf(wrong).toBeFunction()
  })
})

describe("a provider with an upstream", () => {
  const Asking = Schema.Struct({ to: Schema.String })
  const upstream = { api: speech, type: "inline::echo", description: "", config: Asking, requires: [] } as const

  it("reads the upstream off its configuration, and gets the slot it fills itself", () => {
    const made = Provider.make({
      ...upstream,
      upstream: (config) => {
        expectTypeOf(config).toEqualTypeOf<{ readonly to: string }>()
        return { provider_type: config.to, config: {} }
      },
      layer: (_config, { upstream }) => {
        expectTypeOf(upstream).toEqualTypeOf<Layer.Layer<SpeechSlot, Provider.UpstreamError> | undefined>()
        return upstream === undefined
          ? Layer.effect(SpeechSlot, Effect.fail(new NoKey()))
          : Layer.effect(SpeechSlot, Effect.andThen(SpeechSlot, Effect.fail(new NoKey()))).pipe(Layer.provide(upstream))
      }
    })
    // How an upstream fails stands with its own type.
    expectTypeOf<Provider.ErrorOf<typeof made>>().toEqualTypeOf<NoKey>()
    expectTypeOf<Provider.BaseOf<typeof made>>().toBeNever()
  })

  it("refuses an upstream that names no type, or is read off another configuration", () => {
    const layer = () => Layer.effect(SpeechSlot, ready)
    // @ts-expect-error the type is missing
    const nameless = Provider.make({ ...upstream, upstream: () => ({ config: {} }), layer })
    // @ts-expect-error there is no such field
    const other = Provider.make({ ...upstream, upstream: ({ from }) => ({ provider_type: from, config: {} }), layer })
    expectTypeOf(nameless).toEqualTypeOf(other)
  })

  it("refuses a layer that takes the upstream for another slot", () => {
    const made = Provider.make({
      ...upstream,
      // @ts-expect-error the upstream fills the slot of speech, not of hearing
      layer: (_config, instance: Provider.InstanceInfo<HearingSlot>) =>
        Layer.effect(SpeechSlot, Effect.as(Effect.succeed(instance), { voice: "low" }))
    })
    expectTypeOf(made.type).toBeString()
  })
})

describe("Stack", () => {
  const provider = Provider.make({
    ...common,
    layer: () => Layer.effect(SpeechSlot, Effect.flatMap(Hearing, () => Effect.fail(new NoKey())))
  })
  const router = {
    api: speech,
    layer: (instances: ReadonlyArray<Instance<{ readonly voice: string }>>) =>
      Layer.effect(Speech, Effect.map(Network, ({ send }) => ({ say: `${instances.length} ${send}` })))
  }
  const build = (plan: StackPlan<readonly [typeof provider]>) => Stack.layer(plan, [router])

  it("carries what its providers and routers give, fail with and need", () => {
    expectTypeOf<ReturnType<typeof build>>().toEqualTypeOf<
      Layer.Layer<
        Speech | StartTimes,
        NoKey | ProviderNotCompliant | ProviderNotStarted | RequiredProviderDown,
        Hearing | Network | ProviderHealth | SystemRequests
      >
    >()
  })

  it("a dependency that was not declared is a requirement nobody provides", () => {
    type Provided = Layer.Layer<
      Speech | StartTimes,
      NoKey | ProviderNotCompliant | ProviderNotStarted | RequiredProviderDown,
      Network | ProviderHealth | SystemRequests
    >
    // @ts-expect-error Hearing is missing in what the program provides
    expectTypeOf<ReturnType<typeof build>>().toExtend<Provided>()
  })

  it("refuses a router that reads instances of another shape", () => {
    const route: Stack.Router<typeof speech, never, never, never> = {
      api: speech,
      // @ts-expect-error the instances of speech have a voice, not an ear
      layer: (instances: ReadonlyArray<Instance<{ readonly ear: string }>>) =>
        Layer.succeed(Speech, { say: instances.map(({ id }) => id).join() })
    }
    expectTypeOf(route.api).toEqualTypeOf(speech)
  })
})
