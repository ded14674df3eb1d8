/** Conditions on attributes, as OpenAI's dialect writes them. What each means is what `matches` says, in every index. */
import { Predicate, Schema } from "effect"
import * as BodyLimits from "../http/BodyLimits.ts"

const maxDepth = 10
const maxConditions = 256
const maxValues = 1000

const comparisons = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"] as const

const Scalar = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
export type Scalar = typeof Scalar.Type

export const ComparisonFilter = Schema.Struct({
  type: Schema.Literals(comparisons).annotate({
    description: "eq, ne: the same or not; gt, gte, lt, lte: of numbers, or of texts by their characters; in, nin: " +
      "one of a list, or none.",
    examples: ["eq"]
  }),
  key: Schema.NonEmptyString.annotate({ description: "The attribute.", examples: ["year"] }),
  value: Schema.Union([Scalar, Schema.Array(Scalar)]).annotate({
    description: "What it is compared with: a text, a number, true or false; for in and nin a list of these.",
    examples: [2024]
  })
}).annotate({ identifier: "ComparisonFilter", description: "A condition on one attribute." })
export type ComparisonFilter = typeof ComparisonFilter.Type

export interface CompoundFilter {
  readonly type: "and" | "or"
  readonly filters: ReadonlyArray<AttributeFilter>
}
export type AttributeFilter = ComparisonFilter | CompoundFilter

export const CompoundFilter = Schema.Struct({
  type: Schema.Literals(["and", "or"]).annotate({ description: "All of them, or one at least.", examples: ["and"] }),
  filters: Schema.Array(Schema.suspend((): Schema.Codec<AttributeFilter> => AttributeFilter)).annotate({
    description: "Conditions, or conditions of conditions.",
    examples: [[{ type: "gte", key: "year", value: 2024 }]]
  })
}).annotate({ identifier: "CompoundFilter", description: "Several conditions." })

const tooMany = `at most ${maxConditions} conditions are taken`

/** Of a filter as it was sent, whose conditions nobody has looked at. */
const hasTooMany = (sent: unknown): boolean => {
  const open = [sent]
  for (let conditions = 0; open.length > 0;) {
    const each = open.pop()
    if (++conditions > maxConditions) return true
    if (!Predicate.hasProperty(each, "filters") || !Array.isArray(each.filters)) continue
    if (each.filters.length > maxConditions) return true
    open.push(...each.filters)
  }
  return false
}

export const AttributeFilter: Schema.Codec<AttributeFilter> = Schema.Union([ComparisonFilter, CompoundFilter]).annotate(
  {
    identifier: "AttributeFilter",
    description: `Which attributes are wanted: at most ${maxConditions} conditions on ${maxDepth} levels.`
  }
).pipe(BodyLimits.annotate((sent) => hasTooMany(sent) ? tooMany : undefined))

/** A scalar, or nothing: the attributes of a chunk. */
export type Attributes = Readonly<Record<string, Scalar>>

const isList = (value: ComparisonFilter["value"]): value is ReadonlyArray<Scalar> => Array.isArray(value)

export const isCompound = (filter: AttributeFilter): filter is CompoundFilter =>
  filter.type === "and" || filter.type === "or"

const problemInComparison = ({ type, value }: ComparisonFilter, path: string): string | undefined => {
  const listed = type === "in" || type === "nin"
  if (listed && !isList(value)) return `${path}.value: ${type} takes a list of values`
  if (!listed && isList(value)) return `${path}.value: ${type} takes one value; in and nin take a list`
  return !listed && type !== "eq" && type !== "ne" && Predicate.isBoolean(value)
    ? `${path}.value: ${type} compares numbers or texts, and not true or false`
    : undefined
}

/** What is wrong with a filter, with the place; undefined: nothing. */
export const problem = (filter: AttributeFilter): string | undefined => {
  let conditions = 0
  let values = 0
  const check = (each: AttributeFilter, path: string, depth: number): string | undefined => {
    if (++conditions > maxConditions) return `filters: ${tooMany}`
    if (!isCompound(each)) {
      if (isList(each.value) && (values += each.value.length) > maxValues) {
        return `${path}.value: at most ${maxValues} values are compared, in all lists together`
      }
      return problemInComparison(each, path)
    }
    if (depth > maxDepth) return `${path}: at most ${maxDepth} levels are taken`
    if (each.filters.length === 0) return `${path}.filters: name one condition at least`
    for (const [at, inner] of each.filters.entries()) {
      const wrong = check(inner, `${path}.filters[${at}]`, depth + 1)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
  return check(filter, "filters", 1)
}

/** Texts in the order of their code points, as databases keep them. */
const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Below 0, 0 or above; undefined: they are of different kinds, and no order is theirs. */
const order = (actual: Scalar | undefined, value: Scalar): number | undefined => {
  if (Predicate.isNumber(actual) && Predicate.isNumber(value)) return actual - value
  return Predicate.isString(actual) && Predicate.isString(value) ? byCodePoints(actual, value) : undefined
}

const compares = (actual: Scalar | undefined, { type, value }: ComparisonFilter): boolean => {
  if (isList(value)) return value.includes(actual as Scalar) === (type === "in")
  const compared = order(actual, value)
  switch (type) {
    case "eq":
      return actual === value
    case "gt":
      return compared !== undefined && compared > 0
    case "gte":
      return compared !== undefined && compared >= 0
    case "lt":
      return compared !== undefined && compared < 0
    case "lte":
      return compared !== undefined && compared <= 0
    default:
      return actual !== value
  }
}

/** An attribute that is not there is equal to nothing: `ne` and `nin` hold of it, and nothing else does. */
export const matches = (filter: AttributeFilter, attributes: Attributes): boolean => {
  if (!isCompound(filter)) {
    return compares(Object.hasOwn(attributes, filter.key) ? attributes[filter.key] : undefined, filter)
  }
  return filter.type === "and"
    ? filter.filters.every((each) => matches(each, attributes))
    : filter.filters.some((each) => matches(each, attributes))
}
