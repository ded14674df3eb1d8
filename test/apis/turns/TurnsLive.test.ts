import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as TurnWorld from "../../support/TurnWorld.ts"

const { session } = TurnWorld

describe("A turn", () => {
  it.live("calls the model, runs its tools, feeds back their results, and is verified", () =>
    Effect.gen(function*() {
      const { ask, strata, verify } = yield* TurnWorld.given()
      const { json, status } = yield* ask("call echo 1, echo 2")
      console.log(status, JSON.stringify(json, null, 1))
      for (const e of yield* strata.events({ sessionId: session, level: "default" })) console.log(e.position, e.id, e.type, e.attempt, e.payload.slice(0, 200))
      console.log(JSON.stringify(yield* verify()))
    }).pipe(Effect.scoped))
})
