/** Registers and unregisters resources for the principal of the moment, with the consent of their providers. */
import { Effect, Result, Struct } from "effect"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { AccessControl } from "../access/AccessControl.ts"
import * as AccessFilter from "../access/AccessFilter.ts"
import { ResourceInvalid, ResourceNotFound } from "../http/ResourceErrors.ts"
import type { Resource } from "./Resource.ts"
import { isPlain } from "./Resource.ts"
import type { ResourceOptions } from "./ResourceOptions.ts"
import { accessOf, accessTo, standsForListed, subjectsOf, targetOf } from "./ResourceOptions.ts"
import type { ResourceProvider } from "./ResourceProvider.ts"
import { servesUnlisted } from "./ResourceProvider.ts"
import type { Registration } from "./ResourceRegistration.ts"
import { existing, removable, taken, toResource } from "./ResourceRegistration.ts"
import type { ResourceTable } from "./ResourceTable.ts"
import { nothing } from "./ResourceTable.ts"
import * as StoredAttributes from "./StoredAttributes.ts"

export const make = Effect.fnUntraced(function*<Shape, A extends object>(options: ResourceOptions<Shape, A>) {
  const { kind, registry, resourcesOf, unlisted = false } = options
  const { type } = kind
  const access = yield* AccessControl
  const instances = new Map(options.instances.map((instance) => [instance.id, instance]))

  const absent = (identifier: string) => new ResourceNotFound({ type, identifier, suggestions: [], ambiguous: false })

  const refusal = (field: string) => ({ message }: { readonly message: string }) =>
    new ResourceInvalid({ type, field, message: `Its provider refuses: ${message}` })

  /** As lists have it: a name for what may not be seen is not there. */
  const isVisible = (table: ResourceTable<A>, resource: Resource<A>) =>
    Effect.map(
      access.filter("read", type),
      (filter) => subjectsOf(options, table, resource).every((each) => AccessFilter.permits(filter, each))
    )

  /** A name of one's own for what one may not see would be a way around the rules. */
  const mayName = (table: ResourceTable<A>, resource: Resource<A>) => {
    const target = targetOf(options, table, resource)
    return target === undefined ? Effect.void : access.authorizeRead(target, () => absent(target.id))
  }

  /** What is listed can be named, and what could be asked for without a name. */
  const isServed = (table: ResourceTable<A>, resource: Resource<A>, provider: ResourceProvider<A>): boolean =>
    standsForListed(table, resource) || (servesUnlisted(provider) && isPlain(resource.provider_resource_id))

  /** The resource as its provider wants it registered. */
  const accepted = Effect.fnUntraced(function*(table: ResourceTable<A>, resource: Resource<A>) {
    const provider = resourcesOf(yield* instances.get(resource.provider_id)!.service)
    if (unlisted && !isServed(table, resource, provider)) {
      return yield* new ResourceInvalid({
        type,
        field: `provider_${type}_id`,
        message:
          `${resource.provider_id} does not serve \`${resource.provider_resource_id}\`: name one of those it lists.`
      })
    }
    if (provider.register === undefined) return resource
    const attributes = yield* Effect.mapError(provider.register(resource), refusal(`provider_${type}_id`))
    return { ...resource, attributes }
  })

  const released = Effect.fnUntraced(function*(resource: Resource<A>) {
    const instance = instances.get(resource.provider_id)
    if (instance === undefined) return
    const { unregister } = resourcesOf(yield* instance.service)
    if (unregister !== undefined) yield* Effect.mapError(unregister(resource), refusal(`${type}_id`))
  })

  return {
    /** Gives what stands there already where it is the same. */
    register: Effect.fnUntraced(function*(registration: Registration<A>) {
      const principal = yield* CurrentPrincipal
      // First: what is wrong with a registration tells what providers there are.
      const asked = accessTo(kind, registration.identifier, principal)
      yield* access.authorize("create", asked, () => absent(registration.identifier))
      const wanted = yield* StoredAttributes.one<A, Resource<A>>(
        yield* Effect.fromResult(toResource(kind, registration, [...instances.keys()], principal))
      )
      const { attributes, identifier } = wanted
      const named = Struct.pick(attributes, Object.keys(registration.attributes) as Array<keyof A>)
      let registered = wanted
      yield* registry.change(Effect.fnUntraced(function*(table) {
        yield* mayName(table, wanted)
        const there = table.get(identifier)
        if (there !== undefined && !(yield* isVisible(table, there))) return yield* taken(kind, identifier)
        const present = yield* Effect.fromResult(existing(kind, table, wanted, named as Partial<A>))
        registered = present ?? (yield* accepted(table, wanted))
        return present === undefined ? { registered: [registered], unregistered: [] } : nothing
      }))
      return registered
    }),
    /** Gives what it was. */
    unregister: Effect.fnUntraced(function*(identifier: string) {
      let gone: Resource<A> | undefined
      yield* registry.change(Effect.fnUntraced(function*(table) {
        const registered = table.get(identifier)
        if (registered === undefined) return yield* absent(identifier)
        const visible = yield* isVisible(table, registered)
        yield* access.authorize("delete", accessOf(kind, registered), () => absent(identifier)).pipe(
          Effect.mapError((error) => visible ? error : absent(identifier))
        )
        const fixed = removable(kind, registered)
        if (!visible && Result.isFailure(fixed)) return yield* absent(identifier)
        yield* Effect.fromResult(fixed)
        yield* released(registered)
        gone = registered
        return { registered: [], unregistered: [identifier] }
      }))
      return gone ?? (yield* absent(identifier))
    })
  }
})
