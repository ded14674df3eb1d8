/** The first refusal stands, and a loss is told once. */
import { assert, describe, it } from "@effect/vitest"
import * as LoweringReport from "../../../src/kernel/dialects/LoweringReport.ts"

const loss = { requested: "a", actual: "b", reason: "c" }

describe("LoweringReport", () => {
  it("tells very many losses, each once, in linear time", () => {
    const report = LoweringReport.make("ollama")
    const begun = performance.now()
    for (const at of Array.from({ length: 300_000 }).keys()) {
      report.degrade({ ...loss, requested: `a ${at % 150_000}` })
    }
    assert.lengthOf(report.degradations, 150_000)
    assert.isBelow(performance.now() - begun, 3000)
  })

  it("tells each loss once, and why it failed first", () => {
    const report = LoweringReport.make("ollama")
    assert.isUndefined(report.failure)
    report.degrade(loss)
    report.degrade({ ...loss })
    report.degrade({ ...loss, actual: "other" })
    report.refuse("model", "first")
    report.refuse("messages", "second")
    assert.lengthOf(report.degradations, 2)
    assert.deepInclude(Object(report.failure), { dialect: "ollama", param: "model", detail: "first" })
  })
})
