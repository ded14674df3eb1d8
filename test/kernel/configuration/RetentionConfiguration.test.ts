/** `recording.retention` as it is written, and what it means. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Exit, Schema } from "effect"
import { Retention, toOptions } from "../../../src/kernel/configuration/RetentionConfiguration.ts"

const decode = Schema.decodeUnknownExit(Retention)
const none = { maxAge: undefined, maxBytes: undefined }

const accepted = [
  { name: "nothing", written: {}, raw: none, debug: none, interval: 60 },
  {
    name: "an age and a size, as text of the environment too",
    written: { raw: { max_age_days: 30, max_bytes: "1000000" }, debug: { max_age_days: "7" }, interval_minutes: 5 },
    raw: { maxAge: Duration.days(30), maxBytes: 1_000_000 },
    debug: { maxAge: Duration.days(7), maxBytes: undefined },
    interval: 5
  }
]

const refused = [
  { name: "an age of no days", written: { raw: { max_age_days: 0 } } },
  { name: "half a day", written: { raw: { max_age_days: 0.5 } } },
  { name: "a size in words", written: { raw: { max_bytes: "10 GB" } } },
  { name: "no interval", written: { interval_minutes: 0 } }
]

describe("RetentionConfiguration", () => {
  it.each(accepted)("takes $name", ({ debug, interval, raw, written }) => {
    const options = toOptions(Schema.decodeSync(Retention)(written))
    assert.deepStrictEqual(options, { raw, debug, interval: Duration.minutes(interval) })
  })

  it.each(refused)("refuses $name", ({ written }) => {
    assert.isTrue(Exit.isFailure(decode(written)))
  })
})
