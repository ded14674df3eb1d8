/** References to items in the input of a response, and the items that they stand for. */
import { Effect } from "effect"
import { textOrNull } from "../../events/types/JsonAccess.ts"
import type { ResponseError } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"
import type { Chain, ResponseStore } from "./ResponseStore.ts"
import { outputOf } from "./ResponseStore.ts"

const isReference = ({ type }: Item): boolean => type === "item_reference"

const idOf = ({ id }: Item): string => textOrNull(id) ?? ""

const byId = (items: ReadonlyArray<Item>): ReadonlyMap<string, Item> =>
  new Map(items.flatMap((item) => idOf(item) === "" ? [] : [[idOf(item), item]]))

const absent = (id: string, at: number) =>
  invalid(
    `input[${at}].id`,
    `input[${at}].id: there is no item with the id ${
      JSON.stringify(id)
    }: its response may not have been stored, or have been deleted. Send the item itself.`,
    "item_not_found"
  )

/** The input with the items in the place of the references to them; what the conversation has already is not said again. */
export const resolved = (
  store: Pick<ResponseStore, "content">,
  input: ReadonlyArray<Item>,
  before: Pick<Chain, "items">
): Effect.Effect<ReadonlyArray<Item>, ResponseError> =>
  input.some(isReference) ? read(store, input, before) : Effect.succeed(input)

const read = Effect.fnUntraced(function*(
  { content }: Pick<ResponseStore, "content">,
  input: ReadonlyArray<Item>,
  before: Pick<Chain, "items">
): Effect.fn.Return<ReadonlyArray<Item>, ResponseError> {
  const held = byId(before.items)
  // Each response is read once, however many of its items are named.
  const responses = new Map<string, ReadonlyMap<string, Item>>()
  const itemsOf = Effect.fnUntraced(function*(response: string, missing: ReturnType<typeof absent>) {
    const read = yield* Effect.catchTag(content(response), "DocumentNotFound", () => Effect.fail(missing))
    const items = byId([...read.created.input as ReadonlyArray<Item>, ...outputOf(read)])
    responses.set(response, items)
    return items
  })
  const items: Array<Item> = []
  for (const [at, given] of input.entries()) {
    const id = idOf(given)
    if (!isReference(given)) items.push(given)
    else if (!held.has(id)) {
      const missing = absent(id, at)
      const response = ResponseItems.responseOf(id)
      if (response === undefined) return yield* missing
      const item = (responses.get(response) ?? (yield* itemsOf(response, missing))).get(id)
      if (item === undefined) return yield* missing
      items.push(item)
    }
  }
  return items
})
