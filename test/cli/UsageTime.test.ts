/** Times for `strata usage`: how long ago, a day, a time. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import * as UsageTime from "../../src/cli/UsageTime.ts"

describe("UsageTime", () => {
  it.effect.each(
    [
      ["90m", "2026-11-27T10:30:00.000Z"],
      ["24h", "2026-11-26T12:00:00.000Z"],
      ["7d", "2026-11-20T12:00:00.000Z"],
      ["2w", "2026-11-13T12:00:00.000Z"],
      ["0m", "2026-11-27T12:00:00.000Z"],
      ["999999w", "1970-01-01T00:00:00.000Z"],
      ["2026-11-01", "2026-11-01"],
      ["2026-11-01T08:00:00+01:00", "2026-11-01T08:00:00+01:00"]
    ] as const
  )("takes %s for %s", ([text, time]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.UTC(2026, 10, 27, 12))
      assert.deepStrictEqual(yield* UsageTime.parse(text), Option.some(time))
    }))

  it.effect.each(["", "7", "d", "7y", "-7d", "7 d", "yesterday", "2026-13-01", "2026-11-01T08:00", "27.11.2026"])(
    "takes \"%s\" for no time",
    (text) => Effect.map(UsageTime.parse(text), (time) => assert.isTrue(Option.isNone(time)))
  )
})
