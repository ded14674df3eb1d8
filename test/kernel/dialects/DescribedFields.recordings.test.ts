/** What the document says of requests, answers and events is true of real traffic. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result, Schema } from "effect"
import { isFields } from "../../../src/events/types/JsonAccess.ts"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import * as Messages from "../../../src/kernel/dialects/anthropic/described/Messages.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as ChatAnswers from "../../../src/kernel/dialects/chat/described/Answers.ts"
import { chatCompletionRequest } from "../../../src/kernel/dialects/chat/described/Requests.ts"
import type { Described } from "../../../src/kernel/dialects/DescribedFields.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import * as Interactions from "../../../src/kernel/dialects/interactions/described/Interactions.ts"
import { earlierInteractions, interactions } from "../../../src/kernel/dialects/interactions/InteractionsDialect.ts"
import * as ResponsesAnswers from "../../../src/kernel/dialects/responses/described/Answers.ts"
import * as ResponsesEvents from "../../../src/kernel/dialects/responses/described/Events.ts"
import * as ResponsesRequests from "../../../src/kernel/dialects/responses/described/Requests.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { SseReader } from "../../../src/kernel/dialects/sse/SseReader.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import type { Endpoint } from "../../support/Recordings.ts"
import { Recordings } from "../../support/Recordings.ts"

interface Wire {
  readonly request: Described
  readonly response: Described
  readonly event: Described
}

const wires = {
  "/v1/chat/completions": {
    request: chatCompletionRequest,
    response: ChatAnswers.chatCompletion,
    event: ChatAnswers.chatCompletionChunk
  },
  "/v1/messages": { request: Messages.messagesRequest, response: Messages.message, event: Messages.event },
  "/v1beta/interactions": {
    request: Interactions.interactionRequest,
    response: Interactions.interaction,
    event: Interactions.event
  }
} satisfies Partial<Record<Endpoint, Wire>>

const ofResponses: Wire = {
  request: ResponsesRequests.createResponse,
  response: ResponsesAnswers.response,
  event: ResponsesEvents.event
}

const holds = (described: Described, value: unknown): void => {
  const read = Schema.decodeUnknownResult(described())(value)
  if (Result.isFailure(read)) throw new Error(`${read.failure}\n${JSON.stringify(value).slice(0, 1000)}`)
}

const refuses = (described: Described, value: unknown): boolean =>
  Result.isFailure(Schema.decodeUnknownResult(described())(value))

/** The data of the frames of a stream, those of its end left out. */
const dataOf = (text: string): ReadonlyArray<unknown> => {
  const reader = new SseReader()
  return [...reader.feed(Buffer.from(text)), ...reader.end()].flatMap(({ event }) =>
    event === undefined || event.data === "" || event.data === "[DONE]" ? [] : [JSON.parse(event.data)]
  )
}

const eventsOf = (chunks: ReadonlyArray<Schema.Json>): ReadonlyArray<unknown> =>
  chunks.every(Predicate.isString) ? dataOf(chunks.map((line) => `${line}\n`).join("")) : chunks

describe.skipIf(!Recordings.available)(`what is described, and recorded traffic ${Recordings.reason}`, () => {
  for (const [endpoint, wire] of Object.entries(wires) as ReadonlyArray<[Endpoint, Wire]>) {
    const recorded = () => Recordings.load({ endpoint })
    const answers = () =>
      recorded().flatMap(({ answer }) => answer._tag === "Json" && answer.status === 200 ? [answer.body] : [])

    it(`${endpoint}: given every recorded exchange, then request, answer and events are as the document says`, () => {
      assert.isAbove(recorded().length, 5)
      let held = 0
      for (const { answer, request } of recorded()) {
        const isTaken = answer._tag === "Stream" || answer.status === 200
        if (isTaken) holds(wire.request, request)
        if (answer._tag === "Json" && answer.status === 200) holds(wire.response, answer.body)
        const events = answer._tag === "Stream" ? eventsOf(answer.chunks) : []
        for (const event of events) holds(wire.event, event)
        held += events.length
      }
      assert.isAtLeast(held, recorded().some(({ streaming }) => streaming) ? 10 : 0)
    })

    it(`${endpoint}: given an answer with a field of another type, then it is not as the document says`, () => {
      const answer = answers().find(isFields)!
      const names = ["id", "choices", "content", "outputs", "usage", "model", "role", "status"]
        .filter((name) => name in answer)
      assert.isAbove(names.length, 3)
      for (const name of names) assert.isTrue(refuses(wire.response, { ...answer, [name]: true }), name)
    })
  }

  const written: ReadonlyArray<readonly [name: string, dialect: Dialect, wire: Wire]> = [
    ["chat", chat, wires["/v1/chat/completions"]],
    ["anthropic", anthropic, wires["/v1/messages"]],
    ["responses", responses, ofResponses],
    ["interactions", interactions, wires["/v1beta/interactions"]],
    ["interactions of the earlier form", earlierInteractions, wires["/v1beta/interactions"]]
  ]

  for (const [name, dialect, wire] of written) {
    it(`${name}: given recorded chats, when Strata says them in this dialect, then they are as its document says`, () => {
      let requests = 0
      let answers = 0
      for (const { answer, request } of Recordings.load({ endpoint: "/v1/chat/completions" })) {
        const asked = Result.flatMap(chat.raise.request(request), dialect.lower.request)
        if (Result.isSuccess(asked)) {
          holds(wire.request, asked.success.body)
          requests++
        }
        if (answer._tag !== "Json" || answer.status !== 200) continue
        const given = Result.getOrThrow(chat.raise.response(answer.body, "p/m"))
        holds(wire.response, dialect.lower.response(given))
        const { add } = dialect.lower.stream()
        const text = Buffer.concat(Translation.partsOf(given).flatMap((part) => add(part))).toString()
        for (const event of dataOf(text)) holds(wire.event, event)
        answers++
      }
      assert.isAbove(requests, 100)
      assert.isAbove(answers, 30)
    })
  }
})
