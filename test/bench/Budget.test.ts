/** The budget of the benchmark: its file is one, and what is above it is named. */
import { assert, describe, it } from "@effect/vitest"
import * as Budget from "../../bench/Budget.ts"
import type { Cell } from "../../bench/Cell.ts"
import { cpuRatios, lowerQuartile } from "../../bench/Summary.ts"

const memory = { peakMegabytes: 1, idleMegabytes: 1 }
const measured = { mode: "json", connections: 100, tail: 2, isDisturbed: false, storedBytes: 1, statements: 1 } as const

const cell = (round: number, target: Cell["target"], cpuPerRequest: number): Cell => ({
  round,
  target,
  mode: "json",
  connections: 100,
  cpuPerRequest,
  requestsPerSecond: 1,
  requests: 1,
  p50: 1,
  p99: 1,
  errors: 0,
  errorReasons: {},
  firstFailure: "",
  peakMegabytes: 1,
  foreignShare: 0,
  loadShare: 0
})

describe("Budget", () => {
  it("the committed file says what a request may cost", () => {
    const { json, responses, short, sse } = Budget.read()
    const ofResponses = [responses.json, responses.sse].flatMap(({ overChat, passed }) => [passed, overChat])
    const limits = [short.json, short.sse, json.cpu["100"]!, sse.cpu["100"]!, ...ofResponses]
    for (const limit of limits) assert.isAbove(limit, 1)
  })

  it("a figure above its limit is named, with how far it is above", () => {
    const budget = Budget.read()
    const cpu = budget.json.cpu["100"]!
    assert.deepStrictEqual(Budget.exceeded(Budget.figuresOf(budget, [{ ...measured, cpu }], memory)), [])
    assert.deepStrictEqual(Budget.exceeded(Budget.figuresOf(budget, [{ ...measured, cpu: cpu * 1.5 }], memory)), [
      `json at 100: CPU to the proxy's: ${(cpu * 1.5).toFixed(2)}, the most is ${cpu} (50 % above)`
    ])
  })

  it("what was not measured exceeds nothing", () => {
    const figures = Budget.figuresOf(Budget.read(), [{ ...measured, cpu: Number.NaN }], memory)
    assert.deepStrictEqual(Budget.exceeded(figures), [])
  })

  it("latencies are not judged where others use the machine", () => {
    const late = { ...measured, connections: 10, cpu: 1, tail: 1000 }
    const of = (isDisturbed: boolean) =>
      Budget.exceeded(Budget.figuresOf(Budget.read(), [{ ...late, isDisturbed }], memory)).length
    assert.deepStrictEqual([of(false), of(true)], [1, 0])
  })

  it("a ratio is taken within a round, and rounds that were disturbed do not count", () => {
    const cells = [3, 4, 30, 50].flatMap((ratio, index) => [
      cell(index, "proxy", 100 * (index + 1)),
      cell(index, "strata", ratio * 100 * (index + 1))
    ])
    assert.deepStrictEqual(cpuRatios(cells, "json", 100), [3, 4, 30, 50])
    assert.strictEqual(lowerQuartile(cpuRatios(cells, "json", 100)), 3)
    assert.strictEqual(lowerQuartile([9, 1, 5, 7, 3]), 3)
  })

  it("what is asked of one server is compared as servers are", () => {
    const cells = [2, 3].flatMap((ratio, index) => [
      cell(index, "chat", 100 * (index + 1)),
      cell(index, "responses, passed", ratio * 100 * (index + 1))
    ])
    assert.deepStrictEqual(cpuRatios(cells, "json", 100, ["responses, passed", "chat"]), [2, 3])
    assert.deepStrictEqual(cpuRatios(cells, "json", 100), [])
  })
})
