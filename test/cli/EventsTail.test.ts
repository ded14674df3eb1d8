/** `strata events tail`: the events of a running server on a terminal. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { toWire } from "../../src/events/Envelope.ts"
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

  it.live("follows until the server stops, the whole events with --json, up to a level, behind a position", () =>
    Effect.gen(function*() {
      const strata = yield* serving
      yield* Chat.ask(strata.url, { session: "past" })
      const started = yield* StrataProcess.start(["events", "tail", "--json", "--level", "debug", "--after", "2"], {
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
