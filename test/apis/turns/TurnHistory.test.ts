import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as TurnHistory from "../../../src/apis/turns/TurnHistory.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { VersionConflict } from "../../../src/events/log/EventLog.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import * as SessionEvents from "../../../src/kernel/sessions/SessionEvents.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const begun = Effect.gen(function*() {
  const hub = yield* EventHub
  const first = yield* Draft.make(SessionEvents.Started, { session_id: "s", opened_by: "client" })
  yield* hub.append(streamOf("s"), "none", [{ ...first, sessionId: "s" }])
})

describe("what follows from a session's turns", () => {
  it.effect.each([0, 1, 99])(
    "given others were faster %d times, then it is decided again, as of what they wrote",
    (count) =>
      Effect.gen(function*() {
        yield* begun
        const versions: Array<number> = []
        const outcome = yield* TurnHistory.decided("s", ({ version }) => {
          versions.push(version)
          return versions.length > count
            ? Effect.succeed("decided")
            : Effect.succeed(new VersionConflict({ stream: "s", expected: version, actual: version + 1 }))
        })
        assert.strictEqual(outcome, "decided")
        assert.deepStrictEqual(versions, Array.from({ length: count + 1 }, (_, index) => index + 1))
      }).pipe(Effect.provide(MemoryHub.layer))
  )

  it.effect("given others write without a pause, then it fails, and says what to do", () =>
    Effect.gen(function*() {
      yield* begun
      const failure = yield* Effect.flip(TurnHistory.decided("s", ({ version }) =>
        Effect.succeed(new VersionConflict({ stream: "s", expected: version, actual: version + 1 }))))
      assert.deepInclude(failure, { _tag: "TurnConflict", code: "session_busy" })
      assert.match(failure.message, /session s .*Try again/)
    }).pipe(Effect.provide(MemoryHub.layer)))
})
