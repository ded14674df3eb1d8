/** Conditions in Qdrant's words. */
import type { Schemas } from "@qdrant/js-client-rest"
import type { Places } from "../../../apis/vector-io/ChunkStore.ts"
import type { TagCondition } from "../../../kernel/vectors/FilterTags.ts"

export type Filter = Schemas["Filter"]

const noTag = "none"

const hasOne = (tags: ReadonlyArray<string>) => ({
  key: "tags",
  match: { any: tags.length === 0 ? [noTag] : [...tags] }
})

export const filterOf = (condition: TagCondition): Filter => {
  switch (condition.type) {
    case "has":
      return { must: [hasOne(condition.tags)] }
    case "lacks":
      return { must_not: [hasOne(condition.tags)] }
    case "order":
      return { must: [{ key: `numbers.${condition.field}`, range: { [condition.operator]: condition.value } }] }
    case "all":
      return { must: condition.of.map(filterOf) }
    case "some":
      return { should: condition.of.map(filterOf) }
  }
}

export const placesOf = ({ from, source, to }: Places): Filter => ({
  must: [
    { key: "source_key", match: { value: source } },
    { key: "place", range: { gte: from, ...to === undefined ? {} : { lt: to } } }
  ]
})
