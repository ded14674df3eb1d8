/** `strata events tail`: the events of a running server on a terminal. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { toWire } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const serving = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
  return yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
})

const tail = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  return yield* StrataProcess.start(["events", "tail", ...args], { folder: yield* TemporaryFolder.make })
})

const lines = (stdout: string) => stdout.split("\n").filter((line) => line !== "")

describe("strata events tail", () => {
  it.live("shows what has happened, and ends with --no-follow", () =>
    Effect.gen(function*() {
      const strata = yield* serving
      yield* Chat.ask(strata.url, { session: "mine" })
      yield* Chat.ask(strata.url, { session: "other" })
      const { ended } = yield* tail(
        "--url",
        strata.url,
        "--no-follow",
        "--session",
        "mine",
        "--type",
        "llm:*,session:start"
      )
      const { code, stderr, stdout } = yield* ended
      assert.deepStrictEqual([code, stderr], [0, ""])
      const events = yield* strata.events({
        sessionId: "mine",
        types: ["session:start", "llm:request", "llm:response"]
      })
      assert.strictEqual(lines(stdout).length, 3)
      for (const [index, line] of lines(stdout).entries()) {
        assert.match(
          line,
          new RegExp(`^ *${events[index]?.position}  \\d\\d:\\d\\d:\\d\\d\\.\\d{3}  ${events[index]?.type} +\\{`)
        )
      }
    }))

  it.live("shows one stream, what one request led to, or what concerns one provider", () =>
    Effect.gen(function*() {
      const strata = yield* serving
      const answer = yield* Chat.ask(strata.url, { session: "mine" })
      yield* Chat.ask(strata.url, { session: "mine" })
      const requestId = Chat.requestId(answer)
      const cases = [
        { flags: ["--request", requestId], filter: { requestId, level: "default" } },
        { flags: ["--stream", "models"], filter: { stream: "models" } },
        { flags: ["--provider", "upstream"], filter: { provider: "upstream", level: "default" } }
      ] as const
      for (const { filter, flags } of cases) {
        const { ended } = yield* tail("--url", strata.url, "--no-follow", "--json", ...flags)
        const { code, stderr, stdout } = yield* ended
        assert.deepStrictEqual([code, stderr], [0, ""])
        const expected = (yield* strata.events(filter)).map(toWire)
        assert.isAbove(expected.length, 0)
        assert.deepStrictEqual(lines(stdout).map((line) => JSON.parse(line)), expected)
      }
    }))

  it.live("comes back behind the last event when the server goes away and returns, and ends at Ctrl-C", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
      const options = { providers: [Strata.openAi(upstream, { models: ["m"] })], folder }
      const before = yield* Strata.make(options)
      yield* Chat.ask(before.url, { session: "past" })
      yield* before.awaitEvents({ types: ["llm:response"] })
      const started = yield* tail("--url", before.url, "--json", "--from-now", "--type", "llm:response")
      yield* before.awaitFollowers(1)
      yield* before.close

      const after = yield* Strata.make({ ...options, port: Number(new URL(before.url).port) })
      yield* Chat.ask(after.url, { session: "missed" })
      yield* started.printed(/"sessionId":"missed"/)
      yield* Chat.ask(after.url, { session: "present" })
      yield* started.printed(/"sessionId":"present"/)
      const { code, stderr, stdout } = yield* started.kill("SIGINT", "group")
      assert.strictEqual(code, 0)
      const [, ...expected] = (yield* after.events({ types: ["llm:response"] })).map(toWire)
      assert.deepStrictEqual(lines(stdout).map((line) => JSON.parse(line)), expected)
      assert.match(stderr, /^(http:\S+ went away\. Connecting again behind position \d+\.\nConnected again\.\n)+$/)
      yield* after.awaitFollowers(0)
    }))

  it.live("gives up when the server does not come back", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make()
      const started = yield* tail("--url", strata.url, "--retries", "1")
      yield* strata.awaitFollowers(1)
      yield* strata.close
      const { code, stderr, stdout } = yield* started.ended
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(
        stderr,
        /^http:\S+ went away\. Connecting again behind position 0\.\n(.*\n)*No events from .*Is the server/
      )
    }))

  it.live("says what the server refuses, and which flags contradict each other", () =>
    Effect.gen(function*() {
      const { url } = yield* Strata.make()
      const cases = [
        [
          ["--type", "llm:*:raw"],
          /^No events from http:\S+: The request is not understood\. type: Expected event types/
        ],
        [["--after", "1", "--from-now"], /^--after and --from-now name two beginnings/]
      ] as const
      for (const [flags, says] of cases) {
        const { ended } = yield* tail("--url", url, ...flags)
        const { code, stderr, stdout } = yield* ended
        assert.deepStrictEqual([code, stdout], [1, ""])
        assert.match(stderr, says)
      }
    }))

  it.live("follows until the server stops where it may not try again, the whole events with --json, up to a level, behind a position", () =>
    Effect.gen(function*() {
      const strata = yield* serving
      yield* Chat.ask(strata.url, { session: "past" })
      const started = yield* StrataProcess.start([
        "events",
        "tail",
        "--json",
        "--level",
        "debug",
        "--after",
        "2",
        "--retries",
        "0"
      ], {
        folder: yield* TemporaryFolder.make,
        environment: { STRATA_URL: `${strata.url}/` }
      })
      yield* started.printed(/"sessionId":"past"[^]*"api:response"/)
      yield* Chat.ask(strata.url, { session: "present" })
      yield* started.printed(/"sessionId":"present"[^]*"api:response"/)
      const events = yield* strata.events({ level: "debug" })
      yield* strata.close
      const { code, stderr, stdout } = yield* started.ended
      assert.deepStrictEqual([code, stderr], [0, ""])
      const expected = events.filter(({ position }) => position > 2).map(toWire)
      assert.deepStrictEqual(lines(stdout).map((line) => JSON.parse(line)), expected)
    }))

  it.live("says that no server answers", () =>
    Effect.gen(function*() {
      const { close, url } = yield* Strata.make()
      yield* close
      const { ended } = yield* tail("--url", url)
      const { code, stderr, stdout } = yield* ended
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, new RegExp(`^No events from ${url}: .*Is the server running\\? --url names another\\.\n$`))
    }))
})
