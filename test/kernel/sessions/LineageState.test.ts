/** What stands at a position when forks have changed the conversation: until a turn of its own says otherwise. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import * as LineageState from "../../../src/kernel/sessions/LineageState.ts"
import { Forked, Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"

const operation = "createChatCompletion"
const said = (content: string) => ({ role: "user", content })
const turn = (requestId: string, model: string) => [
  recorded(ApiEvents.Request.base, { requestId, payload: { operation, payload: { model } } }),
  recorded(ApiEvents.Request.raw, {
    requestId,
    payload: { body: JSON.stringify({ model, messages: [said(requestId)], seed: 1 }) }
  }),
  recorded(ApiEvents.Response.base, { requestId, payload: { operation } }),
  recorded(ApiEvents.Response.raw, {
    requestId,
    payload: { body: JSON.stringify({ choices: [{ message: said(`to ${requestId}`) }] }) }
  })
]
const fork = (overrides: object) => [recorded(Started), recorded(Forked, { payload: { position: 1, ...overrides } })]
const fold = (...events: ReadonlyArray<ReturnType<typeof recorded>>) =>
  LineageState.fold(apis.dialects, "s", inOrder(events), 7)

describe("LineageState", () => {
  it("has no conversation before the first turn", () => {
    const { model, request, state } = fold(recorded(Started))
    assert.deepStrictEqual([state.messages, state.turns, state.position, model, request], [
      [],
      [],
      7,
      undefined,
      undefined
    ])
  })

  it("keeps what forks changed, one after the other", () => {
    const { model, state } = fold(
      recorded(Started),
      ...turn("a", "p/m"),
      ...fork({ messages: [said("b")], provider: "q" }),
      ...fork({ model: "n" }),
      ...fork({ provider: "r" })
    )
    assert.deepStrictEqual<unknown>(state.messages, [said("b")])
    assert.strictEqual(model, "r/n")
  })

  it("takes the conversation of the next turn for what it is", () => {
    const { model, request, state } = fold(
      recorded(Started),
      ...turn("a", "p/m"),
      ...fork({ messages: [said("b")], model: "q/n" }),
      ...turn("c", "q/n")
    )
    assert.deepStrictEqual<unknown>(state.messages, [said("c"), said("to c")])
    assert.strictEqual(model, "q/n")
    assert.deepInclude(request, { seed: 1 })
  })

  it("has no conversation where the last turn was not recorded at raw", () => {
    const { state } = fold(recorded(Started), ...turn("a", "p/m").filter(({ level }) => level !== "raw"))
    assert.strictEqual(state.messages, null)
    assert.deepStrictEqual(state.turns.map(({ status }) => status), ["not_recorded"])
  })
})
