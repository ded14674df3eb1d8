/** The HTTP API of one server: all its modules, or those that its configuration names. */
import { Context } from "effect"
import type { HttpApi } from "effect/http-api"
import type { Operation } from "../http/Operations.ts"
import { aliasesOf, type PathAlias } from "../http/PathAliases.ts"
import * as StrataApi from "../http/StrataApi.ts"
import type { AnyApiModule } from "./ApiModule.ts"
import type { ModuleSet } from "./ModuleSet.ts"
import { groupsOf } from "./ModuleSet.ts"

export interface Served {
  readonly api: HttpApi.Top
  readonly modules: ReadonlyArray<AnyApiModule>
  readonly operations: ReadonlyArray<Operation>
  /** Other paths of them. */
  readonly aliases: ReadonlyArray<PathAlias>
}

export class ServedApi extends Context.Service<ServedApi, Served>()("strata/kernel/modules/ServedApi") {}

export type All = Pick<ModuleSet, "own" | "external">

const allOf = ({ external, own }: All) => [...own, ...external]

/** The names with what comes with them: what is always served, and the registries of their resources. */
export const withCompanions = (set: All, wanted: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set([
    ...wanted,
    ...allOf(set).filter(({ always, registryOf }) => always || registryOf !== undefined && wanted.includes(registryOf))
      .map(({ name }) => name)
  ])

/** The API whose providers an API is made of: of a registry, the one it belongs to. */
export const providedBy = (set: All, name: string): string =>
  allOf(set).find((module) => module.name === name)?.registryOf ?? name

/** `wanted`: the names of the APIs to serve, default all; `authenticated`: the document says how, default false. */
export const make = (
  set: All & Pick<ModuleSet, "operations">,
  wanted?: ReadonlyArray<string>,
  options: { readonly authenticated?: boolean } = {}
): Served => {
  const chosen = wanted === undefined ? undefined : withCompanions(set, wanted)
  const modules = allOf(set).filter(({ name }) => chosen === undefined || chosen.has(name))
  const api = StrataApi.make(groupsOf(modules), options)
  return {
    api,
    modules,
    operations: set.operations.filter(({ group }) => Object.hasOwn(api.groups, group)),
    aliases: aliasesOf(api)
  }
}
