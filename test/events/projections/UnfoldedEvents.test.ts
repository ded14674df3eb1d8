/** What waits in memory to be folded: nothing is given twice, nothing is left out, whoever folds. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { UnfoldedEvents } from "../../../src/events/projections/UnfoldedEvents.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { draft } from "../../support/EventDrafts.ts"

const count = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Step = Schema.Union([
  /** Every third event is folded. */
  Schema.Struct({ step: Schema.tag("write"), events: count(1, 9), isOwn: Schema.Boolean }),
  Schema.Struct({ step: Schema.tag("fold"), limit: count(1, 4), isOwn: Schema.Boolean, isCommitted: Schema.Boolean }),
  Schema.Struct({ step: Schema.tag("clear") })
])

const eventAt = (position: number): RecordedEvent => ({ ...draft(), stream: "s", version: position, position })
const positions = (after: number, through: number) =>
  Array.from({ length: through - after }, (_, index) => after + 1 + index).filter((position) => position % 3 === 0)

describe("UnfoldedEvents", () => {
  it.prop("gives what follows a position, or nothing", {
    steps: Schema.Array(Step).check(Schema.isMaxLength(40))
  }, ({ steps }) => {
    const unfolded = new UnfoldedEvents()
    let [head, folded] = [0, 0]
    for (const each of steps) {
      if (each.step === "clear") unfolded.clear()
      else if (each.step === "write") {
        const through = head + each.events
        if (each.isOwn) unfolded.add(positions(head, through).map(eventAt), head, through)
        head = through
      } else if (!each.isOwn) folded = Math.min(head, folded + each.limit)
      else {
        const between = unfolded.between(folded, head)
        if (between !== undefined) {
          assert.deepStrictEqual(between.map(({ position }) => position), positions(folded, head))
        }
        const slice = unfolded.take(folded, each.limit)
        if (slice === undefined) continue
        assert.isAtMost(slice.through, head)
        assert.isAtMost(slice.events.length, each.limit)
        assert.deepStrictEqual(slice.events.map(({ position }) => position), positions(folded, slice.through))
        if (each.isCommitted) folded = slice.through
      }
    }
  })

  it("keeps a bounded part of it", () => {
    const unfolded = new UnfoldedEvents()
    const large = { ...eventAt(1), payload: "x".repeat(20 * 1024 * 1024) }
    unfolded.add([large], 0, 1)
    assert.isUndefined(unfolded.take(0, 10))
    const next = eventAt(2)
    unfolded.add([next], 1, 2)
    assert.deepStrictEqual(unfolded.take(1, 10), { events: [next], through: 2 })
  })
})
