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

/** Responses that say `held` wait, all of them, until they may go on. */
const holding = Effect.gen(function*() {
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
  const world = yield* World.given({ extensions: HookedStrata.contributed([holds]) })
  return { ...world, allWait: allWait.await, letGo: Deferred.succeed(gate, undefined) }
})

const message = (content: string, id?: string) => ({
  type: "message",
  role: "user",
  content,
  ...id === undefined ? {} : { id }
})

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))

const assertIdentical = (folder: string, sessions: ReadonlyArray<string>) =>
  Effect.forEach(
    sessions,
    (session) =>
      Effect.map(verify(folder, [session]), ([report]) =>
        assert.deepInclude(report, { divergence: undefined, skipped: [], around: [] }, session))
  )

describe("responses in one conversation at once", () => {
  it.live(
    "given some that wait with what they read while others change it, then each session verifies identical without a network",
    () =>
      Effect.gen(function*() {
        const { allWait, create, get, letGo, post, remove, strata, upstream } = yield* holding
        const conversation = idOf(yield* post("/v1/conversations", { items: [message("begin", "msg_first")] }))
        const path = `/v1/conversations/${conversation}/items`
        const held = yield* Effect.forEach(ways, (way, index) =>
          Effect.forkChild(create({ conversation, input: `held ${index}`, ...way }, `held-${index}`)))
        yield* allWait
        assert.strictEqual((yield* create({ conversation, input: "between" }, "other")).status, 200)
        assert.strictEqual((yield* post(path, { items: [message("more")] })).status, 200)
        assert.strictEqual((yield* remove(`${path}/msg_first`)).status, 200)
        assert.strictEqual((yield* create({ conversation, input: "shorter" }, "other")).status, 200)
        yield* letGo
        const answers = yield* Effect.forEach(held, (fiber) =>
          Fiber.join(fiber))
        assert.deepStrictEqual(answers.map(({ status }) => status), [200, 200, 200])
        yield* World.awaitStatus(get, String(field(answers[2]!.json, "id")), "completed")
        assert.strictEqual((yield* create({ conversation, input: "end" }, "held-0")).status, 200)

        const texts = ["held 0", "held 1", "held 2", "between", "shorter", "end"]
        assert.deepStrictEqual(texts.map((text) => sentWith(upstream, text)), [2, 2, 2, 2, 4, 12])
        yield* strata.close
        yield* assertIdentical(strata.folder, ["held-0", "held-1", "held-2", "other"])
      }).pipe(Effect.scoped),
    60_000
  )

  const changes: ReadonlyArray<readonly [what: string, why: string]> = [
    ["an item of the same id", "An item with the id"],
    ["the conversation's end", "There is no conversation"]
  ]
  it.live.each(changes)(
    "given some that wait, and %s meanwhile, then each says that it could not be added, and verifies identical",
    ([what, why]) =>
      Effect.gen(function*() {
        const { allWait, create, get, letGo, post, remove, strata } = yield* holding
        const conversation = idOf(yield* post("/v1/conversations", {}))
        const held = yield* Effect.forEach(ways, (way, index) =>
          Effect.forkChild(
            create({ conversation, input: [message(`held ${index}`, `msg_${index}`)], ...way }, `held-${index}`)
          ))
        yield* allWait
        const path = `/v1/conversations/${conversation}`
        if (what.includes("item")) {
          const items = ways.map((_, index) => message("faster", `msg_${index}`))
          assert.strictEqual((yield* post(`${path}/items`, { items })).status, 200)
        } else assert.strictEqual((yield* remove(path)).status, 200)
        yield* letGo
        const [plain, streamed, queued] = yield* Effect.forEach(held, (fiber) => Fiber.join(fiber))
        const error = field(plain!.json, "error")
        assert.strictEqual(plain!.status, 409)
        assert.deepInclude(error as object, {
          code: "conversation_changed",
          param: what.includes("item") ? "input[0].id" : "conversation"
        })
        assert.include(String(field(error, "message")), why)

        const last = World.eventsOf(streamed!).at(-1)!
        assert.strictEqual(last["type"], "response.failed")
        const inBackground = yield* World.awaitStatus(get, idOf(queued!), "failed")
        for (const response of [last["response"], inBackground.json]) {
          assert.strictEqual(field(field(response, "error"), "code"), "conversation_changed")
          assert.include(String(field(field(response, "error"), "message")), why)
          const kept = yield* get(`/v1/responses/${String(field(response, "id"))}`)
          assert.deepStrictEqual<unknown>(kept.json, response)
        }
        yield* strata.close
        yield* assertIdentical(strata.folder, ["held-0", "held-1", "held-2"])
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a response that goes on from one that is made in the background", () => {
  it.live(
    "given that is not ready, then it is refused, and goes on from all of it when it is; both verify identical",
    () =>
      Effect.gen(function*() {
        const { create, get, letGo, strata, upstream } = yield* holding
        const queued = yield* create({ input: "held", background: true }, "before")
        const next = { previous_response_id: idOf(queued), input: "next" }
        for (const way of ways) {
          const refused = yield* create({ ...next, ...way }, "next")
          assert.strictEqual(refused.status, 409, refused.text)
          assert.deepInclude(field(refused.json, "error") as object, {
            code: "previous_response_in_progress",
            param: "previous_response_id"
          })
        }
        yield* letGo
        yield* World.awaitStatus(get, idOf(queued), "completed")
        assert.strictEqual((yield* create(next, "next")).status, 200)
        assert.strictEqual(sentWith(upstream, "next"), 3)
        yield* strata.close
        yield* assertIdentical(strata.folder, ["before", "next"])
      }).pipe(Effect.scoped),
    60_000
  )
})
