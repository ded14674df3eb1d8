/** What is understood of a configuration, also where something else of it is not: so that all is told at once. */
import { Option, Predicate, Schema } from "effect"
import { disabled } from "../issues/EnvironmentSubstitution.ts"
import { text } from "../provider/FieldSchema.ts"
import { ProviderEntry, skipCause } from "../provider/ProviderEntry.ts"
import type { PlacedModel } from "../resources/ResourcesConfiguration.ts"
import { ModelEntry } from "../resources/ResourcesConfiguration.ts"

/** An entry to be used, with its place in the list as it is written. */
export interface PlacedEntry {
  readonly api: string
  readonly index: number
  readonly entry: ProviderEntry
}

/** A name in a list, with its place. */
export interface PlacedName {
  readonly index: number
  readonly name: string
}

export interface PartialConfiguration {
  readonly entries: ReadonlyArray<PlacedEntry>
  /** False where there are entries that are not understood. */
  readonly complete: boolean
  /** APIs whose list has no entries. */
  readonly empty: ReadonlyArray<string>
  /** APIs that have a list, be it empty or all switched off. */
  readonly listed: ReadonlyArray<string>
  /** The inference providers in use, be they understood or not; undefined where one has no name that is understood. */
  readonly inference: ReadonlyArray<string> | undefined
  readonly apis: ReadonlyArray<PlacedName>
  readonly modules: ReadonlyArray<PlacedName>
  readonly models: ReadonlyArray<PlacedModel>
}

const decodeEntry = Schema.decodeUnknownOption(ProviderEntry, { onExcessProperty: "error" })
const decodeName = Schema.decodeUnknownOption(text)
const decodeModel = Schema.decodeUnknownOption(ModelEntry, { onExcessProperty: "error" })

const at = (tree: unknown, key: string): unknown => Predicate.isObject(tree) ? Reflect.get(tree, key) : undefined

/** The items of a list that are understood. */
const placed = <A, B>(
  list: unknown,
  decode: (item: unknown) => Option.Option<A>,
  place: (index: number, value: A) => B
): ReadonlyArray<B> =>
  Array.isArray(list)
    ? list.flatMap((item, index) => Option.match(decode(item), { onNone: () => [], onSome: (a) => [place(index, a)] }))
    : []

const providersOf = (tree: Schema.Json): Pick<PartialConfiguration, "entries" | "complete" | "empty" | "listed"> => {
  const providers = at(tree, "providers")
  if (!Predicate.isObject(providers)) return { entries: [], complete: providers === undefined, empty: [], listed: [] }
  const lists = Object.entries(providers)
  const entries = lists.flatMap(([api, list]) =>
    placed(list, decodeEntry, (index, entry): PlacedEntry => ({ api, index, entry }))
  )
  const written = lists.reduce((sum, [, list]) => sum + (Array.isArray(list) ? list.length : 1), 0)
  return {
    entries: entries.filter(({ entry }) => skipCause(entry) === undefined),
    complete: entries.length === written,
    empty: lists.flatMap(([api, list]) => Array.isArray(list) && list.length === 0 ? [api] : []),
    listed: lists.map(([api]) => api)
  }
}

/** Nothing is the empty text; what is left of a variable that is not set may be any name. */
const idOf = (entry: unknown): ReadonlyArray<string> => {
  const id = at(entry, "provider_id")
  if (id === null) return [""]
  return Predicate.isString(id) && !id.includes("${") ? [id] : []
}

const inferenceOf = (tree: Schema.Json): ReadonlyArray<string> | undefined => {
  const providers = at(tree, "providers") ?? {}
  const list = at(providers, "inference") ?? []
  if (!Predicate.isObject(providers) || !Array.isArray(list)) return undefined
  const ids = list.flatMap(idOf)
  if (ids.length < list.length) return undefined
  return [...new Set(ids.filter((id) => id !== "" && id !== disabled))]
}

/** `tree`: a configuration after substitution. */
export const readablePart = (tree: Schema.Json): PartialConfiguration => {
  const toName = (index: number, name: string): PlacedName => ({ index, name })
  return {
    ...providersOf(tree),
    inference: inferenceOf(tree),
    apis: placed(at(tree, "apis"), decodeName, toName),
    modules: placed(at(tree, "modules"), decodeName, toName),
    models: placed(
      at(at(tree, "registered_resources"), "models"),
      decodeModel,
      (index, model): PlacedModel => ({ index, model })
    )
  }
}
