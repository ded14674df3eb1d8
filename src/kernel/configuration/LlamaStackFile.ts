/** A Llama Stack's run.yaml as a configuration of Strata: what there is no use for is left out, and named. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"

type Fields = Schema.JsonObject

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

/** Each names its distribution, this year's or an earlier one's way. */
const distribution = ["distro_name", "image_name", "distribution_spec"] as const

export const isOne = (tree: Schema.Json): tree is Fields =>
  isFields(tree) && distribution.some((name) => Object.hasOwn(tree, name))

export interface Translated {
  readonly tree: Fields
  /** Paths of what is left out. */
  readonly leftOut: ReadonlyArray<string>
}

const providersIn = (given: unknown, apis: ReadonlySet<string>) => {
  const all = isFields(given) ? Object.entries(given) : []
  const providers = Object.fromEntries(all.filter(([api]) => apis.has(api)))
  return { providers, leftOut: all.flatMap(([api]) => apis.has(api) ? [] : [`providers.${api}`]) }
}

/** What says nothing is written as null there. */
const withoutNulls = (entry: Schema.Json): Schema.Json =>
  isFields(entry) ? Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null)) : entry

/** Of `registered_resources`, or at the top of earlier files. */
const resourcesIn = (tree: Fields) => {
  const resources = isFields(tree["registered_resources"]) ? tree["registered_resources"] : {}
  const models = resources["models"] ?? tree["models"]
  const groups = resources["tool_groups"] ?? tree["tool_groups"]
  const others = Object.entries(Struct.omit(resources, ["models", "tool_groups"]))
    .filter(([, list]) => !Array.isArray(list) || list.length > 0)
  const taken = {
    ...Array.isArray(models) && models.length > 0 ? { models } : {},
    ...Array.isArray(groups) && groups.length > 0 ? { tool_groups: groups.map(withoutNulls) } : {}
  }
  return {
    ...Object.keys(taken).length > 0 ? { registered_resources: taken } : {},
    leftOut: others.map(([name]) => `registered_resources.${name}`)
  }
}

/** Who may ask is never left out: what Strata can't do of it is refused. */
const serverFields = ["host", "port", "auth", "quota", "tls_certfile", "tls_keyfile", "tls_cafile"] as const

const serverIn = (given: unknown) => {
  if (!isFields(given)) return { leftOut: [] }
  const server = Struct.pick(given, serverFields.filter((name) => given[name] != null))
  const others = Object.entries(Struct.omit(given, serverFields)).filter(([, value]) => value !== null)
  return { server, leftOut: others.map(([name]) => `server.${name}`) }
}

const translated: ReadonlySet<string> = new Set([
  ...distribution,
  "version",
  "apis",
  "providers",
  "registered_resources",
  "models",
  "tool_groups",
  "server"
])

/** `apis`: those that providers may be configured for. */
export const translate = (tree: Fields, apis: ReadonlySet<string>): Translated => {
  const { leftOut: ofProviders, providers } = providersIn(tree["providers"], apis)
  const { leftOut: ofResources, ...resources } = resourcesIn(tree)
  const { leftOut: ofServer, ...server } = serverIn(tree["server"])
  const others = Object.entries(tree).filter(([name, value]) => !translated.has(name) && !saysNothing(value))
  return {
    tree: { version: 1, providers, ...resources, ...server },
    leftOut: [...ofProviders, ...ofResources, ...ofServer, ...others.map(([name]) => name)]
  }
}

const saysNothing = (value: Schema.Json): boolean => value === null || Array.isArray(value) && value.length === 0
