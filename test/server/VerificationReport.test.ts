/** The report of a verification, as clients of the server get it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as VerificationReport from "../../src/server/VerificationReport.ts"
import { providers } from "../support/AroundProviders.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"

describe("the report of a verification over HTTP", () => {
  it.live("names what a provider reached around the client, and not what the server does meanwhile", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
      const elsewhere = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, {}) })
      const { host } = new URL(elsewhere.url)
      const config = { base_url: vendor.url, elsewhere: elsewhere.url }
      const { url } = yield* Strata.make({
        types: providers as never,
        providers: ["behaves", "undici"].map((id) => ({ provider_id: id, provider_type: `remote::${id}`, config }))
      })
      for (const session of ["behaves", "undici"]) yield* Chat.ask(url, { model: `${session}/m`, session })
      yield* Http.post(url, "/v1/sessions", { id: "empty" })
      const verify = (session: string) =>
        Effect.map(Http.send(url, `/v1/sessions/${session}/verify`, { method: "POST" }), ({ json }) => Object(json))

      // The server calls vendors while it verifies.
      const [behaves, undici] = yield* Effect.all(
        [
          verify("behaves"),
          verify("undici"),
          Chat.ask(url, { model: "undici/m" }),
          Chat.ask(url, { model: "undici/m" })
        ],
        { concurrency: 4 }
      )
      assert.deepInclude(behaves, { status: "identical", reason: null, around_the_client: [] })
      assert.deepInclude(undici, {
        status: "around_the_client",
        requests: 1,
        divergence: null,
        around_the_client: [{ provider: "undici", peer: `http://${host}`, via: "undici" }]
      })
      assert.deepInclude(yield* verify("empty"), { status: "not_verifiable", reason: "the session has no requests" })
    }))

  it("says why a session could not be run at all", () => {
    assert.deepInclude(VerificationReport.unfit("s", "its provider type is gone"), {
      session_id: "s",
      status: "not_verifiable",
      reason: "its provider type is gone"
    })
  })
})
