/** Header over flags over configuration, and nothing above the highest level. */
import { assert, describe, it } from "@effect/vitest"
import type { Level } from "../../../src/events/types/Event.ts"
import * as RequestLevel from "../../../src/kernel/requests/RequestLevel.ts"

/** Level and highest level configured, the flags of a provider, the header; then of the request, and of its calls. */
const rows: ReadonlyArray<
  readonly [
    level: Level,
    max: Level,
    flags: Level | undefined,
    header: Level | undefined,
    request: Level,
    calls: Level
  ]
> = [
  ["raw", "raw", undefined, undefined, "raw", "raw"],
  ["default", "raw", undefined, undefined, "default", "default"],
  ["default", "raw", undefined, "raw", "raw", "raw"],
  ["default", "raw", undefined, "debug", "debug", "debug"],
  ["raw", "raw", undefined, "default", "default", "default"],
  ["default", "debug", undefined, "raw", "debug", "debug"],
  ["default", "default", undefined, "raw", "default", "default"],
  ["raw", "debug", undefined, undefined, "debug", "debug"],
  ["default", "raw", "raw", undefined, "default", "raw"],
  ["raw", "raw", "default", undefined, "raw", "default"],
  ["raw", "raw", "debug", undefined, "raw", "debug"],
  ["default", "debug", "raw", undefined, "default", "debug"],
  ["default", "raw", "raw", "debug", "debug", "debug"],
  ["raw", "raw", "default", "raw", "raw", "raw"],
  ["raw", "debug", "default", "raw", "debug", "debug"]
]

describe("RequestLevel", () => {
  it.each(rows)("level %s, max_level %s, flags %s, header %s: request %s, calls %s", (...row) => {
    const [level, maxLevel, flags, header, request, calls] = row
    const providerLevels = new Map(flags === undefined ? [] : [["p", flags]])
    const found = RequestLevel.make({ level, maxLevel, providerLevels })(header)
    assert.strictEqual(found.level, request)
    assert.strictEqual(found.providerLevels.get("p") ?? found.level, calls)
  })
})
