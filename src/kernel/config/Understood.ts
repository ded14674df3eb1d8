/** What is understood of a configuration, also where something else of it is not: so that all is told at once. */
import { Option, Predicate, Schema } from "effect"
import { ProviderEntry, skipCause } from "./Configuration.ts"
import type { ModelEntry } from "./ResourcesConfiguration.ts"
import { RegisteredResources } from "./ResourcesConfiguration.ts"

/** An entry to be used, with its place in the list as it is written. */
export interface PlacedEntry {
  readonly api: string
  readonly index: number
  readonly entry: ProviderEntry
}

export interface Understood {
  readonly entries: ReadonlyArray<PlacedEntry>
  /** False where there are entries that are not understood. */
  readonly complete: boolean
  /** APIs whose list has no entries. */
  readonly empty: ReadonlyArray<string>
  readonly apis: ReadonlyArray<string>
  readonly modules: ReadonlyArray<string>
  readonly models: ReadonlyArray<ModelEntry>
}

const decodeEntry = Schema.decodeUnknownOption(ProviderEntry, { onExcessProperty: "error" })
const decodeTexts = Schema.decodeUnknownOption(Schema.Array(Schema.NonEmptyString))
const decodeResources = Schema.decodeUnknownOption(RegisteredResources, { onExcessProperty: "error" })

const at = (tree: Schema.Json, key: string): unknown => Predicate.isObject(tree) ? Reflect.get(tree, key) : undefined

const providersOf = (tree: Schema.Json): Pick<Understood, "entries" | "complete" | "empty"> => {
  const providers = at(tree, "providers")
  if (!Predicate.isObject(providers)) return { entries: [], complete: providers === undefined, empty: [] }
  const lists = Object.entries(providers)
  const written = lists.flatMap(([api, list]) =>
    Array.isArray(list) ? list.map((each, index) => ({ api, index, entry: decodeEntry(each) })) : []
  )
  const entries = written.flatMap(({ entry, ...place }) =>
    Option.isNone(entry) ? [] : [{ ...place, entry: entry.value }]
  )
  return {
    entries: entries.filter(({ entry }) => skipCause(entry) === undefined),
    complete: entries.length === written.length && lists.every(([, list]) => Array.isArray(list)),
    empty: lists.flatMap(([api, list]) => Array.isArray(list) && list.length === 0 ? [api] : [])
  }
}

/** `tree`: a configuration after substitution. */
export const understood = (tree: Schema.Json): Understood => ({
  ...providersOf(tree),
  apis: Option.getOrElse(decodeTexts(at(tree, "apis")), () => []),
  modules: Option.getOrElse(decodeTexts(at(tree, "modules")), () => []),
  models: Option.match(decodeResources(at(tree, "registered_resources")), {
    onNone: () => [],
    onSome: ({ models }) => models
  })
})
