import { assert, describe, it } from "@effect/vitest"
import { secondsOf } from "../../../src/kernel/dialects/TimeText.ts"

describe("TimeText", () => {
  it.each([
    ["2025-02-19T00:00:00Z", 1_739_923_200],
    ["2025-02-19T01:00:00.999+01:00", 1_739_923_200],
    ["", undefined],
    ["yesterday", undefined],
    [1_739_923_200, undefined],
    [null, undefined],
    [undefined, undefined]
  ])("is of %s: %s", (time, seconds) => assert.strictEqual(secondsOf(time), seconds))
})
