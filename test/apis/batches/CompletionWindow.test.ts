import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as CompletionWindow from "../../../src/apis/batches/CompletionWindow.ts"

const isWindow = Schema.is(CompletionWindow.Schema)

describe("a completion window", () => {
  it.each([["24h", 86_400], ["7d", 604_800], ["90m", 5400], ["1s", 1]])("%s is %i seconds", (text, seconds) => {
    assert.isTrue(isWindow(text))
    assert.strictEqual(CompletionWindow.seconds(text), seconds)
  })

  it.each(["", "24", "0h", "-1h", "1.5h", "8d", "169h", "24H", "999999d"])("%j is none", (text) => {
    assert.isFalse(isWindow(text))
  })
})
