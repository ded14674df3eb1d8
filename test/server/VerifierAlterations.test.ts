/** One thing is changed in the file of a recorded session: verification names the event and the place within it. */
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { join } from "node:path"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import * as RowsOfFacts from "../support/RowsOfFacts.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const completion = {
  id: "1",
  model: "m-1",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
}
const chunks = ["Hel", "lo"].map((content) => ({ id: "1", choices: [{ index: 0, delta: { content } }] }))
const respond = ({ body }: ReceivedRequest) =>
  typeof body === "object" && body !== null && "stream" in body
    ? ScriptedAnswer.events(chunks)
    : ScriptedAnswer.json(200, completion)

const weather = [
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "a", type: "function", function: { name: "weather", arguments: "{}" } }]
  },
  { role: "tool", tool_call_id: "a", content: "Sunny" }
]

/** The data folder of a server that is gone, with the sessions `json`, `stream` and `tools`. */
class Recorded extends Context.Service<Recorded, { readonly folder: string }>()(
  "strata/test/server/VerifierAlterations.test/Recorded"
) {
  static readonly layer = Layer.effect(
    Recorded,
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const body = { model: "upstream/m", messages: [{ role: "user", content: "hello" }] }
      const post = (session: string, body: unknown) =>
        Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": session })
      yield* post("json", body)
      yield* post("stream", { ...body, stream: true })
      yield* post("tools", { ...body, messages: [...body.messages, ...weather] })
      yield* strata.close
      yield* upstream.close
      return { folder: strata.folder }
    })
  )
}

type Edit = (payload: string) => string

/** Changes a payload in the file, until the scope closes; gives the event's position. */
const edit = (folder: string, session: string, type: string, there: Edit, back: Edit) => {
  const apply = (edit: Edit) => () => {
    const database = RowsOfFacts.open(join(folder, "strata.db"))
    const row = database.prepare("SELECT position, payload FROM events WHERE session_id = ? AND type = ?")
      .get(session, type)
    const payload = String(row?.["payload"])
    const position = Number(row?.["position"])
    database.prepare("UPDATE events SET payload = ? WHERE position = ?").run(edit(payload), position)
    database.close()
    return position
  }
  return Effect.acquireRelease(Effect.sync(apply(there)), () => Effect.sync(apply(back)))
}

const replace = (from: string, to: string): Edit => (payload) => {
  assert.strictEqual(payload.split(from).length, 2, `${from} stands once in ${payload}`)
  return payload.replace(from, to)
}

const change = (folder: string, session: string, type: string, from: string, to: string) =>
  edit(folder, session, type, replace(from, to), replace(to, from))

/** The first two frames change places. */
const swapFrames: Edit = (payload) => {
  const traffic = JSON.parse(payload)
  const [one, other, ...rest] = traffic.frames
  return JSON.stringify({ ...traffic, frames: [other, one, ...rest] })
}

/** The event is changed `from` `to`; verification then names it, and the place within. */
type Case = readonly [
  what: string,
  session: "json" | "stream" | "tools",
  type: string,
  from: string,
  to: string,
  place: { readonly path: string; readonly expected: unknown; readonly found: unknown }
]

const content = "choices.0.message.content"
const delta = "choices.0.delta.content"
const question = "body.messages.0.content"
const vendor = "llm:response:raw"
const client = "api:response:raw"
const status = ["\"status\":200", "\"status\":201"] as const
const text = JSON.stringify(completion)

const cases: ReadonlyArray<Case> = [
  ["a byte of the vendor's answer", "json", vendor, "Hello", "Jello", {
    path: `body.${content}`,
    expected: "Hello",
    found: "Jello"
  }],
  ["a count of the vendor", "json", vendor, String.raw`\"prompt_tokens\":3`, String.raw`\"prompt_tokens\":4`, {
    path: "body.usage.prompt_tokens",
    expected: 3,
    found: 4
  }],
  ["a byte of the client's answer", "json", client, "Hello", "Jello", {
    path: `body.${content}`,
    expected: "Jello",
    found: "Hello"
  }],
  ["white space of the client's answer", "json", client, String.raw`{\"id\"`, String.raw`{ \"id\"`, {
    path: "body",
    expected: text.replace("{", "{ "),
    found: text
  }],
  ["a byte of the vendor's frame", "stream", vendor, "Hel", "Jel", {
    path: `frames.0.1.${delta}`,
    expected: "Hel",
    found: "Jel"
  }],
  ["a byte of the client's frame", "stream", client, String.raw`\"lo\"`, String.raw`\"la\"`, {
    path: `frames.1.1.${delta}`,
    expected: "la",
    found: "lo"
  }],
  ["the model the client asked for", "json", "api:request:raw", "upstream/m", "upstream/n", {
    path: "body.model",
    expected: "upstream/m",
    found: "upstream/n"
  }],
  ["a byte of what the client asked", "json", "api:request:raw", "hello", "jello", {
    path: question,
    expected: "hello",
    found: "jello"
  }],
  ["a byte of what the vendor was asked", "json", "llm:request:raw", "hello", "jello", {
    path: question,
    expected: "jello",
    found: "hello"
  }],
  ["the status the client got", "json", client, ...status, { path: "status", expected: 201, found: 200 }],
  ["the status of the client's stream", "stream", client, ...status, { path: "status", expected: 201, found: 200 }],
  ["the status the vendor gave", "json", vendor, ...status, { path: "status", expected: 200, found: 201 }],
  ["the status of the vendor's stream", "stream", vendor, ...status, { path: "status", expected: 200, found: 201 }],
  ["the result of a tool in what the client asked", "tools", "api:request:raw", "Sunny", "Snowy", {
    path: "body.messages.2.content",
    expected: "Sunny",
    found: "Snowy"
  }],
  ["the result of a tool in what the vendor was asked", "tools", "llm:request:raw", "Sunny", "Snowy", {
    path: "body.messages.2.content",
    expected: "Snowy",
    found: "Sunny"
  }],
  ["a summary", "json", "llm:response", "\"finish_reason\":\"stop\"", "\"finish_reason\":\"length\"", {
    path: "finish_reason",
    expected: "length",
    found: "stop"
  }]
]

layer(Recorded.layer, { excludeTestServices: true })("Verifier, after a change of", (it) => {
  it.effect.each(cases)("%s", ([, session, type, from, to, place]) =>
    Effect.gen(function*() {
      const { folder } = yield* Recorded
      const changed = yield* change(folder, session, type, from, to)
      const [report] = yield* verify(folder, [session])
      assert.deepInclude(report?.divergence, { type, position: changed, ...place })
    }))

  it.effect.each([
    { type: vendor, expected: "Hel", found: "lo" },
    { type: client, expected: "lo", found: "Hel" }
  ])("the order of frames in $type", ({ expected, found, type }) =>
    Effect.gen(function*() {
      const { folder } = yield* Recorded
      const position = yield* edit(folder, "stream", type, swapFrames, swapFrames)
      const [report] = yield* verify(folder, ["stream"])
      assert.deepInclude(report?.divergence, {
        type,
        position,
        path: `frames.0.1.${delta}`,
        expected,
        found,
        altered: true
      })
    }))

  it.effect.each(["json", "stream", "tools"])("nothing finds %s identical", (session) =>
    Effect.gen(function*() {
      const { folder } = yield* Recorded
      const reports = yield* verify(folder, [session])
      assert.deepStrictEqual(reports, [{ session, requests: 1, skipped: [], divergence: undefined, around: [] }])
    }))
})
