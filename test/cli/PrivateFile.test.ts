/** What is written of sessions is for who writes it alone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const rights = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe.skipIf(process.platform === "win32")("strata sessions export", () => {
  it.live("writes files of mode 0600, also over one that was open, from the log and from a server", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      yield* Chat.ask(strata.url, { session: "s" })
      const folder = yield* TemporaryFolder.make
      const [fresh, open] = [join(folder, "fresh.ndjson"), join(folder, "open.ndjson")]
      writeFileSync(open, "x", { mode: 0o644 })
      for (const where of [["--data", strata.folder], ["--url", strata.url]]) {
        for (const file of [fresh, open]) {
          const { code } = yield* StrataProcess.run(["sessions", "export", "s", "-o", file, ...where], { folder })
          assert.deepStrictEqual([code, rights(file)], [0, "600"], file)
          assert.include(readFileSync(file, "utf8").split("\n")[0], "strata.session")
        }
      }
    }))

  it.live("writes to what is no file as it is", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      yield* Chat.ask(strata.url, { session: "s" })
      const before = rights("/dev/null")
      const { code } = yield* StrataProcess.run(["sessions", "export", "s", "-o", "/dev/null", "--url", strata.url], {
        folder: strata.folder
      })
      assert.deepStrictEqual([code, rights("/dev/null")], [0, before])
    }))
})
