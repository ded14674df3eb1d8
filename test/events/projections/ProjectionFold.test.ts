/** Events become rows, each looked for once at most. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Projection from "../../../src/events/projections/Projection.ts"
import { ProjectionFold } from "../../../src/events/projections/ProjectionFold.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as Event from "../../../src/events/types/Event.ts"
import { draft } from "../../support/EventDrafts.ts"

const Written = Event.define("test:written", {
  durability: "state",
  description: "For tests.",
  payload: Schema.Struct({})
})

const counting = (begins?: (event: RecordedEvent) => boolean) =>
  Projection.make<number>({
    name: "counted",
    version: 1,
    description: "Events of a stream.",
    events: [Written],
    streams: () => true,
    document: Schema.Int,
    key: ({ stream }) => stream,
    evolve: (count = 0) => count + 1,
    begins
  })

const event = (version: number): RecordedEvent => ({
  ...draft({ type: Written.type }),
  stream: "s",
  version,
  position: 10 + version
})

/** What comes of the versions, and how often a row was looked for. */
const folded = (projection: Projection.Projection<number>, versions: ReadonlyArray<number>) => {
  const fold = new ProjectionFold()
  let loads = 0
  for (const version of versions) {
    fold.apply(projection, event(version), (_, tenant, key) => {
      loads++
      return { tenant, key, position: 1, document: 40 }
    })
  }
  return [fold.changes[0]?.row?.document, loads]
}

describe("ProjectionFold", () => {
  it("looks for a row once, and for none where an event begins one", () => {
    const begins = ({ version }: RecordedEvent) => version === 1
    assert.deepStrictEqual(folded(counting(), [1, 2]), [42, 1])
    assert.deepStrictEqual(folded(counting(begins), [1, 2]), [2, 0])
    assert.deepStrictEqual(folded(counting(begins), [2, 3]), [42, 1])
  })

  it("tells rows that are new from those that take the place of one, whatever happens to them meanwhile", () => {
    const begins = ({ version }: RecordedEvent) => version === 1
    const removing = (projection: Projection.Projection<number>, at: number) => ({
      ...projection,
      evolve: (count: number | undefined, event: RecordedEvent) =>
        event.version === at ? undefined : projection.evolve(count, event)
    })
    const isNew = (projection: Projection.Projection<number>, versions: ReadonlyArray<number>, stored?: number) => {
      const fold = new ProjectionFold()
      for (const version of versions) {
        fold.apply(
          projection,
          event(version),
          (_, tenant, key) => stored === undefined ? undefined : { tenant, key, position: 1, document: stored }
        )
      }
      return fold.changes.map((change) => [change.row?.document, change.isNew])
    }
    assert.deepStrictEqual(isNew(counting(), [1, 2]), [[2, true]])
    assert.deepStrictEqual(isNew(counting(), [1, 2], 40), [[42, false]])
    assert.deepStrictEqual(isNew(counting(begins), [1, 2]), [[2, true]])
    assert.deepStrictEqual(isNew(removing(counting(), 2), [1, 2, 3], 40), [[1, false]])
    assert.deepStrictEqual(isNew(removing(counting(), 2), [1, 2]), [[undefined, true]])
    assert.deepStrictEqual(isNew(removing(counting(), 2), [1, 2], 40), [[undefined, false]])
  })
})
