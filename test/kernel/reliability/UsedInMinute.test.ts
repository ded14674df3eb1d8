/** The window slides: no minute has more than is allowed. */
import { assert, describe, it } from "@effect/vitest"
import { UsedInMinute } from "../../../src/kernel/reliability/UsedInMinute.ts"

const unlimited = Infinity

describe("requests in a minute", () => {
  it("are let go until there are as many as may be, and again when the first has left the window", () => {
    const used = new UsedInMinute({ requests: 2, tokens: unlimited })
    used.add(0, 0)
    used.add(10_000, 0)
    assert.deepStrictEqual(used.wait(20_000, 0), { reason: "requests", milliseconds: 40_000 })
    assert.isUndefined(used.wait(60_000, 0))
    used.add(60_000, 0)
    assert.deepStrictEqual(used.wait(60_000, 0), { reason: "requests", milliseconds: 10_000 })
    assert.deepStrictEqual(used.used(60_000), { requests: 2, tokens: 0 })
  })

  it("never exceed the limit in any minute, however they come", () => {
    const used = new UsedInMinute({ requests: 7, tokens: unlimited })
    const times: Array<number> = []
    let now = 0
    for (let n = 0; n < 5000; n++) {
      now += used.wait(now, 0)?.milliseconds ?? (n * 7919) % 13_000
      if (used.wait(now, 0) !== undefined) continue
      used.add(now, 0)
      times.push(now)
    }
    for (const [index, time] of times.entries()) {
      const seventh = times[index + 7]
      if (seventh !== undefined) assert.isAtLeast(seventh - time, 60_000)
    }
    assert.isAbove(times.length, 1000)
  })
})

describe("tokens in a minute", () => {
  it("wait until enough of them have left the window", () => {
    const used = new UsedInMinute({ requests: unlimited, tokens: 100 })
    used.add(0, 60)
    used.add(5000, 30)
    assert.isUndefined(used.wait(6000, 10))
    assert.deepStrictEqual(used.wait(6000, 50), { reason: "tokens", milliseconds: 54_000 })
    assert.deepStrictEqual(used.wait(6000, 90), { reason: "tokens", milliseconds: 59_000 })
  })

  it("of one call may be more than all where it is alone", () => {
    const used = new UsedInMinute({ requests: unlimited, tokens: 100 })
    assert.isUndefined(used.wait(0, 500))
    used.add(0, 500)
    assert.deepStrictEqual(used.wait(1000, 1), { reason: "tokens", milliseconds: 59_000 })
  })

  it("are corrected when the vendor has counted them", () => {
    const used = new UsedInMinute({ requests: unlimited, tokens: 100 })
    const use = used.add(0, 90)
    used.correct(use, 20, 1000)
    assert.isUndefined(used.wait(1000, 80))
    used.correct(use, 90, 70_000)
    assert.deepStrictEqual(used.used(70_000), { requests: 0, tokens: 0 })
  })
})
