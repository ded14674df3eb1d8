/** How long a stack takes to start in this process when each provider takes its time, and what a failed start leaves. */
// @effect-diagnostics *:off
import { Context, Effect, Layer, Schema } from "effect"
import { createServer } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { EventHub } from "../../src/events/log/EventHub.ts"
import * as MemoryStore from "../../src/events/memory/MemoryStore.ts"
import type { Instance } from "../../src/kernel/provider/Instance.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import * as Stack from "../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../src/kernel/stack/StackPlan.ts"
import * as Supervised from "../../test/support/Supervised.ts"

interface Service {
  readonly _: unique symbol
}
interface Slot {
  readonly _: unique symbol
}

/** What a provider needs to say hello to its vendor. */
export const providerMilliseconds = 50

const api: Provider.ProviderApi<"listening", Service, Slot, number> = {
  name: "listening",
  service: Context.Service<Service, number>("bench/stack/Service"),
  slot: Context.Service<Slot, number>("bench/stack/Slot"),
  contract: "number"
}

const listen = Effect.acquireRelease(
  Effect.callback<ReturnType<typeof createServer>>((resume) => {
    const server = createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
)

const definition = Provider.make({
  api,
  type: "inline::listening",
  description: "Listens on a port of its own.",
  config: Schema.Struct({ fails: Schema.Boolean }),
  requires: [],
  layer: ({ fails }) =>
    Layer.effect(
      api.slot,
      Effect.gen(function*() {
        yield* listen
        yield* Effect.sleep(providerMilliseconds)
        return fails ? yield* Effect.fail("this one fails") : 1
      })
    )
})

const router = {
  api,
  layer: (instances: ReadonlyArray<Instance<number>>) => Layer.succeed(api.service, instances.length)
}

const supervised = Supervised.layer.pipe(Layer.provide(EventHub.layer()), Layer.provide(MemoryStore.layer))

const start = (count: number, fails: boolean) =>
  Effect.gen(function*() {
    const listening = Array.from({ length: count }, (_, index) => ({
      provider_id: `provider-${index}`,
      provider_type: definition.type,
      config: { fails: fails && index === count - 1 },
      required: true
    }))
    const plan = yield* StackPlan.make([definition], { providers: { listening } })
    yield* Layer.build(Stack.layer(plan, [router]).pipe(Layer.provide(supervised)))
    return performance.now()
  })

/** Milliseconds from the configuration to the stack that has started. */
export const measureStackStart = async (count: number): Promise<number> => {
  const before = performance.now()
  return await Effect.runPromise(Effect.scoped(start(count, false))) - before
}

/** A closed port is gone when the event loop has turned. */
const openPorts = async (): Promise<number> => {
  await sleep(10)
  return process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length
}

/** Open ports that a start leaves which fails in its last provider. */
export const measureLeftHandles = async (count: number): Promise<number> => {
  const before = await openPorts()
  await Effect.runPromise(Effect.flip(Effect.scoped(start(count, true))))
  return await openPorts() - before
}
