/** A session of ten turns as an agent makes it: real recorded answers, plain and streamed, with tools and without. */
import { Context, Effect, Layer } from "effect"
import type { Schema } from "effect"
import * as StreamedMessage from "../../src/kernel/dialects/chat/StreamedMessage.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { RecordedAnswer } from "./Recordings.ts"
import { Recordings } from "./Recordings.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Sdk } from "./Sdk.ts"
import { Strata } from "./Strata.ts"

export const session = "ten-turns"
export const turnCount = 10

export type Message = Schema.JsonObject

export interface SentTurn {
  readonly requestId: string
  readonly messages: ReadonlyArray<Message>
  readonly answer: Message
}

type Answer = Extract<RecordedAnswer, { readonly _tag: "Json" | "Stream" }>

const completion = (message: Message, finish_reason: string): Answer => ({
  _tag: "Json",
  status: 200,
  body: { id: "1", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message, finish_reason }] }
})

const call = { id: "call-1", type: "function", function: { name: "weather", arguments: "{}" } }

/** What stands in where there are no recordings. */
const written: ReadonlyArray<Answer> = Array.from({ length: turnCount }, (_, index) =>
  index % 3 === 1
    ? completion({ role: "assistant", content: null, tool_calls: [{ ...call, id: `call-${index}` }] }, "tool_calls")
    : index % 3 === 2
    ? {
      _tag: "Stream",
      status: 200,
      chunks: ["Blue", " whale"].map((content) => ({ id: "1", choices: [{ index: 0, delta: { content } }] }))
    }
    : completion({ role: "assistant", content: `Answer ${index}` }, "stop"))

export const messageOf = (answer: Answer): Message => {
  if (answer._tag === "Stream") {
    const text = answer.chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")
    return StreamedMessage.assemble(text)?.message ?? {}
  }
  const [choice] = (answer.body as { readonly choices: ReadonlyArray<{ readonly message: Message }> }).choices
  return choice?.message ?? {}
}

export const callsOf = (message: Message): ReadonlyArray<{ readonly id: string }> =>
  Array.isArray(message["tool_calls"]) ? message["tool_calls"] as unknown as ReadonlyArray<{ id: string }> : []

const hasCalls = (answer: Answer): boolean => callsOf(messageOf(answer)).length > 0

/** Turn by turn: a plain answer, one with tool calls, a stream, a stream with tool calls, if there are such. */
const pick = (): ReadonlyArray<Answer> => {
  const answers = Recordings.load({ vendors: ["openai"], endpoint: "/v1/chat/completions" })
    .map(({ answer }) => answer)
    .filter((answer): answer is Answer => answer._tag !== "Error")
  const kinds = [false, true].flatMap((calls) =>
    ["Json", "Stream"].map((tag) => answers.filter((each) => each._tag === tag && hasCalls(each) === calls))
  ).filter((kind) => kind.length > 0)
  if (kinds.length === 0) return written
  return Array.from({ length: turnCount }, (_, index) => {
    const kind = kinds[index % kinds.length]!
    return kind[Math.floor(index / kinds.length) % kind.length]!
  })
}

/** What an agent says next: the results of the tools that were asked for, or another question. */
const reply = (answer: Message, turn: number): ReadonlyArray<Message> => {
  const calls = callsOf(answer)
  return calls.length === 0
    ? [{ role: "user", content: `Question ${turn + 1}` }]
    : calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: `Result of turn ${turn}` }))
}

const parameters = {
  temperature: 0.5,
  tools: [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }]
}

const make = Effect.gen(function*() {
  const answers = pick()
  let sent = 0
  const upstream = yield* FakeUpstream.make({
    respond: ({ method }) => {
      if (method !== "POST") return undefined
      const answer = answers[sent++ % answers.length]!
      return answer._tag === "Json"
        ? ScriptedAnswer.json(answer.status, answer.body)
        : ScriptedAnswer.events(answer.chunks, { status: answer.status })
    }
  })
  const strata = yield* Strata.make({
    providers: [Strata.openAi(upstream, { models: ["m", "n"] }), Strata.openAi(upstream, { models: ["m"] }, "other")]
  })
  const client = Sdk.make(strata.url)
  const turns: Array<SentTurn> = []
  const messages: Array<Message> = [{ role: "system", content: "Be brief." }, ...reply({}, 0)]
  for (const [index, recorded] of answers.entries()) {
    const request = {
      model: "upstream/m",
      ...parameters,
      messages: [...messages],
      ...recorded._tag === "Stream" ? { stream: true } : {}
    }
    const asked = yield* Sdk.ask(client, request, { "x-strata-session-id": session })
    const answer = messageOf(asked.answer as Answer)
    turns.push({ requestId: asked.headers.get("x-request-id") ?? "", messages: request.messages, answer })
    messages.push(answer, ...reply(answer, index + 1))
  }
  return { strata, upstream, client, turns, parameters }
})

export class TenTurns extends Context.Service<TenTurns, Effect.Success<typeof make>>()(
  "strata/test/support/TenTurns"
) {
  static readonly layer: Layer.Layer<TenTurns> = Layer.effect(TenTurns, make)
}
