/** References to items are the items: what is read for them goes by the responses they name, and not by how many there are. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ItemReferences from "../../../src/apis/responses/ItemReferences.ts"
import type { Content } from "../../../src/apis/responses/ResponseStore.ts"
import { DocumentNotFound } from "../../../src/kernel/documents/DocumentErrors.ts"

const count = 500
const of = (response: string, at: number) => `msg_${response}_in${at}`
const responses = ["resp_a", "resp_b"]

/** A store of two responses, which counts what is read, and how often the id of an item is. */
const world = () => {
  const reads: Array<string> = []
  const looks = { count: 0 }
  const itemsOf = (response: string) =>
    Array.from({ length: count }, (_, at) => ({
      type: "message",
      role: "user",
      content: `${response} ${at}`,
      get id() {
        looks.count++
        return of(response, at)
      }
    }))
  const content = (id: string) => {
    reads.push(id)
    return responses.includes(id)
      ? Effect.succeed({ created: { input: itemsOf(id) }, end: undefined } as unknown as Content)
      : Effect.fail(new DocumentNotFound({ type: "response", id }))
  }
  return { reads, looks, itemsOf, content }
}

const reference = (id: string) => ({ type: "item_reference", id })

describe("references to items", () => {
  it.effect("given references to all items of two responses, then each response is read once, and each item a few times", () =>
    Effect.gen(function*() {
      const { content, looks, reads } = world()
      const input = responses.flatMap((each) => Array.from({ length: count }, (_, at) => reference(of(each, at))))
      const items = yield* ItemReferences.resolved({ content }, input, { items: [] })
      assert.deepStrictEqual(reads, responses)
      assert.isAtMost(looks.count, 10 * input.length)
      assert.deepStrictEqual(
        items.map((item) => item["content"]),
        responses.flatMap((each) => Array.from({ length: count }, (_, at) => `${each} ${at}`))
      )
    }))

  it.effect("given references to what the conversation has, then nothing is read, and it is not said again", () =>
    Effect.gen(function*() {
      const { content, itemsOf, looks, reads } = world()
      const hello = { role: "user", content: "hello" }
      const input = [...Array.from({ length: count }, (_, at) => reference(of("resp_a", at))), hello]
      const items = yield* ItemReferences.resolved({ content }, input, { items: itemsOf("resp_a") })
      assert.deepStrictEqual(items, [hello])
      assert.deepStrictEqual(reads, [])
      assert.isAtMost(looks.count, 10 * input.length)
    }))

  it.effect("given one to what is not there, then its place is named", () =>
    Effect.gen(function*() {
      const { content } = world()
      for (const id of [of("resp_c", 0), of("resp_a", count), "msg_1", "__proto__", ""]) {
        const input = [{ role: "user", content: "hello" }, reference(id)]
        const error = yield* Effect.flip(ItemReferences.resolved({ content }, input, { items: [] }))
        assert.deepInclude(error, { _tag: "ResponseInvalid", param: "input[1].id", code: "item_not_found" })
      }
    }))
})
