/** The ways in which clients hold a conversation that grows: each says what it sends for a turn, and what it needs of the answer. */
import { field } from "../../src/events/types/JsonAccess.ts"

/** A question, and what the model answers. */
export interface Turn {
  readonly question: string
  readonly answer: string
}

export interface Asked {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Yields what is asked, and is given the answer's JSON. */
export type Conversation = Generator<Asked, void, unknown>

const model = "upstream/m"

const chat = function*(turns: ReadonlyArray<Turn>): Conversation {
  const messages: Array<object> = []
  for (const { answer, question } of turns) {
    messages.push({ role: "user", content: question })
    yield { path: "/v1/chat/completions", body: { model, messages, temperature: 0.7 } }
    messages.push({ role: "assistant", content: answer })
  }
}

const responses = "/v1/responses"

const resent = function*(turns: ReadonlyArray<Turn>): Conversation {
  const input: Array<unknown> = []
  for (const { question } of turns) {
    input.push({ role: "user", content: question })
    const answer = yield { path: responses, body: { model, input } }
    input.push(...field(answer, "output") as ReadonlyArray<unknown>)
  }
}

const previous = function*(turns: ReadonlyArray<Turn>): Conversation {
  let before: unknown = null
  for (const { question } of turns) {
    const answer = yield { path: responses, body: { model, input: question, previous_response_id: before } }
    before = field(answer, "id")
  }
}

const conversation = function*(turns: ReadonlyArray<Turn>): Conversation {
  const made = field(yield { path: "/v1/conversations", body: {} }, "id")
  for (const { question } of turns) yield { path: responses, body: { model, input: question, conversation: made } }
}

const interactions = function*(turns: ReadonlyArray<Turn>): Conversation {
  let before: object = {}
  for (const { question } of turns) {
    const answer = yield { path: "/v1beta/interactions", body: { model, input: question, ...before } }
    before = { previous_interaction_id: field(answer, "id") }
  }
}

export const kinds = {
  "chat, all resent": chat,
  "responses, all resent": resent,
  "responses, previous_response_id": previous,
  "responses, conversation": conversation,
  "interactions, previous_interaction_id": interactions
} as const satisfies Readonly<Record<string, (turns: ReadonlyArray<Turn>) => Conversation>>

export type KindName = keyof typeof kinds
