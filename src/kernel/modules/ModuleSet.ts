/** The modules a Strata is made of, and what follows from them: events, kinds of resources, tables, operations. */
import { Context } from "effect"
import type { HttpApiGroup } from "effect/http-api"
import type { AnyProjection } from "../../events/projections/Projection.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import { operationsOf } from "../http/Operations.ts"
import type { Operation } from "../http/Operations.ts"
import * as StrataApi from "../http/StrataApi.ts"
import { ProviderProjection } from "../provider/ProviderProjection.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import type { ResourceKinds } from "../resources/ResourceKinds.ts"
import * as SessionProjection from "../sessions/SessionProjection.ts"
import { WorkProjection } from "../work/WorkProjection.ts"
import type { AnyApiModule } from "./ApiModule.ts"
import type { EventCatalog } from "./EventCatalog.ts"
import * as Catalog from "./EventCatalog.ts"

export interface ModuleSet {
  /** Strata's own. */
  readonly own: ReadonlyArray<AnyApiModule>
  /** Those that modules of the configuration bring. */
  readonly external: ReadonlyArray<AnyApiModule>
  /** Of all modules, served or not. */
  readonly operations: ReadonlyArray<Operation>
  readonly catalog: EventCatalog
  readonly dialects: OperationDialects
  /** What the errors of operations are written in, of those that carry a conversation and of others; absent: OpenAI's. */
  readonly errorDialects: OperationDialects
  readonly kinds: ReadonlyArray<AnyResourceKind>
  /** The tables that are kept with the log: Strata's own, so that the log opens the same without the modules. */
  readonly projections: ReadonlyArray<AnyProjection>
}

export class Modules extends Context.Service<Modules, ModuleSet>()("strata/kernel/modules/ModuleSet/Modules") {}

export const groupsOf = (modules: ReadonlyArray<AnyApiModule>): ReadonlyArray<HttpApiGroup.Top> =>
  modules.map(({ routes }) => routes as unknown as HttpApiGroup.Top)

export const make = (own: ReadonlyArray<AnyApiModule>, external: ReadonlyArray<AnyApiModule> = []): ModuleSet => {
  const all = [...own, ...external]
  const operations = operationsOf(StrataApi.make(groupsOf(all)))
  const dialects = new Map(all.flatMap((module) => Object.entries(module.dialects)))
  const kinds = all.flatMap(({ resources }) => resources)
  return {
    own,
    external,
    operations,
    dialects,
    errorDialects: new Map([...dialects, ...all.flatMap(({ errors }) => Object.entries(errors))]),
    kinds,
    catalog: Catalog.make(operations, {
      recorded: all.flatMap(({ events }) => events),
      registrations: kinds.flatMap(({ registered, unregistered }) => [registered, unregistered])
    }),
    projections: [
      ...own.flatMap(({ resources }) => resources.map(({ projection }) => projection)),
      ProviderProjection,
      SessionProjection.make(dialects),
      WorkProjection,
      ...own.flatMap(({ projections }) => projections)
    ]
  }
}

/** What registries are told of their kinds. */
export const resourceKinds = ({ kinds, projections }: ModuleSet): ResourceKinds => ({
  all: kinds,
  isKept: ({ projection }) => projections.some((kept) => kept === projection)
})

/** The same with modules from outside. */
export const withExternal = (set: ModuleSet, external: ReadonlyArray<AnyApiModule>): ModuleSet =>
  external.length === 0 ? set : make(set.own, external)
