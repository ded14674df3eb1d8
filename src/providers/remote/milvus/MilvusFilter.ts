/** Conditions as Milvus's expressions: all that stands in them are digests, numbers and hexadecimal digits. */
import { Predicate } from "effect"
import type { Places } from "../../../apis/vector-io/ChunkStore.ts"
import type { TagCondition } from "../../../kernel/vectors/FilterTags.ts"

const operators = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const

/** In the order of the texts, and without a character that means something. */
export const ordered = (text: string): string => Buffer.from(text).toString("hex")

const noTag = "none"

const hasOne = (tags: ReadonlyArray<string>): string =>
  `array_contains_any(tags, ${JSON.stringify(tags.length === 0 ? [noTag] : tags)})`

export const expressionOf = (condition: TagCondition): string => {
  switch (condition.type) {
    case "has":
      return hasOne(condition.tags)
    case "lacks":
      return `not (${hasOne(condition.tags)})`
    case "order": {
      const { field, operator, value } = condition
      return `orders["${field}"] ${operators[operator]} ${Predicate.isNumber(value) ? value : `"${ordered(value)}"`}`
    }
    case "all":
    case "some":
      return `(${condition.of.map(expressionOf).join(condition.type === "all" ? " and " : " or ")})`
  }
}

export const placesOf = ({ from, source, to }: Places): string =>
  `source_key == "${source}" and place >= ${from}${to === undefined ? "" : ` and place < ${to}`}`
