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
})
