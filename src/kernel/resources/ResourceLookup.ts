/** Finds resources, and who serves them, as the principal of the moment may see them: what is hidden is not there. */
import { Effect } from "effect"
import { AccessControl } from "../access/AccessControl.ts"
import * as AccessFilter from "../access/AccessFilter.ts"
import { ResourceNotFound } from "../http/ResourceErrors.ts"
import type { Resource } from "./Resource.ts"
import { prefixOf } from "./Resource.ts"
import type { ResourceOptions } from "./ResourceOptions.ts"
import { accessOf, accessTo, subjectsOf } from "./ResourceOptions.ts"
import { servesUnlisted } from "./ResourceProvider.ts"
import type { Resolution } from "./ResourceResolution.ts"
import { exactly, nearest, resolve } from "./ResourceResolution.ts"
import type { ResourceTable } from "./ResourceTable.ts"

/** What is asked of whom. */
export interface Route<Shape> {
  readonly identifier: string
  readonly provider_id: string
  readonly provider_resource_id: string
  readonly service: Shape
  /** What is registered of it; undefined of what nobody lists. */
  readonly attributes?: unknown
  /** Has the provider looked at: it did not answer. */
  readonly requestCheck: Effect.Effect<unknown>
}

type Target = Pick<Resource<unknown>, "identifier" | "provider_id" | "provider_resource_id"> & {
  readonly attributes?: unknown
}

/** What decides that a search is over. */
type Satisfied = (resolution: Resolution<unknown>) => boolean

/** What is hidden is searched for like what is not there: the time it takes tells nothing. */
const isResource: Satisfied = ({ _tag }) => _tag === "Found" || _tag === "Ambiguous"
const hasRoute: Satisfied = (resolution) => isResource(resolution) || resolution._tag === "Unlisted"

export const make = Effect.fnUntraced(function*<Shape, A>(options: ResourceOptions<Shape, A>) {
  const { kind, registry, resourcesOf, unlisted = false } = options
  const { type } = kind
  const access = yield* AccessControl
  const instances = new Map(options.instances.map((instance) => [instance.id, instance]))

  const isProvider = (id: string) => instances.has(id)

  /** Whether the provider an identifier begins with may be asked for more than it lists; one that is down says why. */
  const isOpen = Effect.fnUntraced(function*(identifier: string) {
    const instance = unlisted ? instances.get(prefixOf(identifier)) : undefined
    if (instance === undefined) return false
    return yield* Effect.match(instance.service, {
      onFailure: () => true,
      onSuccess: (service) => servesUnlisted(resourcesOf(service))
    })
  })

  /** Those of providers that are configured, and that the rules show. */
  const visibility = (table: ResourceTable<A>) =>
    Effect.map(
      access.filter("read", type),
      (filter) => (resource: Resource<A>) =>
        exactly({ table, isProvider }, resource.identifier) === resource &&
        subjectsOf(options, table, resource).every((each) => AccessFilter.permits(filter, each))
    )

  const resolveIn = Effect.fnUntraced(function*(table: ResourceTable<A>, identifier: string) {
    const exact = exactly({ table, isProvider }, identifier)
    // By far the most are asked for by their name.
    if (exact?.source !== "api" && exact !== undefined && (yield* access.permits("read", accessOf(kind, exact)))) {
      return { _tag: "Found", resource: exact } as const
    }
    const [visible, open] = [yield* visibility(table), yield* isOpen(identifier)]
    return resolve({ table, visible, isProvider, open: () => open }, identifier)
  })

  /** What is not in the table may stand in the log by now, or be on a provider's list. */
  const search = Effect.fnUntraced(function*(identifier: string, satisfied: Satisfied) {
    const current = yield* resolveIn(registry.current.table, identifier)
    if (isResource(current)) return current
    const written = yield* resolveIn(yield* registry.latest, identifier)
    if (satisfied(written)) return written
    yield* registry.refresh
    return yield* resolveIn(registry.current.table, identifier)
  })

  const notFound = (identifier: string, suggestions: ReadonlyArray<string>, ambiguous = false) =>
    new ResourceNotFound({ type, identifier, suggestions, ambiguous })

  /** The same of what is not there, not listed or hidden. */
  const absent = Effect.fnUntraced(function*(identifier: string) {
    const { table } = registry.current
    return notFound(identifier, nearest({ table, visible: yield* visibility(table) }, identifier))
  })

  /** That something is hidden is told as a denial, and to the client as if it were not there. */
  const fail = Effect.fnUntraced(
    function*(identifier: string, resolution: Exclude<Resolution<A>, { readonly _tag: "Found" }>) {
      if (resolution._tag === "Ambiguous") return yield* notFound(identifier, resolution.identifiers, true)
      const error = yield* absent(identifier)
      if (resolution._tag === "Hidden") {
        for (const each of subjectsOf(options, registry.current.table, resolution.resource)) {
          yield* access.authorizeRead(each, () => error)
        }
      }
      return yield* error
    }
  )

  /** Who serves it, and by which name, wherever that stands. */
  const find = Effect.fnUntraced(function*(identifier: string) {
    const resolution = yield* search(identifier, hasRoute)
    if (resolution._tag === "Found") return resolution.resource
    if (resolution._tag !== "Unlisted") return yield* fail(identifier, resolution)
    const asked = accessTo(kind, identifier, null)
    if (!(yield* access.permits("read", asked))) {
      const error = yield* absent(identifier)
      yield* access.authorizeRead(asked, () => error)
    }
    return { ...resolution, identifier }
  })

  /** Of what has been asked for by its name, as long as the table is the same. */
  const exactTargets = new Map<string, Target>()
  let table = registry.current.table

  /** What is there for everyone, under exactly this name. */
  const exactTarget = (identifier: string): Target | undefined => {
    if (table !== registry.current.table) {
      table = registry.current.table
      exactTargets.clear()
    }
    let target = exactTargets.get(identifier)
    if (target === undefined) {
      target = exactly({ table, isProvider }, identifier)
      if (target !== undefined) exactTargets.set(identifier, target)
    }
    return target
  }

  const routeTo = ({ attributes, identifier, provider_id, provider_resource_id }: Target) => {
    const { checkRequested, lastCheck, service } = instances.get(provider_id)!
    return Effect.flatMap(service, (service) => {
      const requestCheck = checkRequested.open
      const route: Route<Shape> = { identifier, provider_id, provider_resource_id, service, attributes, requestCheck }
      // Perhaps it is back: who watches it looks at it now.
      return lastCheck.works === false ? Effect.as(requestCheck, route) : Effect.succeed(route)
    })
  }

  return {
    /** In order of the identifiers. */
    list: Effect.gen(function*() {
      const table = yield* registry.latest
      return table.list.filter(yield* visibility(table))
    }),
    /** By its identifier, or by what its only provider calls it. Asks the providers again before it gives up. */
    get: Effect.fnUntraced(function*(identifier: string) {
      const resolution = yield* search(identifier, isResource)
      return resolution._tag === "Found" ? resolution.resource : yield* fail(identifier, resolution)
    }),
    /** Who serves it, and by which name. */
    route: (identifier: string) => {
      const target = access.isOpen ? exactTarget(identifier) : undefined
      return target === undefined ? Effect.flatMap(find(identifier), routeTo) : routeTo(target)
    }
  }
})
