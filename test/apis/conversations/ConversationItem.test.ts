import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ConversationItem from "../../../src/apis/conversations/ConversationItem.ts"

const make = (item: ConversationItem.GivenItem) => ConversationItem.make(item, "items.0")

describe("ConversationItem", () => {
  it.effect("given an assistant's text, then it is what a model said", () =>
    Effect.gen(function*() {
      const item = yield* make({ role: "assistant", content: "Hello" })
      assert.deepInclude(item, {
        type: "message",
        status: "completed",
        content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: [] }]
      })
    }))

  it.effect("given an id, then it is kept where it is a name, and where not, there is another", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* make({ type: "reasoning", id: "rs_1", summary: [] })).id, "rs_1")
      for (const id of ["", "a b", "x".repeat(129), 7, null]) {
        assert.match((yield* make({ type: "reasoning", id, summary: [] })).id, /^rs_[0-9a-f]{48}$/)
      }
      assert.match((yield* make({ type: "constructor" })).id, /^item_/)
    }))

  it.effect("given what a vendor adds, then it stays, and only what the document requires is added", () =>
    Effect.gen(function*() {
      const call = {
        type: "function_call",
        id: "fc_1",
        status: "incomplete",
        call_id: "c",
        name: "n",
        arguments: "{}",
        x: 1
      }
      assert.deepStrictEqual(yield* make(call), call)
      assert.deepStrictEqual(yield* make({ type: "reasoning", id: "rs_1", summary: [] }), {
        type: "reasoning",
        id: "rs_1",
        summary: []
      })
      const image = { role: "user", content: [{ type: "input_image", image_url: "data:,x" }] }
      assert.deepInclude(yield* make(image), {
        content: [{ type: "input_image", image_url: "data:,x", detail: "auto" }]
      })
    }))

  it("given fields that nobody asks for, then they are left out, each by its name", () => {
    const search = { type: "web_search_call", id: "ws_1", action: { type: "search", sources: [{ url: "u" }] } }
    assert.deepStrictEqual(ConversationItem.visible(search, []), {
      ...search,
      action: { type: "search" }
    })
    assert.deepStrictEqual(ConversationItem.visible(search, ["web_search_call.action.sources"]), search)
    const part = { type: "output_text", text: "a", logprobs: [{ token: "a" }] }
    const message = { type: "message", id: "msg_1", content: [part, "odd", null] }
    assert.deepStrictEqual(ConversationItem.visible(message, []), {
      ...message,
      content: [{ ...part, logprobs: [] }, "odd", null]
    })
    const files = { type: "file_search_call", id: "fs_1", results: [1] }
    assert.deepStrictEqual(ConversationItem.visible(files, []), { type: "file_search_call", id: "fs_1" })
  })
})
