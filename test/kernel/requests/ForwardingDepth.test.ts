/** The header that counts the servers a request has passed. */
import { assert, describe, it } from "@effect/vitest"
import * as ForwardingDepth from "../../../src/kernel/requests/ForwardingDepth.ts"

const beyond = Number.MAX_SAFE_INTEGER

describe("Hops", () => {
  it.each([
    { text: undefined, hops: 0 },
    { text: "0", hops: 0 },
    { text: "3", hops: 3 },
    { text: "999999", hops: 999_999 },
    { text: "9999999", hops: beyond },
    { text: "-1", hops: beyond },
    { text: "1, 1", hops: beyond },
    { text: "1.5", hops: beyond },
    { text: "", hops: beyond }
  ])("reads $text as $hops", ({ hops, text }) => {
    assert.strictEqual(ForwardingDepth.read(text), hops)
  })
})
