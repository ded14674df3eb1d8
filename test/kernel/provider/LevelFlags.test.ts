/** The flags of a provider instance: what they mean, and what is wrong with them. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import type { Level } from "../../../src/events/types/Event.ts"
import * as LevelFlags from "../../../src/kernel/provider/LevelFlags.ts"

const rows: ReadonlyArray<readonly [flags: Schema.JsonObject, level: Level | undefined]> = [
  [{}, undefined],
  [{ debug: true }, "debug"],
  [{ debug: true, raw_debug: false }, "debug"],
  [{ debug: true, raw_debug: true }, "raw"],
  [{ raw_debug: true }, "raw"],
  [{ debug: false }, "default"],
  [{ raw_debug: false }, "default"],
  [{ debug: false, raw_debug: false }, "default"],
  [{ debug: "true" }, "debug"],
  [{ debug: "TRUE ", raw_debug: "false" }, "debug"],
  [{ debug: "", raw_debug: "true" }, "raw"],
  [{ debug: "", raw_debug: "" }, undefined]
]

describe("LevelFlags", () => {
  it.each(rows)("%j records at %s", (flags, level) => {
    const config = { base_url: "http://h", n: 1 }
    assert.deepStrictEqual(LevelFlags.take({ ...config, ...flags }), { config, level, issues: [] })
  })

  it.each<readonly [Schema.JsonObject, ReadonlyArray<LevelFlags.FlagIssue>]>([
    [{ debug: 1 }, [{ key: "debug", message: "expected true or false, got a number" }]],
    [{ debug: "yes", raw_debug: null }, [
      { key: "debug", message: "expected true or false, got a string" },
      { key: "raw_debug", message: "expected true or false, got nothing" }
    ]],
    [{ raw_debug: [] }, [{ key: "raw_debug", message: "expected true or false, got a list" }]],
    [{ raw_debug: {} }, [{ key: "raw_debug", message: "expected true or false, got a mapping" }]],
    [{ debug: false, raw_debug: true }, [
      {
        key: "raw_debug",
        message: "raw_debug records what debug does and more, but debug is false: remove one of them"
      }
    ]]
  ])("tells what is wrong with %j", (flags, issues) => {
    assert.deepStrictEqual(LevelFlags.take(flags).issues, issues)
  })
})
