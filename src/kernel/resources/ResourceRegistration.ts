/** Decides about a registration by a client: pure, so that it can be decided anew where somebody else was faster. */
import { Result } from "effect"
import * as RedactionPatterns from "../../events/redaction/RedactionPatterns.ts"
import { canonical } from "../../events/types/JsonDifference.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { ResourceConflict, ResourceInvalid } from "../http/ResourceErrors.ts"
import { nearestKey } from "../issues/NearestKey.ts"
import type { Resource } from "./Resource.ts"
import { isStorable, prefixOf } from "./Resource.ts"
import type { ResourceKind } from "./ResourceKind.ts"
import type { ResourceTable } from "./ResourceTable.ts"

/** What a client asks to register. */
export interface Registration<A> {
  readonly identifier: string
  /** Default: the only provider there is. */
  readonly provider_id?: string | undefined
  /** Default: the identifier, without the provider's id before it. */
  readonly provider_resource_id?: string | undefined
  /** What the client says of it. */
  readonly attributes: Partial<A>
  /** The rest, for where it is new, by its provider. */
  readonly otherwise: (provider_id: string) => A
}

type Kind = Pick<ResourceKind<never>, "type">

/** By its form; it has nothing to do with the keys this server knows. */
const resemblesSecret = (text: string): boolean => RedactionPatterns.find(text).length > 0

const invalid = ({ type }: Kind, field: string, message: string) =>
  Result.fail(new ResourceInvalid({ type, field, message }))

const providerOf = (
  kind: Kind,
  { provider_id }: Pick<Registration<never>, "provider_id">,
  providers: ReadonlyArray<string>
): Result.Result<string, ResourceInvalid> => {
  const choices = providers.join(", ")
  const [only, ...others] = providers
  if (only === undefined) {
    return invalid(kind, "provider_id", `There is no provider to register a ${kind.type} with: configure one first.`)
  }
  if (provider_id === undefined) {
    return others.length === 0
      ? Result.succeed(only)
      : invalid(kind, "provider_id", `Say which provider serves it: provider_id is one of ${choices}.`)
  }
  if (providers.includes(provider_id)) return Result.succeed(provider_id)
  const nearest = nearestKey(provider_id, providers)
  const hint = nearest === undefined ? `There is: ${choices}.` : `Did you mean ${nearest}?`
  return invalid(kind, "provider_id", `There is no provider \`${provider_id}\`. ${hint}`)
}

/** The resource as it would be registered; nothing is said yet of what stands under its name. */
export const toResource = <A>(
  kind: Kind,
  registration: Registration<A>,
  providers: ReadonlyArray<string>,
  owner: Principal | null
): Result.Result<Resource<A>, ResourceInvalid> => {
  const { identifier } = registration
  return Result.flatMap(providerOf(kind, registration, providers), (provider_id) => {
    const field = `${kind.type}_id`
    const prefix = prefixOf(identifier)
    if (!isStorable(identifier)) return invalid(kind, field, "A name has no control characters.")
    if (resemblesSecret(identifier)) return invalid(kind, field, "The name looks like a key: names stand in the log.")
    if (prefix !== provider_id && providers.includes(prefix)) {
      const message = `\`${identifier}\` names the provider ${prefix}, and ${provider_id} is to serve it: choose a ` +
        `name that does not begin with ${prefix}/.`
      return invalid(kind, field, message)
    }
    const own = prefix === provider_id ? identifier.slice(prefix.length + 1) : identifier
    const provider_resource_id = registration.provider_resource_id ?? own
    if (own === "") return invalid(kind, field, `\`${identifier}\` names nothing behind its provider.`)
    if (prefix === provider_id && provider_resource_id !== own) {
      const message = `\`${identifier}\` is what ${prefix} calls ${own}: choose a name that does not begin with ` +
        `${prefix}/ for its ${provider_resource_id}.`
      return invalid(kind, field, message)
    }
    const attributes = { ...registration.otherwise(provider_id), ...registration.attributes }
    return Result.succeed({ identifier, provider_id, provider_resource_id, source: "api", owner, attributes })
  })
}

const compared = ["provider_id", "provider_resource_id", "attributes"] as const

/**
 * What stands under the name already, where it is the same: to register it once more changes nothing. What a client does
 * not say may be anything.
 */
export const existing = <A extends object>(
  kind: Kind,
  table: ResourceTable<A>,
  resource: Resource<A>,
  named: Partial<A>
): Result.Result<Resource<A> | undefined, ResourceConflict> => {
  const { identifier } = resource
  const current = table.get(identifier)
  if (current === undefined) return Result.succeed(undefined)
  const wanted = { ...resource, attributes: { ...current.attributes, ...named } }
  const different = compared.filter((field) => canonical(current[field]) !== canonical(wanted[field]))
  if (different.length === 0) return Result.succeed(current)
  const remedy = current.source === "api" ? "unregister it first, or choose another name" : "choose another name"
  return Result.fail(taken(kind, identifier, `, with another ${different.join(" and ")}: ${remedy}`))
}

/** The name stands for something else; to who may not see it, no more is said. */
export const taken = ({ type }: Kind, identifier: string, more = ": choose another name"): ResourceConflict =>
  new ResourceConflict({
    type,
    identifier,
    reason: "exists",
    message: `There is a ${type} \`${identifier}\` already${more}.`
  })

const remedies = {
  configuration: "its provider's configuration lists it: take it out there",
  discovery: "its provider lists it: it goes when the provider no longer does",
  registered_resources: "it stands in the configuration: take it out of registered_resources"
}

/** Only what clients registered is for clients to take back. */
export const removable = (kind: Kind, { identifier, source }: Resource<unknown>) =>
  source === "api" ? Result.void : Result.fail(
    new ResourceConflict({
      type: kind.type,
      identifier,
      reason: "fixed",
      message: `The ${kind.type} \`${identifier}\` can't be unregistered: ${remedies[source]}.`
    })
  )
