/** How long answers took lately: the newest counts most, and what is old is forgotten. */
import { assert, describe, it } from "@effect/vitest"
import { Latencies } from "../../../src/kernel/reliability/Latencies.ts"

describe("latencies", () => {
  it("are what was reported, and then a mean that goes along", () => {
    const latencies = new Latencies()
    assert.isUndefined(latencies.of("a", 0))
    latencies.report("a", 100, 0)
    assert.strictEqual(latencies.of("a", 1), 100)
    latencies.report("a", 200, 2)
    assert.strictEqual(latencies.of("a", 3), 130)
    assert.isUndefined(latencies.of("b", 3))
  })

  it("are forgotten after ten minutes", () => {
    const latencies = new Latencies()
    latencies.report("a", 100, 0)
    assert.strictEqual(latencies.of("a", 599_999), 100)
    assert.isUndefined(latencies.of("a", 600_000))
    latencies.report("a", 900, 700_000)
    assert.strictEqual(latencies.of("a", 700_001), 900)
  })

  it("are kept of a thousand names at most", () => {
    const latencies = new Latencies()
    for (let n = 0; n <= 1000; n++) latencies.report(`m${n}`, n, 0)
    assert.isUndefined(latencies.of("m0", 1))
    assert.strictEqual(latencies.of("m1", 1), 1)
  })
})
