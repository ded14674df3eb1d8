/** `logging.level` as it is written, and the level of Effect's that it means. */
import { assert, describe, it } from "@effect/vitest"
import { Exit, Schema } from "effect"
import { Logging, toLogLevel } from "../../../src/kernel/configuration/LoggingConfiguration.ts"

const decode = Schema.decodeUnknownExit(Logging)

describe("logging.level", () => {
  it.each([
    [{}, "Info"],
    [{ level: "trace" }, "Trace"],
    [{ level: "debug" }, "Debug"],
    [{ level: "info" }, "Info"],
    [{ level: "warn" }, "Warn"],
    [{ level: "error" }, "Error"],
    [{ level: "fatal" }, "Fatal"],
    [{ level: "none" }, "None"]
  ])("%o is %s", (written, level) => {
    const decoded = decode(written)
    assert.strictEqual(Exit.isSuccess(decoded) ? toLogLevel(decoded.value) : undefined, level)
  })

  it.each([{ level: "loud" }, { level: "Info" }, { level: 3 }])("%o is refused", (written) => {
    assert.isTrue(Exit.isFailure(decode(written)))
  })
})
