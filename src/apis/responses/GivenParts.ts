/**
 * Parts of items that named a file of this server: what the file holds stands in their place, for a file may be gone when the
 * conversation goes on. Who asks what was said gets them as they were given.
 */
import { Schema } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"

type Json = Schema.JsonObject

/** Lists of parts in an item. */
export const listFields = ["content", "output"] as const

export const GivenPart = Schema.Struct({
  item: Schema.Int.annotate({ description: "Its place in the input, from 0." }),
  field: Schema.Literals(listFields),
  part: Schema.Int.annotate({ description: "Its place in the field's list, from 0." }),
  as: Schema.JsonObject.annotate({
    description: "The part as its client sent it.",
    examples: [{ type: "input_file", file_id: "file-0f3a" }]
  })
}).annotate({ identifier: "GivenPart" })
export type GivenPart = typeof GivenPart.Type

/** On the part itself: no JSON has it. */
const given: unique symbol = Symbol.for("strata/apis/responses/GivenParts/given")

/** The part that stands for another, and remembers it. */
export const standingFor = (as: Json, part: Json): Json => Object.defineProperty({ ...part }, given, { value: as })

const givenOf = (part: unknown): Json | undefined =>
  isFields(part) ? (part as { readonly [given]?: Json })[given] : undefined

const partsOf = (item: Json, field: (typeof listFields)[number]): ReadonlyArray<Schema.Json> => {
  const list = item[field]
  return Array.isArray(list) ? list as ReadonlyArray<Schema.Json> : []
}

/** Those of items, as an event has them; nothing of most. */
export const named = (items: ReadonlyArray<Json>): { readonly given?: ReadonlyArray<GivenPart> } => {
  const parts = of(items)
  return parts.length === 0 ? {} : { given: parts }
}

const of = (items: ReadonlyArray<Json>): ReadonlyArray<GivenPart> =>
  items.flatMap((each, item) =>
    listFields.flatMap((field) =>
      partsOf(each, field).flatMap((value, part) => {
        const as = givenOf(value)
        return as === undefined ? [] : [{ item, field, part, as }]
      })
    )
  )

/** The items, whose parts remember again how they were given. */
export const remembered = (items: ReadonlyArray<Json>, parts: ReadonlyArray<GivenPart>): ReadonlyArray<Json> => {
  const changed = [...items]
  for (const { as, field, item, part } of parts) {
    const each = changed[item]
    const list = each === undefined ? [] : partsOf(each, field)
    const value = list[part]
    if (each === undefined || !isFields(value)) continue
    changed[item] = { ...each, [field]: list.with(part, standingFor(as, value)) }
  }
  return changed
}

/** The items as they were given. */
export const asGiven = (items: ReadonlyArray<Json>): ReadonlyArray<Json> =>
  items.map((item) => {
    const fields = listFields.filter((field) => partsOf(item, field).some((part) => givenOf(part) !== undefined))
    return fields.length === 0 ? item : {
      ...item,
      ...Object.fromEntries(fields.map((field) => [field, partsOf(item, field).map((part) => givenOf(part) ?? part)]))
    }
  })
