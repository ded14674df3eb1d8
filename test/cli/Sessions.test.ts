/** `strata sessions` and `strata fork`, on a data folder and through a running server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { SessionFork } from "../../src/kernel/sessions/SessionModels.ts"
import type { Session } from "../../src/kernel/sessions/SessionModels.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

/** A server with a session of two turns. */
const recorded = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m", "n"] })] })
  yield* Chat.ask(strata.url, { session: "s" })
  yield* Chat.ask(strata.url, { session: "s", stream: true })
  const folder = yield* TemporaryFolder.make
  const run = (...args: ReadonlyArray<string>) => StrataProcess.run(args, { folder })
  return { ...strata, work: folder, run, here: ["--data", strata.folder], there: ["--url", strata.url] }
})

const lines = (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)

const ok = ({ code, stderr, stdout }: StrataProcess.Ended) => {
  assert.deepStrictEqual([code, stderr], [0, ""])
  return stdout
}

describe("strata sessions", () => {
  it.live("lists, exports and imports, with a server and without", () =>
    Effect.gen(function*() {
      const { here, run, there, work } = yield* recorded
      assert.match(ok(yield* run("sessions", "list", ...here)), /^\S+ {2}active {2}s {2}\(2 turns: upstream\/m\)\n$/)
      const [session] = lines(ok(yield* run("sessions", "list", "--json", ...there))) as unknown as ReadonlyArray<
        Session
      >
      assert.deepInclude(session, { id: "s", turn_count: 2 })

      const file = join(work, "s.ndjson")
      assert.strictEqual(ok(yield* run("sessions", "export", "s", "--output", file, ...here)), "")
      const [header, ...events] = lines(readFileSync(file, "utf8"))
      assert.deepInclude(header, { format: "strata.session", version: 2, session_id: "s" })
      assert.isAbove(events.length, 20)
      const printed = lines(ok(yield* run("sessions", "export", "s", ...there)))
      assert.deepStrictEqual(printed.slice(1), events)

      const data = join(work, "elsewhere")
      const imported = "Session s is in the log, with 2 turns.\n"
      assert.strictEqual(ok(yield* run("sessions", "import", file, "--data", data)), imported)
      assert.strictEqual(ok(yield* run("sessions", "import", file, "--data", data)), imported)
      assert.strictEqual(ok(yield* run("sessions", "import", file, ...there)), imported)
      const verified = yield* run("replay", "s", "--verify", "--data", data)
      assert.deepStrictEqual([verified.code, verified.stdout], [0, "Session s: identical (2 requests run again).\n"])
    }), 60_000)

  it.live("say what is wrong and what to do", () =>
    Effect.gen(function*() {
      const { folder, here, run, there, work } = yield* recorded
      const bad = join(work, "bad.ndjson")
      writeFileSync(bad, `{"format":"strata.session","version":1,"description":"d"}\n{"position"\n`)
      const refusals: ReadonlyArray<readonly [args: ReadonlyArray<string>, message: RegExp]> = [
        [["sessions", "export", "nobody", ...here], /^There is no session `nobody`/],
        [["sessions", "export", "nobody", ...there], /^There is no session `nobody`/],
        [["sessions", "import", bad, ...there], /^Line 2 of the session file/],
        [["sessions", "import", bad, "--data", join(work, "new")], /^Line 2 of the session file/],
        [["sessions", "import", join(work, "none"), "--data", join(work, "other")], /^The file .*none can't be used/],
        [["sessions", "import", bad, "--data", folder], /Another Strata server .* --url/],
        [
          ["sessions", "list", "--url", "http://127.0.0.1:1"],
          /^No answer from http:\/\/127.0.0.1:1: .*--url names another/
        ],
        [["fork", "s", "--turn", "9", ...there], /^Turn 9 is not in the session s: it has turns 1 to 2/],
        [["fork", "s", "--send", ...here], /^--send needs a running server/]
      ]
      const ended = yield* Effect.forEach(refusals, ([args]) => run(...args), { concurrency: 2 })
      for (const [index, { code, stderr }] of ended.entries()) {
        assert.strictEqual(code, 1)
        assert.match(stderr, refusals[index]![1])
      }
    }), 60_000)
})

describe("strata fork", () => {
  it.live("makes a child, sends its next request, and prints the answer", () =>
    Effect.gen(function*() {
      const { events, run, there, work } = yield* recorded
      const text = ok(yield* run("fork", "s", "--turn", "1", "--session-id", "one", "--model", "upstream/n", ...there))
      assert.match(text, /^Session one: forked from s at position \d+, after 1 turn\.\nThe next request:\n\{/)
      assert.deepInclude(JSON.parse(text.slice(text.indexOf("{"))), { model: "upstream/n" })

      const messages = join(work, "messages.json")
      writeFileSync(
        messages,
        `[{"role":"user","content":"Other?"},{"role":"assistant","content":null,
        "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}]`
      )
      const sent = ok(
        yield* run(
          "fork",
          "s",
          "--session-id",
          "two",
          "--messages",
          messages,
          "--tool-result",
          "a=x=1",
          "--send",
          "--json",
          ...there
        )
      )
      const [forked, answer] = lines(sent.replaceAll(/^(data: .*|)\n/gm, "")) as unknown as [SessionFork, undefined]
      assert.isUndefined(answer)
      assert.deepStrictEqual<unknown>(
        (forked.next_request!["messages"] as ReadonlyArray<unknown>).at(-1),
        { role: "tool", tool_call_id: "a", content: "x=1" }
      )
      assert.match(sent, /\ndata: .*Blue[^]*\ndata: \[DONE\]\n/)
      const turns = yield* events({ sessionId: "two", types: ["api:response"] })
      assert.deepStrictEqual(turns.map(({ parentSessionId }) => parentSessionId), ["s"])
    }), 60_000)

  it.live("works on the data folder when the server is gone", () =>
    Effect.gen(function*() {
      const { close, here, run } = yield* recorded
      yield* close
      const forked = JSON.parse(ok(yield* run("fork", "s", "--provider", "other", "--json", ...here))) as SessionFork
      assert.deepInclude(forked.next_request, { model: "other/m", stream: true })
      const listed = ok(yield* run("sessions", "list", ...here)).split("\n")
      assert.match(listed[1] ?? "", /forked from s at \d+$/)
    }), 60_000)
})
