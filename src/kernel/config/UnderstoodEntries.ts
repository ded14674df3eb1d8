/** The provider entries of a configuration that are understood, also where others are not: so that all is told at once. */
import { Option, Predicate, Schema } from "effect"
import { ProviderEntry, skipCause } from "./Configuration.ts"

/** An entry to be used, with its place in the list as it is written. */
export interface PlacedEntry {
  readonly api: string
  readonly index: number
  readonly entry: ProviderEntry
}

export interface UnderstoodEntries {
  readonly entries: ReadonlyArray<PlacedEntry>
  /** False where there are entries that are not understood. */
  readonly complete: boolean
  /** APIs whose list has no entries. */
  readonly empty: ReadonlyArray<string>
}

const decode = Schema.decodeUnknownOption(ProviderEntry, { onExcessProperty: "error" })

/** `tree`: a configuration after substitution. */
export const understoodEntries = (tree: Schema.Json): UnderstoodEntries => {
  const providers = Predicate.isObject(tree) ? Reflect.get(tree, "providers") : undefined
  if (providers === undefined) return { entries: [], complete: true, empty: [] }
  if (!Predicate.isObject(providers)) return { entries: [], complete: false, empty: [] }
  const lists = Object.entries(providers)
  const written = lists.flatMap(([api, list]) =>
    Array.isArray(list) ? list.map((each, index) => ({ api, index, entry: decode(each) })) : []
  )
  const understood = written.flatMap(({ entry, ...place }) =>
    Option.isNone(entry) ? [] : [{ ...place, entry: entry.value }]
  )
  return {
    entries: understood.filter(({ entry }) => skipCause(entry) === undefined),
    complete: understood.length === written.length && lists.every(([, list]) => Array.isArray(list)),
    empty: lists.flatMap(([api, list]) => Array.isArray(list) && list.length === 0 ? [api] : [])
  }
}
