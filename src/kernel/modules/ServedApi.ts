/** The HTTP API of one server: Strata's own, or a part of it, and what APIs from outside add. */
import { Context } from "effect"
import type { HttpApiGroup } from "effect/http-api"
import { HttpApi, OpenApi } from "effect/http-api"
import { Api, SchemaErrors } from "../../apis/Api.ts"
import * as OpenApiDocument from "../http/OpenApiDocument.ts"
import type { Operation } from "../http/Operations.ts"
import { operations, operationsOf } from "../http/Operations.ts"

export interface Served {
  readonly api: HttpApi.Top
  readonly operations: ReadonlyArray<Operation>
  /** The operations that are not Strata's own. */
  readonly external: ReadonlyArray<Operation>
}

/** Served whatever the configuration says. */
export const always = ["inspect", "providers"] as const

/** An API, and the registry of its resources that is served with it. */
const registries: Readonly<Record<string, string>> = { inference: "models" }

const whole = Api as unknown as HttpApi.Top
const own = whole.groups as unknown as Readonly<Record<string, HttpApiGroup.Top>>

/** The names of Strata's own APIs. */
export const names: ReadonlyArray<string> = Object.keys(own)

/** The names with what comes with them. */
export const withCompanions = (wanted: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set([...always, ...wanted, ...wanted.flatMap((name) => registries[name] ?? [])])

/** The API whose providers an API is made of: of a registry, the one it belongs to. */
export const providedBy = (name: string): string =>
  Object.keys(registries).find((api) => registries[api] === name) ?? name

const keyed = (api: HttpApi.Top): HttpApi.Top =>
  api.annotateMerge(OpenApi.annotations({ transform: OpenApiDocument.describe(true) })) as unknown as HttpApi.Top

/** `authenticated`: its document says how, default false; `wanted`: the names of the APIs to serve, default all; `groups`: routes from outside, under their APIs' names. */
export const make = (
  options: {
    readonly wanted?: ReadonlyArray<string> | undefined
    readonly groups?: ReadonlyArray<HttpApiGroup.Top>
    readonly authenticated?: boolean
  } = {}
): Served => {
  const { authenticated = false, groups = [], wanted } = options
  const described = authenticated ? keyed : (api: HttpApi.Top) => api
  if (wanted === undefined && groups.length === 0) return { api: described(whole), operations, external: [] }
  const chosen = wanted === undefined ? undefined : withCompanions(wanted)
  const served = (each: HttpApiGroup.Top) => chosen === undefined || chosen.has(each.identifier)
  const api = (from: ReadonlyArray<HttpApiGroup.Top>): HttpApi.Top =>
    from.reduce(
      (sum, each) => sum.add(each) as unknown as HttpApi.Top,
      HttpApi.make(whole.identifier).annotateMerge(whole.annotations) as unknown as HttpApi.Top
    )
  const added = api(groups.filter(served)).middleware(SchemaErrors)
  const all = api([...Object.values(own).filter(served), ...Object.values<HttpApiGroup.Top>(added.groups)])
  return { api: described(all), operations: operationsOf(all), external: operationsOf(added) }
}

export const ServedApi = Context.Reference<Served>("strata/kernel/modules/ServedApi", { defaultValue: () => make() })
