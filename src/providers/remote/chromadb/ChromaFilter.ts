/** Conditions in Chroma's words. */
import type { Where } from "chromadb"
import type { Places } from "../../../apis/vector-io/ChunkStore.ts"
import type { TagCondition } from "../../../kernel/vectors/FilterTags.ts"

/** A list of one it does not take. */
const together = (operator: "$and" | "$or", of: ReadonlyArray<Where>): Where =>
  of.length === 1 ? of[0]! : { [operator]: [...of] } as Where

const noTag = "none"

export const whereOf = (condition: TagCondition): Where => {
  switch (condition.type) {
    case "has": {
      const tags = condition.tags.length === 0 ? [noTag] : condition.tags
      return together("$or", tags.map((tag) => ({ tags: { $contains: tag } })))
    }
    case "lacks":
      return together("$and", condition.tags.map((tag) => ({ tags: { $not_contains: tag } })))
    case "order":
      // It keeps fields of a record that was there before.
      return together("$and", [
        { tags: { $contains: condition.tag } },
        { [condition.field]: { [`$${condition.operator}`]: condition.value } } as Where
      ])
    case "all":
      return together("$and", condition.of.map(whereOf))
    case "some":
      return together("$or", condition.of.map(whereOf))
  }
}

export const wherePlaces = ({ from, source, to }: Places): Where =>
  together("$and", [
    { source_key: source },
    { place: { $gte: from } },
    ...to === undefined ? [] : [{ place: { $lt: to } }]
  ])
