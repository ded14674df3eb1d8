/** `strata replay`, beside the server that recorded the session and after it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { toWire } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import * as RowsOfFacts from "../support/RowsOfFacts.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const session = "my-session"

/** A server that has recorded one session: an answer in one piece, and a streamed one. */
const recorded = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
  yield* Chat.ask(strata.url, { session })
  yield* Chat.ask(strata.url, { session, stream: true })
  yield* Chat.ask(strata.url, { session: "another" })
  yield* upstream.close
  return strata
})

const replay = Effect.fnUntraced(function*(data: string, ...args: ReadonlyArray<string>) {
  const folder = yield* TemporaryFolder.make
  return yield* StrataProcess.run(["replay", ...args, "--data", data], { folder })
}, Effect.scoped)

/** Position and type of each line that was shown. */
const shown = (stdout: string) =>
  stdout.trimEnd().split("\n").map((line) => line.trim().split(/ +/)).map(([position, , type]) => `${position} ${type}`)

/** Changes one recorded answer, as only a hand at the database could. */
const alter = (data: string) => {
  const database = RowsOfFacts.open(join(data, "strata.db"))
  const { changes } = database.prepare(
    "UPDATE events SET payload = replace(payload, 'whale', 'shark') WHERE type = 'llm:response:raw' AND session_id = ?"
  ).run(session)
  database.close()
  assert.strictEqual(Number(changes), 2)
}

describe("strata replay", () => {
  it.live("shows a session's events in order, beside the server, and verifies that it would run the same", () =>
    Effect.gen(function*() {
      const { events, folder } = yield* recorded
      const expected = yield* events({ sessionId: session })
      const plain = yield* replay(folder, session)
      assert.deepStrictEqual([plain.code, plain.stderr], [0, ""])
      assert.deepStrictEqual(shown(plain.stdout), expected.map(({ position, type }) => `${position} ${type}`))

      const timed = yield* replay(folder, session, "--speed", "1000")
      assert.deepStrictEqual(timed, plain)

      const verified = yield* replay(folder, session, "--verify")
      assert.deepStrictEqual(verified, {
        code: 0,
        signal: null,
        stdout: `Session ${session}: identical (2 requests run again).\n`,
        stderr: ""
      })
      assert.deepStrictEqual(yield* events({ sessionId: session }), expected)
    }))

  it.live("names the event and the path where a recording was altered", () =>
    Effect.gen(function*() {
      const { close, events, folder } = yield* recorded
      const [first] = yield* events({ sessionId: session, types: ["llm:response:raw"] })
      yield* close
      alter(folder)
      const { code, stderr, stdout } = yield* replay(folder, session, "--verify")
      assert.deepStrictEqual([code, stderr], [1, ""])
      assert.include(stdout, `Session ${session}: diverges.`)
      assert.include(stdout, `llm:response:raw at position ${first?.position}, request ${first?.requestId}`)
      assert.match(stdout, /^ {2}path: +\S+$/m)
      assert.match(stdout, /^ {2}expected: .*whale/m)
      assert.match(stdout, /^ {2}found: .*shark/m)
      assert.include(stdout, "it was altered after it was written")

      const other = yield* replay(folder, "another", "--verify")
      assert.deepStrictEqual([other.code, other.stdout], [0, "Session another: identical (1 request run again).\n"])
    }))

  it.live("verifies every session of the log, a line each, for people and for programs", () =>
    Effect.gen(function*() {
      const { close, folder } = yield* recorded
      const all = yield* replay(folder, "--verify")
      assert.deepStrictEqual([all.code, all.stdout, all.stderr], [
        0,
        `identical   ${session}  (2 requests run again)\nidentical   another  (1 request run again)\n`,
        "2 sessions, all identical.\n"
      ])
      yield* close
      alter(folder)
      const altered = yield* replay(folder, session, "--verify", "--all", "--json")
      const outcomes = altered.stdout.trimEnd().split("\n").map((line) => JSON.parse(line))
      assert.strictEqual(altered.code, 1)
      assert.strictEqual(altered.stderr, "2 sessions, 1 not identical.\n")
      assert.deepStrictEqual(outcomes.map(({ session_id, status }) => [session_id, status]), [
        [session, "diverged"],
        ["another", "identical"]
      ])
      assert.deepInclude(outcomes[0].divergence, { type: "llm:response:raw", altered: true, differs_from: null })
      const one = yield* replay(folder, "another", "--verify", "--json")
      assert.deepStrictEqual([one.code, JSON.parse(one.stdout)], [0, outcomes[1]])
    }))

  it.live("shows events as JSON, and wants to know which", () =>
    Effect.gen(function*() {
      const { events, folder } = yield* recorded
      const shown = yield* replay(folder, session, "--json")
      assert.deepStrictEqual<unknown>(
        shown.stdout.trimEnd().split("\n").map((line) => JSON.parse(line)),
        (yield* events({ sessionId: session })).map(toWire)
      )
      const nothing = yield* replay(folder)
      assert.deepStrictEqual([nothing.code, nothing.stderr], [
        1,
        "Name the session to show, or verify all: strata replay --verify\n"
      ])
    }))

  it.live("says that there is no such session", () =>
    Effect.gen(function*() {
      const { folder } = yield* Strata.make()
      assert.deepStrictEqual(yield* replay(folder, "nobody"), {
        code: 1,
        signal: null,
        stdout: "",
        stderr: "There is no session `nobody`. GET /v1/sessions and strata sessions list show what there is.\n"
      })
    }))
})
