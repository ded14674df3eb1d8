/** A session's turns are read off its events: what was sent, what was answered, as far as it was recorded. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import * as Conversation from "../../../src/kernel/sessions/Conversation.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"

const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 }
const user = { role: "user", content: "hi" }
const assistant = { role: "assistant", content: "ho" }

interface Given {
  readonly id?: string
  readonly operation?: string
  readonly messages?: ReadonlyArray<Schema.Json>
  readonly answer?: Schema.JsonObject
  readonly raw?: boolean
}

const operationOf = ({ operation = "createChatCompletion" }: Given) => operation

const asked = (given: Given = {}): ReadonlyArray<RecordedEvent> => {
  const { id = "r", messages = [user], raw = true } = given
  const body = JSON.stringify({ model: "p/m", temperature: 0, messages })
  const payload = { operation: operationOf(given), payload: { model: "p/m" } }
  return [
    recorded(ApiEvents.Request.base, { requestId: id, payload }),
    ...raw ? [recorded(ApiEvents.Request.raw, { requestId: id, payload: { body } })] : [],
    recorded(LlmEvents.Response.base, { requestId: id, payload: { usage, finish_reason: "stop" } })
  ]
}

const answered = (given: Given = {}): ReadonlyArray<RecordedEvent> => {
  const { id = "r", raw = true } = given
  const answer = given.answer ?? { body: JSON.stringify({ choices: [{ message: assistant, finish_reason: "stop" }] }) }
  return [
    recorded(ApiEvents.Response.base, { requestId: id, payload: { operation: operationOf(given) } }),
    ...raw ? [recorded(ApiEvents.Response.raw, { requestId: id, payload: answer })] : []
  ]
}

const turn = {
  turn: 1,
  request_id: "r",
  position: 5,
  model: "p/m",
  status: "recorded",
  messages: [user],
  answer: assistant,
  finish_reason: "stop",
  usage,
  request: { model: "p/m", temperature: 0, messages: [user] },
  path: "/v1/chat/completions",
  dialect: chat
}

const frame = (value: Schema.Json) => [1, `data: ${JSON.stringify(value)}\n\n`] as const

const rows: ReadonlyArray<{
  readonly name: string
  readonly events: ReadonlyArray<RecordedEvent>
  readonly turns: ReadonlyArray<unknown>
}> = [
  { name: "nothing", events: [], turns: [] },
  { name: "an answer in one piece", events: [...asked(), ...answered()], turns: [turn] },
  {
    name: "an answer in a stream",
    events: [
      ...asked(),
      ...answered({
        answer: {
          frames: [
            frame({ choices: [{ index: 0, delta: { content: "h" } }] }),
            frame({ choices: [{ index: 0, delta: { content: "o" }, finish_reason: "length" }] })
          ]
        }
      })
    ],
    turns: [{ ...turn, finish_reason: "length" }]
  },
  {
    name: "an answer without a choice",
    events: [...asked(), ...answered({ answer: { body: `{"choices":[]}` } })],
    turns: [{ ...turn, answer: null }]
  },
  {
    name: "a turn whose raw events are not there, and says so",
    events: [...asked({ raw: false }), ...answered({ raw: false })],
    turns: [{
      ...turn,
      position: 3,
      status: "not_recorded",
      messages: null,
      answer: null,
      request: undefined
    }]
  },
  { name: "a request that has no answer yet, which is no turn", events: [...asked()], turns: [] },
  {
    name: "an answer that is cut off before its text, which is no turn",
    events: [...asked(), ...answered().slice(0, 1)],
    turns: []
  },
  {
    name: "a request that failed, which is no turn",
    events: [...asked(), recorded(ApiEvents.Error.base, { requestId: "r" })],
    turns: []
  },
  {
    name: "requests of another kind, which are none",
    events: [...asked({ operation: "listModels" }), ...answered({ operation: "listModels" })],
    turns: []
  },
  {
    name: "requests that overlap, in the order of their answers",
    events: [...asked({ id: "a" }), ...asked({ id: "b" }), ...answered({ id: "b" }), ...answered({ id: "a" })],
    turns: [{ ...turn, request_id: "b", position: 8 }, { ...turn, turn: 2, request_id: "a", position: 10 }]
  }
]

describe("Conversation", () => {
  it.each(rows)("folds $name", ({ events, turns }) => {
    assert.deepStrictEqual<unknown>(Conversation.fold(inOrder(events), apis.dialects), turns)
  })

  it("is folded from events that exist", () => {
    assert.deepStrictEqual(Conversation.types.filter((type) => apis.catalog.find(type) === undefined), [])
  })
})
