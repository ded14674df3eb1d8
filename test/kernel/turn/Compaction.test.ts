import { assert, describe, it } from "@effect/vitest"
import type { Message } from "../../../src/kernel/messages/Message.ts"
import { removable } from "../../../src/kernel/turn/Compaction.ts"

const user = (content: string): Message => ({ role: "user", content })
const exchange = (n: number): ReadonlyArray<Message> => [
  user(`question ${n}`),
  { role: "assistant", content: [{ type: "tool_call", id: `c${n}`, name: "echo", input: {} }] },
  { role: "tool", content: [{ type: "tool_result", tool_call_id: `c${n}`, output: "x".repeat(400) }] },
  { role: "assistant", content: "answer" }
]
const messages = [1, 2, 3].flatMap(exchange)
const others = { model: "m", messages: [] }

describe("What is left out of a conversation", () => {
  it.each([
    { name: "nothing where it fits", max_context_tokens: 1000, keep_last: 1, removed: 0 },
    { name: "the oldest exchange where that is enough", max_context_tokens: 300, keep_last: 1, removed: 4 },
    { name: "more where it is not", max_context_tokens: 200, keep_last: 1, removed: 8 },
    { name: "never the last exchange", max_context_tokens: 1, keep_last: 1, removed: 8 },
    { name: "never the last two, where they are to be kept", max_context_tokens: 1, keep_last: 2, removed: 4 },
    { name: "nothing where all are to be kept", max_context_tokens: 1, keep_last: 3, removed: 0 }
  ])("is $name", ({ removed, ...compaction }) => {
    assert.strictEqual(removable(messages, compaction, others), removed)
  })

  it("is nothing of a single exchange, however long", () => {
    assert.strictEqual(removable(exchange(1), { max_context_tokens: 1 }, others), 0)
  })
})
