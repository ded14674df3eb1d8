/** A frame of a vendor that nests deeper than anything can be taken apart: whoever waits gets an end all the same. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"
import { frames } from "../support/Vendors.ts"

const depth = 20_000
const deep = `data: {"error":${"[".repeat(depth)}${"]".repeat(depth)}}\n\n`

describe("a vendor's stream with a frame that nests without measure", () => {
  for (const stream of [true, false]) {
    it.live(
      `ends for its client, and in the log, where the client asked with stream: ${stream}`,
      () =>
        Effect.gen(function*() {
          const upstream = yield* FakeUpstream.make({ models: ["m"], respond: () => frames([deep]) })
          const strata = yield* Strata.make({ level: "raw", logging: "none", providers: [Strata.openAi(upstream)] })
          const messages = [{ role: "user", content: "Hello?" }]
          yield* Effect.exit(Http.post(strata.url, "/v1/chat/completions", { model: "upstream/m", messages, stream }))
          const types = ["api:error"]
          assert.lengthOf(yield* strata.awaitEvents({ types }), 1)
          const health = yield* Http.send(strata.url, "/v1/health")
          assert.strictEqual(health.status, 200)
        }).pipe(Effect.scoped),
      20_000
    )
  }
})
