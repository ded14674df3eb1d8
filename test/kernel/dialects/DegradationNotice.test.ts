/** Whoever asks in process hears what is degraded when it is recorded, and nobody else does. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as PreparedRequest from "../../../src/apis/inference/PreparedRequest.ts"
import { DegradationNotice } from "../../../src/kernel/dialects/DegradationNotice.ts"
import type { Degradation } from "../../../src/kernel/messages/ChatResponse.ts"

describe("DegradationNotice", () => {
  it.effect("is given what is degraded, where there is something", () =>
    Effect.gen(function*() {
      const degradation = { requested: "top_k 40", actual: "no top_k", reason: "there is none" }
      const changes = { provider: "p", model: "m", repairs: [] }
      const given: Array<Degradation> = []
      const record = (degradations: ReadonlyArray<Degradation>) =>
        PreparedRequest.record({ ...changes, degradations }).pipe(
          Effect.provideService(DegradationNotice, (more) => void given.push(...more))
        )
      yield* record([])
      yield* record([degradation])
      yield* PreparedRequest.record({ ...changes, degradations: [degradation] })
      assert.deepStrictEqual(given, [degradation])
    }))
})
