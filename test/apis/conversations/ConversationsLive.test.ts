/** Conversations through OpenAI's own client: every endpoint, its pages and its errors. */
import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { LlamaStackClient, NotFoundError as LlamaStackNotFound } from "llama-stack-client"
import type OpenAI from "openai"
import { BadRequestError, NotFoundError } from "openai"
import { Http } from "../../support/Http.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { verify } from "../../support/verify.ts"

const served = Effect.map(Strata.make(), (strata) => ({ ...strata, client: Sdk.make(strata.url) }))

const call = <A>(make: () => PromiseLike<A>) => Effect.promise(() => Promise.resolve(make()))
const failure = <A>(make: () => PromiseLike<A>) => Sdk.failureOf(Effect.tryPromise(() => Promise.resolve(make())))

const text = (content: string) => ({ role: "user" as const, content })
const textOf = (item: OpenAI.Conversations.ConversationItem): string =>
  item.type === "message" && item.content[0]?.type === "input_text" ? item.content[0].text : ""

const collect = (items: AsyncIterable<OpenAI.Conversations.ConversationItem>) =>
  Effect.map(Effect.orDie(Stream.runCollect(Sdk.readAll(items))), (all) => all.map(textOf).join(""))

describe.each(ways)("conversations, before $way", ({ it }) => {
  it.live("given a conversation, when OpenAI's client walks its endpoints, then each gives what OpenAI's would", () =>
    Effect.gen(function*() {
      const { client } = yield* served
      const { conversations } = client
      const made = yield* call(() => conversations.create({ metadata: { topic: "demo" }, items: [text("a")] }))
      assert.match(made.id, /^conv_[0-9a-f]{48}$/)
      assert.deepInclude(made, { object: "conversation", metadata: { topic: "demo" } })
      assert.isAbove(made.created_at, 1_700_000_000)
      assert.deepStrictEqual(yield* call(() => conversations.retrieve(made.id)), made)
      const updated = yield* call(() => conversations.update(made.id, { metadata: { topic: "x" } }))
      assert.deepStrictEqual(updated, { ...made, metadata: { topic: "x" } })

      const added = yield* call(() =>
        conversations.items.create(made.id, {
          items: [
            text("b"),
            { type: "message", role: "assistant", content: [{ type: "output_text", text: "c" }] } as never,
            { type: "function_call", call_id: "call_1", name: "weather", arguments: "{}" },
            { type: "function_call_output", call_id: "call_1", output: "rain" }
          ]
        })
      )
      const [message, answer, called, result] = added.data
      assert.match(String(message?.id), /^msg_/)
      assert.deepStrictEqual(message as unknown, {
        type: "message",
        id: message?.id,
        status: "completed",
        role: "user",
        content: [{ type: "input_text", text: "b" }]
      })
      assert.deepInclude(answer, {
        content: [{ annotations: [], logprobs: [], type: "output_text", text: "c" }]
      } as never)
      assert.deepInclude(called, { status: "completed", call_id: "call_1" } as never)
      assert.match(String(result?.id), /^fco_/)
      const item = yield* call(() => conversations.items.retrieve(message!.id!, { conversation_id: made.id }))
      assert.deepStrictEqual(item, message)
      const before = yield* call(() => conversations.items.delete(message!.id!, { conversation_id: made.id }))
      assert.deepStrictEqual(before, updated)
      const gone = yield* failure(() => conversations.items.retrieve(message!.id!, { conversation_id: made.id }))
      assert.instanceOf(gone, NotFoundError)
      assert.deepInclude(gone, { code: "conversation_item_not_found" })

      const deleted = yield* call(() => conversations.delete(made.id))
      assert.deepStrictEqual(deleted, { id: made.id, object: "conversation.deleted", deleted: true })
      for (
        const ask of [
          () => conversations.retrieve(made.id),
          () => conversations.items.list(made.id),
          () => conversations.items.retrieve(answer!.id!, { conversation_id: made.id }),
          () => conversations.items.create(made.id, { items: [text("d")] }),
          () => conversations.delete(made.id)
        ]
      ) {
        const error = yield* failure<unknown>(ask)
        assert.instanceOf(error, NotFoundError)
        assert.deepInclude(error, { code: "conversation_not_found", param: "conversation_id" })
      }
    }))

  it.live("given Llama Stack's client, when it walks the endpoints, then each gives what OGX's would", () =>
    Effect.gen(function*() {
      const { url } = yield* served
      const { conversations } = new LlamaStackClient({ baseURL: url, maxRetries: 0 })
      const item = (content: string) => ({ type: "message" as const, role: "user" as const, content })
      const made = yield* call(() => conversations.create({ metadata: { a: "b" }, items: [item("one")] }))
      const { id } = made
      assert.deepInclude(made, { object: "conversation", metadata: { a: "b" } })
      assert.deepStrictEqual(yield* call(() => conversations.update(id, { metadata: { c: "d" } })), {
        ...made,
        metadata: { c: "d" }
      })
      assert.deepInclude(yield* call(() => conversations.retrieve(id)), { id, metadata: { c: "d" } } as never)
      const added = yield* call(() => conversations.items.create(id, { items: [item("two"), item("three")] }))
      assert.lengthOf(added.data, 2)
      const listed = yield* call(() => conversations.items.list(id, { order: "asc", limit: 2 }))
      assert.deepInclude(listed.data[1], { content: [{ type: "input_text", text: "two" }] } as never)
      assert.isTrue(listed.hasNextPage())
      const last = yield* call(() => listed.getNextPage())
      assert.deepInclude(last.data[0], { content: [{ type: "input_text", text: "three" }] } as never)
      const itemId = (added.data[0] as { readonly id: string }).id
      assert.deepStrictEqual<unknown>(yield* call(() => conversations.items.get(id, itemId)), added.data[0])
      yield* call(() => conversations.items.delete(id, itemId))
      assert.deepInclude(yield* call(() => conversations.delete(id)), { id, deleted: true })
      const gone = yield* Effect.flip(Effect.tryPromise(() => conversations.retrieve(id)))
      assert.instanceOf(gone.cause, LlamaStackNotFound)
    }))

  it.live("given many items, when they are paged, then each comes once, also while others come and go", () =>
    Effect.gen(function*() {
      const { client } = yield* served
      const { id } = yield* call(() => client.conversations.create({ items: [..."abcdefg"].map(text) }))
      const { items } = client.conversations
      assert.strictEqual(yield* collect(items.list(id, { limit: 2 })), "gfedcba")
      assert.strictEqual(yield* collect(items.list(id, { limit: 3, order: "asc" })), "abcdefg")
      const first = yield* call(() => items.list(id, { limit: 3, order: "asc" }))
      assert.isTrue(first.has_more)
      // The last of the page goes, and others come: the next page stands where it stood.
      yield* call(() => items.delete(first.last_id, { conversation_id: id }))
      yield* call(() => items.create(id, { items: [text("h")] }))
      assert.strictEqual(yield* collect(yield* call(() => first.getNextPage())), "defgh")
      assert.strictEqual(yield* collect(items.list(id, { order: "asc" })), "abdefgh")
      const empty = yield* call(() => client.conversations.create())
      const none = yield* call(() => items.list(empty.id))
      assert.deepStrictEqual([none.data, none.last_id, none.has_more], [[], "", false])
      const unknown = yield* failure(() => items.list(id, { after: "msg_none" }))
      assert.instanceOf(unknown, NotFoundError)
    }))

  it.live("given what can't be kept, then the error names the field, and nothing is kept", () =>
    Effect.gen(function*() {
      const { client, url } = yield* served
      const { conversations } = client
      const { id } = yield* call(() => conversations.create({ items: [{ ...text("a"), id: "msg_1" } as never] }))
      const pairs = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, "v"]))
      const refused = [
        [() => conversations.create({ metadata: { long: "x".repeat(513) } }), "metadata.long"],
        [() => conversations.create({ metadata: { ["k".repeat(65)]: "" } }), `metadata.${"k".repeat(65)}`],
        [() => conversations.create({ metadata: pairs }), "metadata.k16"],
        [() => conversations.create({ metadata: { number: 1 } as never }), "metadata.number"],
        [() => conversations.items.create(id, { items: Array.from({ length: 21 }, () => text("x")) }), "items"],
        [() => conversations.items.create(id, { items: [text("b"), { content: "x" } as never] }), "items.1.role"],
        [() => conversations.items.create(id, { items: [{ role: "user" } as never] }), "items.0.content"],
        [
          () => conversations.items.create(id, { items: [text("b"), { ...text("c"), id: "msg_1" } as never] }),
          "items.1.id"
        ],
        [() => conversations.items.create(id, { items: [{ type: "item_reference", id: "msg_1" }] }), "items.0.type"]
      ] as const
      for (const [ask, param] of refused) {
        const error = yield* failure<unknown>(ask)
        assert.instanceOf(error, BadRequestError, param)
        assert.strictEqual(error.param, param, error.message)
      }
      const { json } = yield* Http.send(url, `/v1/conversations/${id}/items`)
      assert.lengthOf((json as { readonly data: ReadonlyArray<unknown> }).data, 1)
    }))

  it.live("given items with what costs much, when nobody asks for it, then it is left out", () =>
    Effect.gen(function*() {
      const { client } = yield* served
      const reasoning = { type: "reasoning", summary: [], encrypted_content: "sealed" } as never
      const code = {
        type: "code_interpreter_call",
        code: "1",
        container_id: "c",
        outputs: [],
        id: "ci_1",
        status: "completed"
      }
      const { id } = yield* call(() => client.conversations.create({ items: [reasoning, code as never] }))
      const { items } = client.conversations
      const plain = yield* call(() => items.list(id, { order: "asc" }))
      assert.notProperty(plain.data[0], "encrypted_content")
      assert.deepInclude(plain.data[1], { outputs: null } as never)
      const include = ["reasoning.encrypted_content", "code_interpreter_call.outputs"] as Array<never>
      const whole = yield* call(() => items.list(id, { order: "asc", include }))
      assert.deepInclude(whole.data[0], { encrypted_content: "sealed" } as never)
      assert.deepInclude(whole.data[1], { outputs: [] } as never)
    }))

  it.live("given a session that makes and changes a conversation, then it opens none of its own, and verifies", () =>
    Effect.gen(function*() {
      const { client, close, folder, url } = yield* served
      const before = yield* call(() => client.conversations.create({ items: [text("a"), text("b")] }))
      const ofSession = { headers: { "x-strata-session-id": "s" } }
      const made = yield* call(() => client.conversations.create({ items: [text("c")] }, ofSession))
      for (const { id } of [before, made]) {
        const added = yield* call(() => client.conversations.items.create(id, { items: [text("d")] }, ofSession))
        yield* call(() => client.conversations.items.delete(added.data[0]!.id!, { conversation_id: id }, ofSession))
        yield* call(() => client.conversations.update(id, { metadata: { a: "b" } }, ofSession))
      }
      yield* call(() => client.conversations.delete(before.id, ofSession))
      const { json } = yield* Http.send(url, "/v1/sessions")
      assert.deepStrictEqual((json as { readonly data: ReadonlyArray<{ id: string }> }).data.map(({ id }) => id), ["s"])
      yield* close
      const [report] = yield* verify(folder, ["s"])
      assert.deepInclude(report, { requests: 8, skipped: [], divergence: undefined })
    }))
})
