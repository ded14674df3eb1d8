/** Sessions leave as a file and come in elsewhere: with all they inherit, and all their replay needs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Struct } from "effect"
import { sampleFile } from "../../../src/cli/StarterConfiguration.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import type { Session, SessionState } from "../../../src/kernel/sessions/SessionModels.ts"
import type { SessionVerification } from "../../../src/kernel/sessions/SessionVerification.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { verify } from "../../support/verify.ts"

const key = "sk-upstream-0123456789"

const client = ({ events, folder, url, close }: Strata) => ({
  url,
  folder,
  close,
  events,
  chat: (session: string, ask: object = {}) => Chat.ask(url, { session, ...ask }),
  fork: (of: string, body: object) => Http.post(url, `/v1/sessions/${of}/fork`, body),
  take: (id: string) => Effect.map(Http.send(url, `/v1/sessions/${id}/export`), ({ text }) => text),
  add: (file: string) =>
    Http.send(url, "/v1/sessions/import", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: file
    }),
  state: (id: string, query = "") =>
    Effect.map(Http.send(url, `/v1/sessions/${id}/state${query}`), ({ json }) => json as SessionState),
  verify: (id: string) =>
    Effect.map(
      Http.send(url, `/v1/sessions/${id}/verify`, { method: "POST" }),
      ({ json }) => json as SessionVerification
    )
})

const respond = Chat.answering(["Blue", "whale"])

/** A server that answers, through an upstream that needs a key, and from the sample session. */
const origin = (options: StrataOptions = {}) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond, apiKey: key })
    const sample = { provider_id: "sample", provider_type: "inline::replay", config: { file: sampleFile } }
    const providers = [Strata.openAi(upstream, { models: ["m", "n"], api_key: key }), sample]
    return client(yield* Strata.make({ providers, ...options }))
  })

/** Another machine: it knows other providers, or none. */
const elsewhere = (options: StrataOptions = {}) => Effect.map(Strata.make(options), client)

const own = (events: ReadonlyArray<RecordedEvent>) =>
  events.filter(({ type }) => type !== "session:import")
    .map((event) => Struct.omit(event, ["position"]))

const identical = (session_id: string, requests: number) => ({
  object: "session.verification",
  session_id,
  status: "identical",
  reason: null,
  requests,
  skipped: [],
  divergence: null,
  around_the_client: []
})

