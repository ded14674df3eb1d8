/** A client that sends all of a conversation with each question, as they do: each request is longer than the last. */
import { Effect } from "effect"
import type { Scope } from "effect"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import { Strata } from "./Strata.ts"

export const session = "long-conversation"

export interface Turn {
  readonly question: string
  readonly answer: string
}

/** Every turn is asked of a whole server, whose log is in the folder. */
export const hold = Effect.fnUntraced(function*(
  folder: string,
  turns: ReadonlyArray<Turn>
): Effect.fn.Return<Array<string>, never, Scope.Scope> {
  let asked = 0
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  const upstream = yield* FakeUpstream.make({
    models: ["m"],
    respond: (request) => {
      if (request.method !== "POST") return undefined
      const given = Chat.answering([turns[asked++]!.answer])(request)
      return given._tag === "Fixed" ? { ...given, body: JSON.stringify({ ...JSON.parse(given.body), usage }) } : given
    }
  })
  const strata = yield* Strata.make({
    folder,
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"] })]
  })
  const messages: Array<{ readonly role: string; readonly content: string }> = []
  const bodies: Array<string> = []
  for (const { answer, question } of turns) {
    messages.push({ role: "user", content: question })
    const body = JSON.stringify({ model: "upstream/m", messages, temperature: 0.7, user: "customer-4711" })
    bodies.push(body)
    yield* Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": session })
    messages.push({ role: "assistant", content: answer })
  }
  yield* strata.close
  return bodies
})
