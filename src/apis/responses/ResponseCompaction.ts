/** A conversation made shorter: the model says what is in it, and that is sealed in one item. */
import { Effect, Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { textOrNull } from "../../events/types/JsonAccess.ts"
import * as WireUsage from "../../kernel/dialects/responses/WireUsage.ts"
import * as OpaqueState from "../../kernel/messages/OpaqueState.ts"
import * as Compaction from "../../kernel/turn/Compaction.ts"
import type { Inference } from "../inference/Inference.ts"
import * as ItemMessages from "./ItemMessages.ts"
import * as ResponseContext from "./ResponseContext.ts"
import { invalid } from "./ResponseErrors.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"
import type { Chain } from "./ResponseStore.ts"

type Body = Schema.JsonObject

/** A request with all of its conversation in it. */
export const wholeOf = <E, E2>(
  body: Body,
  beforeOf: (previous: string | null, conversation: string | null, isRead: boolean) => Effect.Effect<Chain, E>,
  resolved: (input: ReadonlyArray<Item>, before: Chain) => Effect.Effect<ReadonlyArray<Item>, E2>
): Effect.Effect<Body, E | E2> =>
  Effect.gen(function*() {
    const before = yield* beforeOf(textOrNull(body["previous_response_id"]), ResponseContext.conversationOf(body), true)
    const input = yield* resolved(ResponseItems.given(body["input"]), before)
    const all = [...before.items, ...input]
    return {
      ...Struct.omit(body, ["previous_response_id", "conversation", "store", "background"]),
      input: ResponseItems.forVendor(all)
    }
  })

/** What the user said last stays as it is. */
const keptOf = (items: ReadonlyArray<Item>, id: string): ReadonlyArray<Item> => {
  const last = items.findLast(({ role }) => role === "user")
  return last === undefined ? [] : [ResponseItems.kept(last, id, 0)]
}

const textOf = (content: ReadonlyArray<Schema.JsonObject>): string =>
  content.flatMap((block) => block["type"] === "text" && Predicate.isString(block["text"]) ? [block["text"]] : []).join(
    "\n"
  )

export const compact = Effect.fnUntraced(function*(
  inference: Inference["Service"],
  whole: Body,
  { created_at, id }: { readonly id: string; readonly created_at: number }
) {
  const items = ResponseItems.given(whole["input"])
  const messages = yield* Effect.mapError(
    ItemMessages.of(items),
    (detail) => invalid("input", `input: ${detail}`, "unsupported_value")
  )
  const answer = yield* inference.complete(Compaction.summaryRequest(textOrNull(whole["model"]) ?? "", messages))
  const { content } = Compaction.summaryMessage(textOf(answer.content as unknown as ReadonlyArray<Schema.JsonObject>))
  const summary = Predicate.isString(content) ? content : textOf(content as unknown as ReadonlyArray<Schema.JsonObject>)
  const sealed = OpaqueState.seal({ dialect: "responses", producer_model: null, fields: { summary } })
  return {
    id,
    object: "response.compaction",
    created_at,
    output: [...keptOf(items, id), { type: "compaction", id: `cmp_${id}_0`, encrypted_content: sealed }],
    usage: WireUsage.lower(answer.usage ?? { input_tokens: 0, output_tokens: 0, total_tokens: 0 })
  } as Schema.JsonObject
})