describe("session files", () => {
  it.live("carry a session to another machine, where it verifies identical", () =>
    Effect.gen(function*() {
      const here = yield* origin()
      yield* here.chat("s")
      yield* here.chat("s", { stream: true })
      yield* here.chat("s", { model: "upstream/unknown" })
      yield* here.chat("s", { model: "sample/sample-1", content: "Say hello." })
      const file = yield* here.take("s")
      assert.notInclude(file, key)
      const there = yield* elsewhere({
        providers: [{ provider_id: "upstream", provider_type: "inline::replay", config: { file: sampleFile } }]
      })
      const { json, status } = yield* there.add(file)
      assert.strictEqual(status, 200)
      assert.deepInclude(json, { id: "s", turn_count: 3, error_count: 1, forked_at_position: null })
      assert.deepStrictEqual(own(yield* there.events({ sessionId: "s" })), own(yield* here.events({ sessionId: "s" })))
      assert.deepStrictEqual<unknown>(yield* there.verify("s"), identical("s", 4))
      assert.deepStrictEqual<unknown>(yield* here.verify("s"), identical("s", 4))
      yield* there.close
      const [report] = yield* verify(there.folder, ["s"])
      assert.isUndefined(report?.divergence)
    }))

  it.live("carry the models as they were at each request", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const first = yield* origin({ folder })
      yield* first.chat("s")
      yield* first.close
      const upstream = yield* FakeUpstream.make({ respond })
      const second = yield* elsewhere({ folder, providers: [Strata.openAi(upstream, { models: ["new"] }, "other")] })
      yield* second.chat("s")
      yield* second.chat("s", { model: "other/new" })
      assert.deepStrictEqual<unknown>(yield* second.verify("s"), identical("s", 3))
      const there = yield* elsewhere()
      yield* there.add(yield* second.take("s"))
      assert.deepStrictEqual<unknown>(yield* there.verify("s"), identical("s", 3))
      const third = yield* elsewhere()
      yield* third.add(yield* there.take("s"))
      assert.deepStrictEqual<unknown>(yield* third.verify("s"), identical("s", 3))
    }))

  it.live("change nothing when they are imported again, also where they came from", () =>
    Effect.gen(function*() {
      const here = yield* origin()
      yield* here.chat("s")
      yield* here.fork("s", { session_id: "child" })
      yield* here.chat("child")
      const file = yield* here.take("child")
      const events = { types: ["session:*", "llm:*"] }
      for (const at of [here, yield* elsewhere()]) {
        yield* at.add(file)
        const before = yield* at.events(events)
        const again = yield* at.add(file)
        assert.deepInclude(again.json, { id: "child" })
        assert.deepStrictEqual(yield* at.events(events), before)
      }
      assert.deepStrictEqual(yield* here.events({ types: ["session:import"] }), [])
    }))

  it.live("carry what a fork inherits, so that its state is the same", () =>
    Effect.gen(function*() {
      const here = yield* origin()
      yield* here.chat("root")
      yield* here.chat("root", { content: "More?" })
      yield* here.chat("root", { content: "Not inherited" })
      yield* here.fork("root", { turn: 2, session_id: "child" })
      yield* here.chat("child", { content: "Mine" })
      yield* here.fork("child", { turn: 1, session_id: "grandchild", messages: [{ role: "user", content: "Other" }] })
      const there = yield* elsewhere()
      // Positions are others there.
      yield* there.chat("noise")
      for (const id of ["child", "grandchild"]) {
        assert.strictEqual((yield* there.add(yield* here.take(id))).status, 200)
        const [expected, found] = [yield* here.state(id), yield* there.state(id)]
        assert.deepStrictEqual(found.messages, expected.messages)
        assert.deepStrictEqual(
          found.turns.map((turn) => Struct.omit(turn, ["position"])),
          expected.turns.map((turn) => Struct.omit(turn, ["position"]))
        )
        const lineage = (url: string) =>
          Effect.map(Http.send(url, `/v1/sessions/${id}/lineage`), ({ json }) =>
            (json as { ancestors: ReadonlyArray<{ session_id: string }> }).ancestors.map(({ session_id }) =>
              session_id
            ))
        assert.deepStrictEqual(yield* lineage(there.url), yield* lineage(here.url))
      }
      assert.lengthOf((yield* there.state("root")).turns, 2)
      assert.deepStrictEqual<unknown>(yield* there.verify("child"), identical("child", 1))
      // What was left of an ancestor comes with the fork that needs it.
      yield* here.fork("root", { turn: 3, session_id: "later" })
      assert.strictEqual((yield* there.add(yield* here.take("later"))).status, 200)
      assert.lengthOf((yield* there.state("root")).turns, 3)
      assert.deepStrictEqual((yield* there.state("later")).messages, (yield* here.state("later")).messages)
      assert.deepStrictEqual<unknown>(yield* there.verify("root"), identical("root", 3))
    }))

  it.live("become sessions that go on, with this machine's providers from there", () =>
    Effect.gen(function*() {
      const here = yield* origin()
      yield* here.chat("s")
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Green", "frog"]) })
      const there = yield* elsewhere({ providers: [Strata.openAi(upstream, { models: ["x"] }, "local")] })
      yield* there.add(yield* here.take("s"))
      yield* there.chat("s", { model: "local/x" })
      const lifecycle = yield* there.events({ sessionId: "s", types: ["session:*"] })
      assert.deepStrictEqual(lifecycle.map(({ type }) => type), ["session:start", "session:import", "session:resume"])
      assert.deepStrictEqual<unknown>(yield* there.verify("s"), identical("s", 2))
      // A third machine gets both halves, each with its own context.
      const third = yield* elsewhere()
      yield* third.add(yield* there.take("s"))
      assert.deepStrictEqual<unknown>(yield* third.verify("s"), identical("s", 2))
      // And so does the first.
      assert.strictEqual((yield* here.add(yield* there.take("s"))).status, 200)
      assert.deepStrictEqual<unknown>(yield* here.verify("s"), identical("s", 2))
    }))

  it.live("lose the secrets that are configured where they come in", () =>
    Effect.gen(function*() {
      const here = yield* elsewhere({
        providers: [Strata.openAi(yield* FakeUpstream.make({ respond }), { models: ["m"] })]
      })
      const late = "configured-later-0123456789"
      yield* here.chat("s", { content: `my key is ${late}` })
      const file = yield* here.take("s")
      assert.include(file, late)
      const there = yield* elsewhere({
        providers: [Strata.openAi(yield* FakeUpstream.make({ respond }), { models: ["m"], api_key: late })]
      })
      yield* there.add(file)
      const events = yield* there.events({ sessionId: "s" })
      assert.isAbove(events.length, 10)
      for (const { payload } of events) assert.notInclude(payload, late)
      assert.deepStrictEqual<unknown>((yield* there.verify("s")).divergence, null)
    }))

  it.live("of the first version are imported too", () =>
    Effect.gen(function*() {
      const { readFileSync } = yield* Effect.promise(() => import("node:fs"))
      const there = yield* origin()
      const { json } = yield* there.add(readFileSync(sampleFile, "utf8"))
      const { id, turn_count } = json as Session
      assert.isAbove(turn_count, 0)
      assert.include(JSON.stringify(yield* there.state(id)), "assistant")
    }))

  const header = `{"format":"strata.session","version":1,"description":"d"}`
  const event = (id: string, sessionId: string | null) =>
    JSON.stringify({
      position: 1,
      stream: `session-${sessionId}`,
      version: 1,
      id,
      type: "session:start",
      level: "default",
      schemaVersion: 1,
      time: "2026-01-01T00:00:00.000Z",
      sessionId,
      parentSessionId: null,
      requestId: null,
      attempt: null,
      causationId: null,
      provider: null,
      payload: { session_id: sessionId, opened_by: "client" }
    })
  const a = "01a1fc2f-0b73-7bdd-821a-ae71e6370001"
  const b = "01a1fc2f-0b73-7bdd-821a-ae71e6380001"
  const refusals: ReadonlyArray<readonly [name: string, file: string, status: number, message: RegExp]> = [
    ["nothing", "\n", 400, /Line 1 .*empty/],
    ["another format", `{"format":"har"}\n`, 400, /^Line 1 of the session file is not understood/],
    ["a damaged line", `${header}\n${event(a, "s")}\n{"position":\n`, 400, /^Line 3 of the session file/],
    ["no events", `${header}\n`, 400, /holds no event/],
    ["an event of no session", `${header}\n${event(a, null)}\n`, 400, /has no session/],
    ["an id that is none", `${header}\n${event(a, "a b")}\n`, 400, /no id: a b/],
    ["an id that is taken", `${header}\n${event(b, "taken")}\n`, 409, /^The session id `taken` can't be used/]
  ]
  it.live.each(refusals)("are refused with %s", ([, file, status, message]) =>
    Effect.gen(function*() {
      const there = yield* elsewhere()
      yield* there.add(`${header}\n${event(a, "taken")}\n`)
      const before = yield* there.events({ types: ["session:*"] })
      const answer = yield* there.add(file)
      assert.strictEqual(answer.status, status, answer.text)
      assert.match((answer.json as { error: { message: string } }).error.message, message)
      assert.deepStrictEqual(yield* there.events({ types: ["session:*"] }), before)
    }))

  it.live("are refused when they are too large, or not said to be lines", () =>
    Effect.gen(function*() {
      const there = yield* elsewhere({ maxBodyBytes: 1000 })
      assert.strictEqual((yield* there.add("x".repeat(1001))).status, 413)
      assert.strictEqual((yield* Http.post(there.url, "/v1/sessions/import", "{}")).status, 415)
    }))

  it.live("of nobody are not there", () =>
    Effect.gen(function*() {
      const there = yield* elsewhere()
      const { json, status } = yield* Http.send(there.url, "/v1/sessions/nobody/export")
      assert.strictEqual(status, 404)
      assert.deepNestedInclude(json, { "error.code": "session_not_found" })
    }))
})
