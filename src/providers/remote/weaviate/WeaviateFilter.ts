/** Conditions in Weaviate's words. */
import type { FilterValue, WeaviateClient } from "weaviate-client"
import type * as Library from "weaviate-client"
import type { Places } from "../../../apis/vector-io/ChunkStore.ts"
import type { OrderCondition, TagCondition } from "../../../kernel/vectors/FilterTags.ts"

type Filter = ReturnType<ReturnType<WeaviateClient["collections"]["use"]>["filter"]["byProperty"]>

export interface Filters {
  readonly by: (property: string) => Filter
  readonly and: typeof Library.Filters.and
  readonly or: typeof Library.Filters.or
  readonly not: typeof Library.Filters.not
}

const noTag = "none"

/** Its types know numbers and dates alone; the server compares texts too. */
const orderOf = (by: Filter, { operator, value: compared }: OrderCondition): FilterValue => {
  const value = compared as number
  switch (operator) {
    case "gt":
      return by.greaterThan(value)
    case "gte":
      return by.greaterOrEqual(value)
    case "lt":
      return by.lessThan(value)
    case "lte":
      return by.lessOrEqual(value)
  }
}

/** `fields`: those that the collection has; of others no chunk has a value, and Weaviate would refuse the question. */
export const filterOf = (condition: TagCondition, fields: ReadonlySet<string>, filters: Filters): FilterValue => {
  const { and, by, not, or } = filters
  const hasOne = (tags: ReadonlyArray<string>) => by("tags").containsAny(tags.length === 0 ? [noTag] : [...tags])
  switch (condition.type) {
    case "has":
      return hasOne(condition.tags)
    case "lacks":
      return not(hasOne(condition.tags))
    case "order":
      return fields.has(condition.field) ? orderOf(by(condition.field), condition) : hasOne([])
    case "all":
      return and(...condition.of.map((each) => filterOf(each, fields, filters)))
    case "some":
      return or(...condition.of.map((each) => filterOf(each, fields, filters)))
  }
}

export const placesOf = ({ from, source, to }: Places, { and, by }: Filters): FilterValue =>
  and(
    by("source_key").equal(source),
    by("place").greaterOrEqual(from),
    ...to === undefined ? [] : [by("place").lessThan(to)]
  )
