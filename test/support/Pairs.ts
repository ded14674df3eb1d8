/** Registries with their routers, as APIs are made of them: the pair of models, and six that stand for APIs to come. */
import { Context, Effect, Layer, Schema } from "effect"
import { ModelsKind } from "../../src/apis/models/ModelsKind.ts"
import type { EventLogUnavailable } from "../../src/events/log/EventLog.ts"
import type { ResourceType } from "../../src/kernel/access/AccessResource.ts"
import type { ProviderUnavailable } from "../../src/kernel/http/ProviderUnavailable.ts"
import type { ResourceError, ResourceNotFound } from "../../src/kernel/http/ResourceErrors.ts"
import type { Instance } from "../../src/kernel/provider/Instance.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import type { Resource } from "../../src/kernel/resources/Resource.ts"
import * as ResourceEditing from "../../src/kernel/resources/ResourceEditing.ts"
import * as ResourceEvents from "../../src/kernel/resources/ResourceEvents.ts"
import type { AnyResourceKind } from "../../src/kernel/resources/ResourceKind.ts"
import * as ResourceKind from "../../src/kernel/resources/ResourceKind.ts"
import * as ResourceLookup from "../../src/kernel/resources/ResourceLookup.ts"
import type { ResourceProvider } from "../../src/kernel/resources/ResourceProvider.ts"
import type { Registration } from "../../src/kernel/resources/ResourceRegistration.ts"
import * as ResourceRegistry from "../../src/kernel/resources/ResourceRegistry.ts"
import * as Stack from "../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../src/kernel/stack/StackPlan.ts"

export type Attributes = Schema.JsonObject

/** What providers of every pair do: they keep resources, and say who was asked for which. */
interface PairProvider {
  readonly resources: ResourceProvider<Attributes>
  readonly run: (provider_resource_id: string) => string
}

/** The pair's two services in one. */
export interface PairService {
  readonly list: Effect.Effect<ReadonlyArray<Resource<Attributes>>, EventLogUnavailable>
  readonly get: (id: string) => Effect.Effect<Resource<Attributes>, ResourceNotFound | EventLogUnavailable>
  readonly run: (
    id: string
  ) => Effect.Effect<string, ResourceNotFound | ProviderUnavailable | EventLogUnavailable>
  readonly register: (registration: Registration<Attributes>) => Effect.Effect<Resource<Attributes>, ResourceError>
  readonly unregister: (id: string) => Effect.Effect<Resource<Attributes>, ResourceError>
  readonly registry: ResourceRegistry.ResourceRegistry<Attributes>
}

interface Service {
  readonly _: unique symbol
}
interface Slot {
  readonly _: unique symbol
}

const kind = (type: ResourceType, stream: string, fields: Schema.Struct.Fields): AnyResourceKind =>
  ResourceKind.make({
    events: ResourceEvents.define({ type, stream, noun: `A ${type}`, fields }),
    description: `The registry of ${stream}.`
  } as never)

const text = Schema.optionalKey(Schema.String)

/** `attributes`: some that are good for the kind. */
export const pairs = [
  {
    api: "inference",
    kind: ModelsKind as AnyResourceKind,
    attributes: { created: 1, owned_by: "v", model_type: "embedding", metadata: { dimension: 3 } }
  },
  {
    api: "safety",
    kind: kind("shield", "shields", { params: Schema.JsonObject }),
    attributes: { params: { strict: true } }
  },
  {
    api: "datasetio",
    kind: kind("dataset", "datasets", { purpose: Schema.String, source_uri: text }),
    attributes: { purpose: "eval/question-answer", source_uri: "file://rows.csv" }
  },
  {
    api: "scoring",
    kind: kind("scoring_function", "scoring_functions", { return_type: Schema.String, description: text }),
    attributes: { return_type: "number" }
  },
  {
    api: "eval",
    kind: kind("benchmark", "benchmarks", {
      dataset_id: Schema.String,
      scoring_functions: Schema.Array(Schema.String)
    }),
    attributes: { dataset_id: "rows", scoring_functions: ["accuracy"] }
  },
  {
    api: "tool_runtime",
    kind: kind("tool_group", "tool_groups", { mcp_uri: text }),
    attributes: { mcp_uri: "http://x/mcp" }
  },
  {
    api: "vector_io",
    kind: kind("vector_store", "vector_stores", { embedding_model: Schema.String, embedding_dimension: Schema.Int }),
    attributes: { embedding_model: "e", embedding_dimension: 384 }
  }
] as const satisfies ReadonlyArray<{
  readonly api: string
  readonly kind: AnyResourceKind
  readonly attributes: Attributes
}>
export type Pair = (typeof pairs)[number]

