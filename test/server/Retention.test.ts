/** Retention in a server: old raw payloads go, everything else stays, and a verification says why it skips. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Struct } from "effect"
import type { Envelope } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const shown = (strata: Strata) =>
  Effect.map(
    Http.send(strata.url, "/v1/events?session_id=s"),
    ({ text }) => text.trimEnd().split("\n").map((line) => JSON.parse(line) as Envelope)
  )

const whole = (event: Envelope) => Struct.omit(event, ["payload", "prunedAt"])

describe("retention", () => {
  it.live("removes raw payloads over the limit when the server starts, and nothing else", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
      const options = {
        folder: yield* TemporaryFolder.make,
        providers: [Strata.openAi(upstream, { models: ["m"] })]
      }
      const first = yield* Strata.make(options)
      yield* Chat.ask(first.url, { session: "s" })
      const before = yield* shown(first)
      yield* first.close

      const strata = yield* Strata.make({
        ...options,
        recording: { retention: { raw: { max_bytes: 100 }, interval_minutes: 60 } }
      })
      const [told] = yield* strata.awaitEvents({ types: ["log:pruned"] })
      const after = yield* shown(strata)
      assert.deepStrictEqual(after.map(whole), before.map(whole))
      const pruned = after.filter(({ prunedAt }) => prunedAt !== undefined)
      assert.deepStrictEqual(
        pruned.map(({ type }) => type),
        before.filter(({ level }) => level === "raw").map(({ type }) => type)
      )
      assert.deepStrictEqual(pruned.map(({ payload }) => payload), pruned.map(() => null))
      // Those of the requests that Strata made itself, too.
      const all = (yield* strata.events()).filter(({ prunedAt }) => prunedAt !== undefined)
      assert.deepInclude(JSON.parse(told!.payload), { level: "raw", reason: "size", events: all.length })

      const { text } = yield* Http.send(strata.url, "/v1/sessions/s/verify", { method: "POST" })
      const report = JSON.parse(text)
      assert.strictEqual(report.status, "not_verifiable")
      assert.deepStrictEqual(report.skipped.map(({ reason }: { readonly reason: string }) => reason), [
        "its payloads were removed to save space"
      ])
    }).pipe(Effect.scoped))
})
