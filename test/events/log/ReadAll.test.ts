/** Reading everything, over many pages. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import { drafts } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

describe("readAll", () => {
  for (const count of [0, 1, 999, 1000, 2000, 2001]) {
    it.effect(`reads ${count} events once each, in order, and nothing the filter leaves out`, () =>
      Effect.gen(function*() {
        const hub = yield* EventHub
        yield* hub.append("a", "any", drafts(count, { sessionId: "s" }))
        yield* hub.append("a", "any", drafts(3))
        const events = yield* readAll(hub, { sessionId: "s" })
        assert.deepStrictEqual(events.map(({ position }) => position), Array.from({ length: count }, (_, i) => i + 1))
      }).pipe(Effect.provide(MemoryHub.layer)))
  }
})