const Config = Schema.Struct({
  /** What it lists. */
  lists: Schema.optionalKey(Schema.Array(Schema.String)),
  fixed: Schema.optionalKey(Schema.Boolean),
  /** A provider's own name for a resource that it takes no registration of, nor gives back. */
  refuses: Schema.optionalKey(Schema.String)
})

const refusal = Effect.fail({ message: "not that one" })

/** What the providers were told, in order: `<provider> register <id>`. */
export type Journal = Array<string>

const definitionOf = ({ api: name, attributes }: Pair, journal: Journal) => {
  const api: Provider.ProviderApi<string, Service, Slot, PairProvider> = {
    name,
    service: Context.Service<Service, PairService>(`test/pairs/${name}`),
    slot: Context.Service<Slot, PairProvider>(`test/pairs/${name}/slot`),
    contract: { resources: "value", run: "function" } as never
  }
  return Provider.make({
    api,
    type: "inline::made-up",
    description: "Keeps resources.",
    config: Config,
    requires: [],
    layer: ({ fixed = false, lists, refuses }, { provider_id }) =>
      Layer.succeed(api.slot, {
        run: (id) => `${provider_id} ran ${id}`,
        resources: {
          source: fixed ? "configuration" : "discovery",
          list: lists === undefined
            ? undefined
            : Effect.sync(() => lists.map((provider_resource_id) => ({ provider_resource_id, attributes }))),
          register: ({ attributes, provider_resource_id }) =>
            provider_resource_id === refuses ? refusal : Effect.sync(() => {
              journal.push(`${provider_id} register ${provider_resource_id}`)
              return attributes
            }),
          unregister: ({ provider_resource_id }) =>
            provider_resource_id === refuses
              ? refusal
              : Effect.sync(() => void journal.push(`${provider_id} unregister ${provider_resource_id}`))
        }
      })
  })
}

const resourcesOf = ({ resources }: PairProvider) => resources

/** Whether what nobody lists is asked for: so it is with models. */
export const asksForUnlisted = ({ kind }: Pair): boolean => kind.type === "model"

const routerOf = (pair: Pair, { api }: ReturnType<typeof definitionOf>) => ({
  api,
  layer: (instances: ReadonlyArray<Instance<PairProvider>>) =>
    Layer.effect(
      api.service as Context.Key<Service, PairService>,
      Effect.gen(function*() {
        const registry = yield* ResourceRegistry.make({ kind: pair.kind, instances, resourcesOf })
        const options = { kind: pair.kind, registry, instances, resourcesOf, unlisted: asksForUnlisted(pair) }
        const { get, list, route } = yield* ResourceLookup.make(options)
        const run = (id: string) =>
          Effect.map(route(id), ({ provider_resource_id, service }) => service.run(provider_resource_id))
        return { get, list, run, registry, ...yield* ResourceEditing.make(options) }
      })
    )
})

/** Starts the pair with these providers; what they are told is added to the journal. */
export const start = Effect.fnUntraced(function*(
  pair: Pair,
  providers: Readonly<Record<string, ProviderEntry["config"]>>,
  journal: Journal = []
) {
  const definition = definitionOf(pair, journal)
  const entries = Object.entries(providers).map(([provider_id, config]) => ({
    provider_id,
    provider_type: definition.type,
    config
  }))
  const plan = yield* StackPlan.make([definition], { providers: { [pair.api]: entries } })
  const context = yield* Layer.build(Stack.layer(plan, [routerOf(pair, definition)]))
  return Context.get(context, definition.api.service as Context.Key<never, PairService>)
})

/** A registration with good attributes. */
export const registration = (
  { attributes }: Pair,
  identifier: string,
  more: Partial<Omit<Registration<Attributes>, "identifier">> = {}
): Registration<Attributes> => ({ identifier, attributes, otherwise: () => ({}), ...more })
