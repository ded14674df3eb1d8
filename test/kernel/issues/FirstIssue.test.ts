/** One issue of many: where it lies, and in few words. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as FirstIssue from "../../../src/kernel/issues/FirstIssue.ts"

const issueOf = (schema: Schema.Codec<unknown>, value: unknown) => {
  const decoded = Schema.decodeUnknownResult(schema)(value)
  return Result.isFailure(decoded) ? FirstIssue.of(decoded.failure) : undefined
}

const inside = Schema.Struct({ a: Schema.Struct({ b: Schema.Array(Schema.Int) }) })
const request = apis.catalog.find("api:request")!.payload as Schema.Top as Schema.Codec<unknown>
const chat = { operation: "createChatCompletion", method: "POST", path: "/", params: {}, query: {} }

const rows = [
  { name: "nothing where it fits", schema: inside, value: { a: { b: [1] } }, path: undefined },
  { name: "the value itself", schema: inside, value: 5, path: "" },
  { name: "a place within", schema: inside, value: { a: { b: [1, "x"] } }, path: "a.b.1" },
  {
    name: "of a union the member that was meant",
    schema: request,
    value: { ...chat, payload: { n: [] } },
    path: "payload.n"
  }
]

describe("FirstIssue", () => {
  it.each(rows)("tells $name", ({ path, schema, value }) => {
    assert.strictEqual(issueOf(schema as Schema.Codec<unknown>, value)?.path, path)
  })

  it("is no longer than can be read", () => {
    const words = Schema.String.check(Schema.makeFilter(() => false, { expected: "x".repeat(1000) }))
    const message = issueOf(words, "y")?.message ?? ""
    assert.isAtMost(message.length, 201)
    assert.match(message, /x…$/)
  })
})
