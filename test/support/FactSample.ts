/** A log with facts of all kinds, made through a whole server: what is stored in one format reads the same for ever. */
import { Context, Effect, Layer } from "effect"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { PayloadRetention } from "../../src/events/log/PayloadRetention.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { contributed, rewrites, says } from "./HookedStrata.ts"
import { Http } from "./Http.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Strata } from "./Strata.ts"

const call = { id: "call-1", type: "function", function: { name: "weather", arguments: "{\"city\":\"漢字\"}" } }

const answering = Chat.answering(["Hello", "漢字 😀", "$& \\ \""])

/** What the vendor does follows from what it is asked. */
const respond = (request: ReceivedRequest): ScriptedAnswer => {
  const { bodyText } = request
  if (bodyText.includes("fail")) return ScriptedAnswer.error(429, "slow down", "rate_limit", "rate_limit_error")
  if (bodyText.includes("torn")) return ScriptedAnswer.events([{ a: 1 }, { a: 2 }], { destroyAfter: 1 })
  if (bodyText.includes("bytes")) return { _tag: "Fixed", status: 200, headers: {}, body: "no JSON \u0000" }
  if (bodyText.includes("hold")) return ScriptedAnswer.events([{ choices: [] }], { hold: true })
  if (bodyText.includes("weather") && !bodyText.includes("\"tool\"")) {
    const message = { role: "assistant", content: null, tool_calls: [call] }
    return ScriptedAnswer.json(200, {
      id: "1",
      model: "m",
      choices: [{ index: 0, message, finish_reason: "tool_calls" }]
    })
  }
  return answering(request)
}

const hooks = contributed([
  rewrites("llm:request", "555-1234", "a number"),
  says("api:request", { action: "deny", reason: "not that" }, {
    handler: ({ data }) =>
      Effect.succeed(
        JSON.stringify(data).includes("forbidden") ? { action: "deny", reason: "not that" } : { action: "continue" }
      )
  })
])

const chat = (url: string, session: string, content: string, more: Record<string, unknown> = {}) =>
  Http.post(url, "/v1/chat/completions", { model: "upstream/m", messages: [{ role: "user", content }], ...more }, {
    "x-strata-session-id": session
  })

/** Asked at each level. */
const asks = Effect.fnUntraced(function*(url: string, level: string) {
  yield* Chat.ask(url, { content: `no session at ${level}` })
  yield* chat(url, "plain", `Hello at ${level}`)
  yield* chat(url, "plain", "and now as a stream", { stream: true })
  yield* chat(url, "tools", "what is the weather?")
  const asked = [{ role: "user", content: "weather" }, { role: "assistant", tool_calls: [call] }]
  const messages = [...asked, { role: "tool", tool_call_id: "call-1", content: "rain" }]
  yield* chat(url, "tools", "again", { messages })
  yield* chat(url, "errors", "fail")
  yield* chat(url, "errors", "bytes")
  yield* chat(url, "errors", "x", { model: "nobody/m" })
  yield* Http.post(url, "/v1/chat/completions", "{ no JSON", { "x-strata-session-id": "errors" })
  yield* Effect.ignoreCause(chat(url, "errors", "torn", { stream: true }))
  yield* chat(url, "hooks", "My number is 555-1234.")
  yield* chat(url, "hooks", "what is forbidden")
  yield* chat(url, "levels", "at another level", { model: "other/m" })
  yield* chat(url, "long", `long ${"and the same words again ".repeat(900)}`)
  yield* Http.readUntil(
    url,
    "/v1/chat/completions",
    Chat.post({ content: "hold", stream: true, session: "left" }),
    (text) => text.includes("data:")
  )
})

/** The oldest payloads go, of each level other ones. */
const prune = (folder: string) =>
  Effect.gen(function*() {
    const retention = Context.get(yield* Layer.build(SqliteStore.layer({ folder, access: "write" })), PayloadRetention)
    const options = { before: Number.MAX_SAFE_INTEGER, now: 1_800_000_000_000 }
    yield* retention.prune({ ...options, level: "debug", limit: 20 })
    yield* retention.prune({ ...options, level: "raw", limit: 12 })
  }).pipe(Effect.scoped)

/** Writes the log into the folder. */
export const make = Effect.fnUntraced(function*(folder: string) {
  const upstream = yield* FakeUpstream.make({ models: ["m"], respond })
  let left = 0
  for (const level of ["default", "debug", "raw"] as const) {
    const strata = yield* Strata.make({
      folder,
      level,
      extensions: hooks,
      providers: [
        Strata.openAi(upstream, { models: ["m"] }),
        Strata.openAi(upstream, { models: ["m"], debug: true }, "other")
      ]
    })
    yield* asks(strata.url, level)
    yield* upstream.awaitAborted(++left)
    yield* strata.awaitEvents({ sessionId: "left", types: ["api:error"] }, left)
    yield* strata.close
  }
  yield* prune(folder)
})

/** The file without what its journal holds, at its smallest. */
export const pack = (folder: string): string => {
  const packed = join(folder, "packed.db")
  rmSync(packed, { force: true })
  const database = new DatabaseSync(join(folder, "strata.db"))
  database.exec(`VACUUM INTO '${packed}'`)
  database.close()
  return packed
}
