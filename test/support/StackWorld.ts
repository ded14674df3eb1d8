/** APIs and provider types made up for a test; their instances write in a journal when they start and stop. */
import { Context, Effect, Layer, Option, Schema } from "effect"
import type { Instance } from "../../src/kernel/provider/Instance.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import type { ProviderApi } from "../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import * as Stack from "../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../src/kernel/stack/StackPlan.ts"
import * as MemoryHub from "./MemoryHub.ts"
import * as Supervised from "./Supervised.ts"

export interface WorldService {
  readonly _: unique symbol
}
export interface WorldSlot {
  readonly _: unique symbol
}

/** Its service is the ids of its instances. */
export type WorldApi = ProviderApi<string, WorldService, WorldSlot, string>

export const api = (name: string): WorldApi => ({
  name,
  service: Context.Service<WorldService, ReadonlyArray<string>>(`test/${name}`),
  slot: Context.Service<WorldSlot, string>(`test/${name}/slot`),
  contract: "string"
})

export interface ProviderOptions {
  readonly type?: `inline::${string}`
  readonly requires?: ReadonlyArray<WorldApi>
  readonly optional?: ReadonlyArray<WorldApi>
  /** Runs when an instance begins to start, before it holds anything. */
  readonly starting?: (id: string) => Effect.Effect<void, string>
}

const Config = Schema.Struct({
  /** What it is called in the journal; default its id. */
  name: Schema.optionalKey(Schema.String),
  /** False: its upstream is planned and never started. */
  asks: Schema.optionalKey(Schema.Boolean),
  upstream: Schema.optionalKey(Schema.Struct({ provider_type: Schema.String, config: Schema.JsonObject }))
})

const journaled = (journal: Array<string>, line: string) => Effect.sync(() => void journal.push(line))

const provider = (journal: Array<string>) => (api: WorldApi, options: ProviderOptions = {}) => {
  const { optional = [], requires = [], starting = () => Effect.void, type = `inline::${api.name}` } = options
  const start = Effect.fnUntraced(function*(id: string) {
    for (const required of requires) yield* Effect.service(required.service)
    for (const each of optional) {
      if (Option.isSome(yield* Provider.optional(each.service))) yield* journaled(journal, `${id} uses ${each.name}`)
    }
    yield* starting(id)
    yield* Effect.acquireRelease(journaled(journal, `start ${id}`), () => journaled(journal, `stop ${id}`))
    return id
  })
  return Provider.make({
    api,
    type,
    description: `A made-up provider of ${api.name}.`,
    config: Config,
    requires,
    optional,
    upstream: ({ upstream }) => upstream,
    layer: ({ asks = true, name }, { provider_id, upstream }) => {
      const own = start(name ?? provider_id)
      if (upstream === undefined || !asks) return Layer.effect(api.slot, own)
      const asking = Effect.flatMap(
        Effect.service(api.slot),
        (upstream) => Effect.map(own, (id) => `${id}<${upstream}>`)
      )
      return Layer.effect(api.slot, asking).pipe(Layer.provide(upstream))
    }
  })
}

export type WorldProvider = ReturnType<ReturnType<typeof provider>>

/** What the instances are when their router is made; one that does not run is left out. */
export const services = (instances: ReadonlyArray<Instance<string>>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.forEach(instances, ({ service }) => Effect.option(service)),
    (found) => found.flatMap(Option.toArray)
  )

/** A router whose service is what the instances are. */
export const plainRouter = (api: WorldApi) => ({
  api,
  layer: (instances: ReadonlyArray<Instance<string>>) => Layer.effect(api.service, services(instances))
})

const router = (journal: Array<string>) => (api: WorldApi) => ({
  api,
  layer: (instances: ReadonlyArray<Instance<string>>) =>
    Layer.effect(api.service, Effect.andThen(journaled(journal, `route ${api.name}`), services(instances)))
})

/** An entry of a configuration; required, so that its failure is the stack's. */
export const entry = (
  id: string,
  type: string,
  config: Schema.JsonObject = {}
): ProviderEntry => ({ provider_id: id, provider_type: type, config, required: true })

/** What every stack needs: who keeps the health of its instances, and the requests that ask for it. */
export const health = Supervised.layer.pipe(Layer.provideMerge(MemoryHub.layer))

export const make = () => {
  const journal: Array<string> = []
  return {
    /** `start <id>`, `stop <id>`, `route <api>`, `<id> uses <optional api>`, in the order they happened. */
    journal,
    provider: provider(journal),
    /** Starts what is configured; stops it when the scope closes. */
    start: Effect.fnUntraced(function*(
      apis: ReadonlyArray<WorldApi>,
      registry: ReadonlyArray<WorldProvider>,
      providers: Readonly<Record<string, ReadonlyArray<ProviderEntry>>>
    ) {
      const plan = yield* StackPlan.make(registry, { providers })
      return yield* Layer.build(Stack.layer(plan, apis.map(router(journal))).pipe(Layer.provide(health)))
    })
  }
}
