/** A kind of work for tests. */
import { Effect, Schema } from "effect"
import { Work } from "../../src/kernel/work/Work.ts"
import * as WorkKind from "../../src/kernel/work/WorkKind.ts"
import type { WorkReference } from "../../src/kernel/work/WorkLease.ts"
import { isOpen } from "../../src/kernel/work/WorkState.ts"

export const Poem = WorkKind.make({
  name: "poem",
  input: Schema.Struct({ title: Schema.String }),
  retries: 2,
  retryDelay: "10 millis"
})

export const streamOf = (workId: string): string => `poems/${workId}`

export const referenceOf = (workId: string, tenant = ""): WorkReference => ({
  tenant,
  workId,
  stream: streamOf(workId)
})

export const submit = (workId: string, title = "Spring") =>
  Effect.flatMap(Work, (work) => work.submit({ kind: Poem, workId, stream: streamOf(workId), input: { title } }))

/** Its state, once nothing more happens to it. */
export const ended = (reference: WorkReference) =>
  Effect.gen(function*() {
    const work = yield* Work
    while (true) {
      const state = yield* work.get(reference)
      if (state !== undefined && !isOpen(state)) return state
      yield* Effect.sleep("10 millis")
    }
  })
