/** The messages that items are: many are read in slices, between which others are served. */
import { Effect, Result } from "effect"
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { blocksOf } from "../../kernel/messages/Message.ts"
import * as OthersFirst from "../../kernel/requests/OthersFirst.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"

const raised = (input: ReadonlyArray<Item>): Result.Result<ReadonlyArray<Message>, string> =>
  Result.mapBoth(responses.raise.request({ model: "", input }), {
    onSuccess: ({ messages }) => messages,
    onFailure: ({ detail }) => detail
  })

/** Where a slice ends: what is said of the item before stays with it. */
const endOf = (items: ReadonlyArray<Item>, start: number): number => {
  let end = start + OthersFirst.fewMessages
  while (items[end]?.["type"] === "reasoning") end++
  return end
}

/** What a model said in one go is one message, wherever it was parted. */
const isContinued = (last: Message | undefined, first: Message | undefined): boolean =>
  last?.role === "assistant" && first?.role === "assistant"

/** What is said next, behind what was said. */
export const joined = (before: ReadonlyArray<Message>, next: ReadonlyArray<Message>): ReadonlyArray<Message> => {
  const last = before.at(-1)
  const [first, ...others] = next
  if (last === undefined || first === undefined || !isContinued(last, first)) return [...before, ...next]
  return [...before.slice(0, -1), { ...last, content: [...blocksOf(last), ...blocksOf(first)] }, ...others]
}

/** A failure says what of them is not of the dialect. */
export const of = Effect.fnUntraced(function*(
  items: ReadonlyArray<Item>
): Effect.fn.Return<ReadonlyArray<Message>, string> {
  const input = ResponseItems.forVendor(items)
  if (input.length <= OthersFirst.fewMessages) return yield* Effect.fromResult(raised(input))
  const messages: Array<Message> = []
  for (let start = 0; start < input.length;) {
    const end = endOf(input, start)
    // What it says of one that can't be read names its place among all.
    const slice = yield* Effect.fromResult(Result.orElse(raised(input.slice(start, end)), () => raised(input)))
    const last = messages.at(-1)
    const [first, ...others] = slice
    if (last !== undefined && first !== undefined && isContinued(last, first)) {
      messages[messages.length - 1] = { ...last, content: [...blocksOf(last), ...blocksOf(first)] }
      for (const each of others) messages.push(each)
    } else for (const each of slice) messages.push(each)
    start = end
    yield* Effect.yieldNow
  }
  return messages
})
