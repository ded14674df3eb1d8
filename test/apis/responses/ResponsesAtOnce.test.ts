/** Responses that stand in one conversation at once: each goes on from what it read, also in a verification. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Latch } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { PromptSubmitted } from "../../../src/kernel/turn/TurnEvents.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import * as HookedStrata from "../../support/HookedStrata.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { verify } from "../../support/verify.ts"

/** How many messages the model got, by the text that was asked for last. */
const sentWith = ({ received }: { readonly received: ReadonlyArray<ReceivedRequest> }, text: string): number => {
  const messages = received.map(({ body }) => listOf(field(body, "messages")))
  return messages.find((each) => JSON.stringify(each.at(-1)).includes(text))!.length
}

const ways = [{}, { stream: true }, { background: true }]

describe("responses in one conversation at once", () => {
  it.live(
    "given some that wait with what they read while others change it, then each session verifies identical without a network",
    () =>
      Effect.gen(function*() {
        const gate = yield* Deferred.make<void>()
        const allWait = yield* Latch.make()
        let waiting = 0
        // Nothing of a request is in the log yet when its hook is asked.
        const holds = {
          name: "holds",
          pattern: PromptSubmitted.type,
          handler: ({ data }: { readonly data: unknown }) =>
            Effect.gen(function*() {
              if (!JSON.stringify(data).includes("held")) return { action: "continue" } as const
              waiting += 1
              if (waiting === ways.length) yield* allWait.open
              yield* Deferred.await(gate)
              return { action: "continue" } as const
            })
        }
        const { create, get, post, remove, strata, upstream } = yield* World.given({
          extensions: HookedStrata.contributed([holds])
        })
        const message = (content: string) => ({ type: "message", role: "user", content })
        const begins = { ...message("begin"), id: "msg_first" }
        const conversation = String(field((yield* post("/v1/conversations", { items: [begins] })).json, "id"))
        const path = `/v1/conversations/${conversation}/items`
        const held = yield* Effect.forEach(ways, (way, index) =>
          Effect.forkChild(create({ conversation, input: `held ${index}`, ...way }, `held-${index}`)))
        yield* allWait.await
        assert.strictEqual((yield* create({ conversation, input: "between" }, "other")).status, 200)
        assert.strictEqual((yield* post(path, { items: [message("more")] })).status, 200)
        assert.strictEqual((yield* remove(`${path}/msg_first`)).status, 200)
        assert.strictEqual((yield* create({ conversation, input: "shorter" }, "other")).status, 200)
        yield* Deferred.succeed(gate, undefined)
        const answers = yield* Effect.forEach(held, (fiber) =>
          Fiber.join(fiber))
        assert.deepStrictEqual(answers.map(({ status }) => status), [200, 200, 200])
        yield* World.awaitStatus(get, String(field(answers[2]!.json, "id")), "completed")
        assert.strictEqual((yield* create({ conversation, input: "end" }, "held-0")).status, 200)

        const texts = ["held 0", "held 1", "held 2", "between", "shorter", "end"]
        assert.deepStrictEqual(texts.map((text) => sentWith(upstream, text)), [2, 2, 2, 2, 4, 12])
        yield* strata.close
        for (const session of ["held-0", "held-1", "held-2", "other"]) {
          const [report] = yield* verify(strata.folder, [session])
          assert.deepInclude(report, { divergence: undefined, skipped: [], around: [] }, session)
        }
      }).pipe(Effect.scoped),
    60_000
  )
})
