import { assert, describe, it } from "@effect/vitest"
import { evolve, isOpen, lostAttempts } from "../../../src/kernel/work/WorkState.ts"
import type { WorkState } from "../../../src/kernel/work/WorkState.ts"
import { draft } from "../../support/EventDrafts.ts"

const ids = { work_id: "one", kind: "poem" }
const error = { type: "server_error", message: "no rhyme" }

const fold = (events: ReadonlyArray<readonly [type: string, payload: object]>): WorkState | undefined => {
  let state: WorkState | undefined
  for (const [index, [type, payload]] of events.entries()) {
    const event = { ...draft({ type, payload: JSON.stringify({ ...ids, ...payload }) }), position: index + 1 }
    state = evolve(state, { ...event, version: index + 1, stream: "poems/one" })
  }
  return state
}

const submitted = ["work:submitted", { input: { title: "Spring" }, principal: null }] as const

describe("WorkState", () => {
  it("given nothing submitted, then there is no work, whatever else stands in the stream", () => {
    assert.isUndefined(fold([["work:started", { attempt: 1, runner: "r" }], ["poem:written", {}]]))
  })

  it("given attempts, then the version of the last one is the epoch, and those that did not fail were lost", () => {
    const state = fold([
      submitted,
      ["work:started", { attempt: 1, runner: "r" }],
      ["work:started", { attempt: 2, runner: "r" }],
      ["work:retried", { attempt: 2, error, retry_at: 5 }],
      ["work:started", { attempt: 3, runner: "r" }]
    ])!
    assert.include(state, { status: "running", attempts: 3, retries: 1, epoch: 5, kind: "poem", workId: "one" })
    assert.strictEqual(lostAttempts(state), 2)
    assert.isTrue(isOpen(state))
  })

  it("given workers that were lost after they had written something, then only those since count as lost", () => {
    const started = (attempt: number) => ["work:started", { attempt, runner: "r" }] as const
    const written = ["poem:verse_written", {}] as const
    const asked = ["work:cancel_requested", {}] as const
    const lost = (...events: Parameters<typeof fold>[0]) => lostAttempts(fold([submitted, ...events])!)
    assert.strictEqual(lost(started(1), started(2), started(3)), 3)
    assert.strictEqual(lost(started(1), started(2), written, started(3)), 1)
    assert.strictEqual(lost(started(1), written, started(2), started(3)), 2)
    assert.strictEqual(lost(started(1), asked, started(2)), 2)
    assert.strictEqual(lost(written, started(1)), 1)
  })

  it("given an end, then it is not open any more", () => {
    const started = ["work:started", { attempt: 1, runner: "r" }] as const
    const finished = fold([submitted, started, ["work:finished", { attempt: 1 }]])!
    const failed = fold([submitted, started, ["work:failed", { attempt: 1, error }]])!
    const cancelled = fold([submitted, ["work:cancel_requested", {}], ["work:cancelled", { attempt: 0 }]])!
    assert.deepStrictEqual([finished, failed, cancelled].map(({ status }) => status), [
      "finished",
      "failed",
      "cancelled"
    ])
    assert.deepStrictEqual([finished, failed, cancelled].map(isOpen), [false, false, false])
    assert.deepStrictEqual(failed.error, error)
    assert.isTrue(cancelled.cancelRequested)
  })
})
