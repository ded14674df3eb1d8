/** `strata serve` on a disk that fills up: the system's limit on the length of files stands in for the end of the disk. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { spawnSync } from "node:child_process"
import { statSync } from "node:fs"
import { join } from "node:path"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const limitFiles = (pid: number, bytes: number | "unlimited") =>
  spawnSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]).status === 0

const available = limitFiles(process.pid, "unlimited")
const reason = available ? "" : ", skipped: no prlimit on this machine"

const eventsOf = (url: string) =>
  Effect.map(
    Http.send(url, "/v1/events?limit=10000"),
    ({ text }): ReadonlyArray<{ readonly position: number }> =>
      text.trimEnd().split("\n").map((line) => JSON.parse(line))
  )

describe.skipIf(!available)(`strata serve on a full disk${reason}`, () => {
  it.live("answers nothing that it can't record, leaves no half of a request, and goes on when there is room", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
      const folder = yield* TemporaryFolder.make
      const { data, kill, pid, url } = yield* StrataProcess.serve({
        folder,
        configuration: Chat.configuration(upstream)
      })
      assert.strictEqual((yield* Chat.ask(url)).status, 200)
      const before = yield* eventsOf(url)

      limitFiles(pid, statSync(join(data, "strata.db-wal")).size)
      const refused = yield* Chat.ask(url)
      assert.strictEqual(refused.status, 503)
      assert.include(refused.text, "The event log could not be written")
      const broken = yield* Effect.exit(Chat.ask(url, { stream: true }))
      assert.isTrue(Exit.isFailure(broken) || broken.value.status === 503)
      assert.deepStrictEqual(yield* eventsOf(url), before)
      assert.strictEqual((yield* Http.send(url, "/v1/health")).status, 200)

      limitFiles(pid, "unlimited")
      const answer = yield* Chat.ask(url, { stream: true })
      assert.include(answer.text, "data: [DONE]")
      const after = yield* eventsOf(url)
      assert.deepStrictEqual(after.slice(0, before.length), before)
      assert.deepStrictEqual(after.map(({ position }) => position), after.map((_, index) => index + 1))
      assert.include(JSON.stringify(after), Chat.requestId(answer))
      assert.strictEqual((yield* kill("SIGTERM")).code, 0)
    }))
})
