/** What a verification comes to: the worst of what applies, and never identical where nothing ran. */
import { assert, describe, it } from "@effect/vitest"
import * as Outcome from "../../../src/kernel/replay/Outcome.ts"
import type { Status } from "../../../src/kernel/sessions/SessionVerification.ts"

const clean = { requests: 2, skipped: [], divergence: undefined, around: [] }
const [one, divergence] = [{}, {}]

describe("Outcome", () => {
  const cases: ReadonlyArray<readonly [name: string, findings: Outcome.Findings, status: Status]> = [
    ["all ran and is the same", clean, "identical"],
    ["some were skipped", { ...clean, skipped: [one] }, "identical"],
    ["all were skipped", { ...clean, skipped: [one, one] }, "not_verifiable"],
    ["there were no requests", { ...clean, requests: 0 }, "not_verifiable"],
    ["something was reached around the client", { ...clean, around: [one] }, "around_the_client"],
    ["it was reached though nothing ran", { ...clean, requests: 0, around: [one] }, "around_the_client"],
    ["it diverged, and something was reached", { ...clean, divergence, around: [one] }, "diverged"]
  ]
  it.each(cases)("where %s", (_name, findings, status) => {
    assert.strictEqual(Outcome.statusOf(findings), status)
  })

  it("says why nothing was verified", () => {
    assert.isNull(Outcome.reasonOf({ ...clean, skipped: [one] }))
    assert.strictEqual(Outcome.reasonOf({ ...clean, requests: 0 }), "the session has no requests")
    assert.strictEqual(
      Outcome.reasonOf({ ...clean, skipped: [one, one] }),
      "none of its requests can be run again"
    )
  })

  it("of several sessions is that of the worst, of none not verifiable", () => {
    assert.strictEqual(Outcome.worst(["identical", "not_verifiable", "around_the_client", "diverged"]), "diverged")
    assert.strictEqual(Outcome.worst(["identical", "not_verifiable", "around_the_client"]), "around_the_client")
    assert.strictEqual(Outcome.worst(["identical", "not_verifiable"]), "not_verifiable")
    assert.strictEqual(Outcome.worst(["identical"]), "identical")
    assert.strictEqual(Outcome.worst([]), "not_verifiable")
  })
})
