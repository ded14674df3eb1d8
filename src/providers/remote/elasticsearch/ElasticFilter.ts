/** Conditions as Elasticsearch's queries. */
import type { estypes } from "@elastic/elasticsearch"
import type { Places } from "../../../apis/vector-io/ChunkStore.ts"
import type { TagCondition } from "../../../kernel/vectors/FilterTags.ts"

export type Query = estypes.QueryDslQueryContainer

export const queryOf = (condition: TagCondition): Query => {
  switch (condition.type) {
    case "has":
      return { terms: { tags: [...condition.tags] } }
    case "lacks":
      return { bool: { must_not: [{ terms: { tags: [...condition.tags] } }] } }
    case "order":
      return { range: { [condition.field]: { [condition.operator]: condition.value } } }
    case "all":
      return { bool: { filter: condition.of.map(queryOf) } }
    case "some":
      return { bool: { should: condition.of.map(queryOf), minimum_should_match: 1 } }
  }
}

export const placesOf = ({ from, source, to }: Places): Query => ({
  bool: {
    filter: [
      { term: { source_key: source } },
      { range: { place: { gte: from, ...to === undefined ? {} : { lt: to } } } }
    ]
  }
})
