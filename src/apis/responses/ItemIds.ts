/** Ids of items that were given without one: they follow from the response and the item's place in it. */
import type { Schema } from "effect"
import { textOrNull, without } from "../../events/types/JsonAccess.ts"
import { tableOf } from "../../events/types/Table.ts"

type Item = Schema.JsonObject

export const typeOf = ({ role, type }: Item): string => textOrNull(type) ?? (role === undefined ? "" : "message")

const prefixes = tableOf<string>({
  message: "msg",
  function_call: "fc",
  function_call_output: "fco",
  reasoning: "rs",
  compaction: "cmp",
  mcp_approval_response: "mcpa"
})

export const idOf = (item: Item, responseId: string, index: number): string =>
  `${prefixes[typeOf(item)] ?? "item"}_${responseId}_in${index}`

/** The items as they are stored: ids that follow from the response and the place are not said. */
export const withoutOwnIds = (items: ReadonlyArray<Item>, responseId: string): ReadonlyArray<Item> =>
  items.map((item, index) => item["id"] === idOf(item, responseId, index) ? without(item, ["id"]) as Item : item)

/** As they were. */
export const withOwnIds = (items: ReadonlyArray<Item>, responseId: string): ReadonlyArray<Item> =>
  items.map((item, index) => "id" in item ? item : { ...item, id: idOf(item, responseId, index) })
