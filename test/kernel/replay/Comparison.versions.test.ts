/** A field that a version added is compared where the recording has it. */
import { assert, describe, it } from "vitest"
import { apis } from "../../../src/apis/Apis.ts"
import { compare } from "../../../src/kernel/replay/Comparison.ts"
import * as TurnEvents from "../../../src/kernel/turn/TurnEvents.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const turn = (payload: object) =>
  recorded(TurnEvents.Started, { position: 6, payload: { turn: "t", messages: [], settings: null, ...payload } })

const compared = (one: object, other: object) => compare([turn(one)], [turn(other)], apis.catalog.find)

describe("a field that a version added", () => {
  it("given the recording is of an earlier one, then it is identical", () => {
    assert.isUndefined(compared({}, { from: { turn: null } }))
  })

  it.each([
    ["says something else", { from: "session" }, { from: { turn: null } }, "from"],
    ["is not in the replay", { from: "session" }, {}, "from"],
    ["is not declared as added", {}, { calls: { a: "b" } }, "calls"]
  ])("given it %s, then that is the divergence", (_, one, other, path) => {
    assert.deepInclude(compared(one, other), { type: "turn:start", position: 6, path })
  })
})
