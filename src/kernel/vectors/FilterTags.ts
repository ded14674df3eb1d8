/**
 * Attributes as tags, and filters as conditions on tags, for products whose own filters know fewer kinds of values.
 *
 * A tag is a digest of an attribute's name and value: the text `2024` and the number have different ones, and nothing that
 * a client says stands in a product's query. What has an order is kept besides in a field of its own.
 */
import { Predicate } from "effect"
import { createHash } from "node:crypto"
import type { AttributeFilter, Attributes, ComparisonFilter, Scalar } from "./AttributeFilter.ts"
import { isCompound } from "./AttributeFilter.ts"

/** Letters and digits, of any text. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32)

const tagOf = (key: string, value: Scalar): string => digestOf(JSON.stringify([key, value]))

/** Says that an attribute is there, and of this kind. */
const kindTagOf = (key: string, kind: "number" | "text"): string => digestOf(JSON.stringify([key, null, kind]))

const fieldOf = (key: string, kind: "number" | "text"): string => `${kind}_${digestOf(key)}`

export interface Tagged {
  /** Never empty: some products keep no list without a value. */
  readonly tags: ReadonlyArray<string>
  readonly numbers: Readonly<Record<string, number>>
  readonly texts: Readonly<Record<string, string>>
}

/** Of every chunk. */
const everyChunk = "any"

export const taggedOf = (attributes: Attributes): Tagged => {
  const entries = Object.entries(attributes)
  const numbers = entries.flatMap(([key, value]) => Predicate.isNumber(value) ? [[key, value] as const] : [])
  const texts = entries.flatMap(([key, value]) => Predicate.isString(value) ? [[key, value] as const] : [])
  return {
    tags: [
      everyChunk,
      ...entries.map(([key, value]) => tagOf(key, value)),
      ...numbers.map(([key]) => kindTagOf(key, "number")),
      ...texts.map(([key]) => kindTagOf(key, "text"))
    ],
    numbers: Object.fromEntries(numbers.map(([key, value]) => [fieldOf(key, "number"), value])),
    texts: Object.fromEntries(texts.map(([key, value]) => [fieldOf(key, "text"), value.toWellFormed()]))
  }
}

export type Operator = "gt" | "gte" | "lt" | "lte"

export type TagCondition =
  /** One of the tags at least. */
  | { readonly type: "has"; readonly tags: ReadonlyArray<string> }
  /** None of the tags. */
  | { readonly type: "lacks"; readonly tags: ReadonlyArray<string> }
  /** `tag`: the field may be left over of another value where it is not there. */
  | {
    readonly type: "order"
    readonly field: string
    readonly operator: Operator
    readonly value: number | string
    readonly tag: string
  }
  | { readonly type: "all" | "some"; readonly of: ReadonlyArray<TagCondition> }

export type OrderCondition = Extract<TagCondition, { readonly type: "order" }>

const comparison = ({ key, type, value }: ComparisonFilter): TagCondition => {
  const values = Array.isArray(value) ? value as ReadonlyArray<Scalar> : [value as Scalar]
  const tags = values.map((each) => tagOf(key, each))
  switch (type) {
    case "eq":
    case "in":
      return { type: "has", tags }
    case "ne":
    case "nin":
      return { type: "lacks", tags }
    default: {
      const [first] = values
      const kind = Predicate.isNumber(first) ? "number" : "text"
      const compared = Predicate.isNumber(first) ? first : String(first).toWellFormed()
      return { type: "order", field: fieldOf(key, kind), operator: type, value: compared, tag: kindTagOf(key, kind) }
    }
  }
}

export const conditionOf = (filter: AttributeFilter): TagCondition =>
  isCompound(filter)
    ? { type: filter.type === "and" ? "all" : "some", of: filter.filters.map(conditionOf) }
    : comparison(filter)

/** Without lists of none and of one, which few products take; undefined: it holds of everything. */
export const simplified = (condition: TagCondition): TagCondition | undefined => {
  if (condition.type === "lacks") return condition.tags.length === 0 ? undefined : condition
  if (condition.type === "has" || condition.type === "order") return condition
  const inner = condition.of.map(simplified)
  if (condition.type === "some" && inner.includes(undefined)) return undefined
  const of = inner.flatMap((each) => each === undefined ? [] : [each])
  if (of.length === 1) return of[0]
  return of.length === 0 ? undefined : { type: condition.type, of }
}

/** Whether it asks for an order of texts. */
export const ordersTexts = (condition: TagCondition): boolean =>
  condition.type === "order" ? Predicate.isString(condition.value) : "of" in condition && condition.of.some(ordersTexts)

/** The fields whose order is asked. */
export const orderedFields = (condition: TagCondition): ReadonlyArray<string> =>
  condition.type === "order" ? [condition.field] : "of" in condition ? condition.of.flatMap(orderedFields) : []
