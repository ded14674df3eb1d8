/** A log with conversations of all kinds, made through a whole server, whose facts refer to each other. */
import { Context, Effect, Layer } from "effect"
import { PayloadRetention } from "../../src/events/log/PayloadRetention.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { contributed, rewrites } from "./HookedStrata.ts"
import { Http } from "./Http.ts"
import { prose } from "./Prose.ts"
import { Strata } from "./Strata.ts"

interface Message {
  readonly role: string
  readonly content: string
}

const asks = Effect.fnUntraced(function*(url: string, turns: number) {
  const text = prose(7)
  const conversations = new Map<string, Array<Message>>()

  /** The client sends all of the conversation. `other`: one that goes on beside it in the same session. */
  const say = (session: string, given: { readonly more?: Record<string, unknown>; readonly other?: string } = {}) => {
    const key = `${session} ${given.other ?? ""}`
    const messages = conversations.get(key) ?? []
    conversations.set(key, messages)
    messages.push({ role: "user", content: `${text(180)} 漢字 😀 "$&" \\ 555-1234` })
    const body = { model: "upstream/m", ...given.more, messages, temperature: 0.5 }
    const sent = Http.post(url, "/v1/chat/completions", JSON.stringify(body), { "x-strata-session-id": session })
    return Effect.tap(sent, () => Effect.sync(() => messages.push({ role: "assistant", content: text(120) })))
  }

  for (let turn = 0; turn < turns; turn++) yield* say("long")
  for (let turn = 0; turn < 8; turn++) yield* say("streams", { more: { stream: true } })
  for (let turn = 0; turn < 6; turn++) {
    yield* say("beside")
    yield* say("beside", { other: "another" })
  }
  for (let turn = 0; turn < 6; turn++) {
    yield* say("edited", { more: turn % 2 === 0 ? {} : { seed: turn } })
    // The client forgets what was first.
    if (turn === 3) conversations.get("edited ")!.splice(0, 2)
  }
  for (let turn = 0; turn < 5; turn++) {
    yield* say("retried")
    conversations.get("retried ")!.pop()
    if (turn % 2 === 0) conversations.get("retried ")!.pop()
  }
})

/** Writes the log into the folder: with hooks, which end a fact at each call, and without. The oldest turns are gone. */
export const make = Effect.fnUntraced(function*(folder: string) {
  const upstream = yield* FakeUpstream.make({
    models: ["m"],
    respond: Chat.answering(["Hello", "漢字 😀", "$& \\ \""])
  })
  const providers = [Strata.openAi(upstream, { models: ["m"] })]
  const hooks = contributed([rewrites("llm:request", "555-1234", "a number")])
  for (const { extensions, turns } of [{ turns: 42 }, { turns: 9, extensions: hooks }]) {
    const strata = yield* Strata.make({
      folder,
      level: "raw",
      providers,
      ...extensions === undefined ? {} : { extensions }
    })
    yield* asks(strata.url, turns)
    yield* strata.close
  }
  const retention = Context.get(yield* Layer.build(SqliteStore.layer({ folder, access: "write" })), PayloadRetention)
  const options = { before: Number.MAX_SAFE_INTEGER, now: 1_800_000_000_000 }
  yield* retention.prune({ ...options, level: "raw", limit: 40 })
  yield* retention.prune({ ...options, level: "debug", limit: 60 })
}, Effect.scoped)
