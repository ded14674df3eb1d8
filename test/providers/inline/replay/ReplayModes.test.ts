/** The modes of `inline::replay` in a whole server: who answers, what is kept, and that each verifies. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { field } from "../../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import { verify } from "../../../support/verify.ts"

const key = "sk-upstream-0123456789"

/** A vendor that numbers its answers, and a folder that outlives the servers that ask it. */
const given = (
  answer = (_: ReceivedRequest, n: number): ScriptedAnswer => ScriptedAnswer.json(200, { choices: [], n })
) =>
  Effect.gen(function*() {
    let count = 0
    const upstream = yield* FakeUpstream.make({
      apiKey: key,
      models: ["m", "other"],
      respond: (request) => request.method === "POST" ? answer(request, ++count) : undefined
    })
    const folder = yield* TemporaryFolder.make
    const config = (mode: string, more: Schema.JsonObject = {}): Schema.JsonObject => ({
      mode,
      upstream: { provider_type: "remote::openai", config: { base_url: upstream.url, api_key: key } },
      ...more
    })
    /** Serves in a mode, then stops: each time is a run of its own. */
    const serve = <A>(
      mode: string,
      use: (strata: Strata) => Effect.Effect<A>,
      more: Schema.JsonObject = {}
    ) =>
      Effect.gen(function*() {
        const providers = [{ provider_id: "ai", provider_type: "inline::replay", config: config(mode, more) }]
        const strata = yield* Strata.make({ folder, providers })
        const used = yield* use(strata)
        yield* strata.close
        return used
      })
    return { folder, serve, upstream, asked: () => upstream.received.filter(({ method }) => method === "POST").length }
  })

interface Said {
  readonly session: string
  readonly content?: string
  readonly model?: string
}

const post = (strata: Strata, { content = "hello", model = "m", session }: Said) =>
  Http.post(strata.url, "/v1/chat/completions", { model: `ai/${model}`, messages: [{ role: "user", content }] }, {
    "x-strata-session-id": session
  })

/** `session content` each: the numbers of the answers, or their status. */
const ask = (strata: Strata, ...said: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(said, (each) => {
      const [session = "", content = "hello"] = each.split(" ")
      return post(strata, { session, content })
    }),
    (answers) => answers.map(({ json, status }) => (json as { n?: number }).n ?? status)
  )

const asking = (...said: ReadonlyArray<string>) => (strata: Strata) => ask(strata, ...said)

const identical = (session: string, requests: number) => ({
  session,
  requests,
  skipped: [],
  divergence: undefined,
  around: []
})

const ids = (strata: Strata) =>
  Effect.map(
    Http.send(strata.url, "/v1/models"),
    ({ json }) => (json as { readonly data: ReadonlyArray<{ readonly id: string }> }).data.map(({ id }) => id)
  )

describe("inline::replay", () => {
  it.live("in mode record lets the upstream answer always; the newest run of a session replaces the older ones", () =>
    Effect.gen(function*() {
      const { asked, folder, serve } = yield* given()
      assert.deepStrictEqual(yield* serve("record", asking("a", "a", "b")), [1, 2, 3])
      assert.deepStrictEqual(yield* serve("replay", asking("a", "a", "b", "c")), [1, 2, 3, 3])
      assert.deepStrictEqual(yield* serve("record", asking("a", "a")), [4, 5])
      assert.deepStrictEqual(yield* serve("replay", asking("a", "a", "a", "b", "c")), [4, 5, 4, 3, 4])
      assert.strictEqual(asked(), 5)
      const reports = yield* verify(folder, ["a", "b", "c"])
      assert.deepStrictEqual(reports, [identical("a", 9), identical("b", 3), identical("c", 2)])
    }))

  it.live("in mode record-if-missing asks the upstream once for each request, and keeps no errors", () =>
    Effect.gen(function*() {
      const { asked, folder, serve } = yield* given(({ bodyText }, n) =>
        bodyText.includes("busy") && n < 4 ? ScriptedAnswer.error(429, "slow down") : ScriptedAnswer.json(200, { n })
      )
      const said = ["a", "a", "b", "a busy", "a busy", "a busy", "b busy"]
      assert.deepStrictEqual(yield* serve("record-if-missing", asking(...said)), [1, 1, 1, 429, 429, 4, 4])
      assert.deepStrictEqual(yield* serve("record-if-missing", asking(...said)), [1, 1, 1, 4, 4, 4, 4])
      assert.strictEqual(asked(), 4)
      assert.deepStrictEqual(yield* serve("replay", asking(...said)), [1, 1, 1, 429, 429, 4, 4])
      assert.deepStrictEqual(yield* verify(folder, ["a", "b"]), [identical("a", 15), identical("b", 6)])
    }))

  it.live("in mode live asks the upstream always, and all of it can be replayed", () =>
    Effect.gen(function*() {
      const { folder, serve } = yield* given()
      assert.deepStrictEqual(yield* serve("live", asking("a", "a")), [1, 2])
      assert.deepStrictEqual(yield* serve("replay", asking("a", "a", "a")), [1, 2, 1])
      assert.deepStrictEqual(yield* verify(folder, ["a"]), [identical("a", 5)])
    }))

  it.live("in mode replay needs no upstream: what is not recorded is explained, with the remedy", () =>
    Effect.gen(function*() {
      const { asked, folder, serve } = yield* given()
      yield* serve("record", asking("a first", "b second"))
      const { json, status } = yield* serve("replay", (strata) => post(strata, { session: "c", content: "third" }))
      assert.strictEqual(status, 404)
      const message = String(field(field(json, "error"), "message"))
      assert.match(message, /^The provider ai has no recording of this request: the nearest recording \(session b, /)
      assert.include(message, `differs in one place: messages.0.content: recorded "second", asked "third".`)
      assert.include(message, "use the mode record-if-missing with an upstream")
      assert.strictEqual(asked(), 2)
      assert.deepStrictEqual(yield* verify(folder, ["c"]), [identical("c", 1)])
      // What was recorded later does not change what was the nearest then.
      yield* serve("record", asking("d third!"))
      assert.deepStrictEqual(yield* verify(folder, ["c"]), [identical("c", 1)])
    }))

  it.live("verifies each request of a session by the mode it was served in", () =>
    Effect.gen(function*() {
      const { folder, serve, upstream } = yield* given()
      yield* serve("record-if-missing", asking("a", "a", "a other"))
      yield* serve("replay", asking("a", "a missing"))
      yield* serve("record", asking("a", "a missing"))
      yield* serve("replay", asking("a", "a missing"))
      yield* upstream.close
      yield* serve("live", asking("a"))
      assert.deepStrictEqual(yield* verify(folder, ["a"]), [identical("a", 10)])
    }))

  it.live("lets two same requests go out at once, and gives both answers later", () =>
    Effect.gen(function*() {
      const { asked, serve } = yield* given((_, n) => ({
        _tag: "Fixed",
        status: 200,
        delay: "50 millis",
        body: JSON.stringify({ n })
      }))
      const both = yield* serve("record-if-missing", (strata) =>
        Effect.all([ask(strata, "a"), ask(strata, "a")], { concurrency: 2 }))
      assert.sameMembers(both.flat(), [1, 2])
      const replayed = yield* serve("replay", asking("a", "a"))
      assert.sameMembers(replayed, [1, 2])
      assert.strictEqual(asked(), 2)
    }))

  it.live("takes what a plain upstream of the same name recorded before", () =>
    Effect.gen(function*() {
      const { folder, serve, upstream } = yield* given()
      const plain = yield* Strata.make({ folder, providers: [Strata.openAi(upstream, { api_key: key }, "ai")] })
      assert.deepStrictEqual(yield* ask(plain, "a", "a"), [1, 2])
      yield* plain.close
      assert.deepStrictEqual(yield* serve("replay", asking("a", "a", "b")), [1, 2, 1])
      assert.deepStrictEqual(yield* verify(folder, ["a", "b"]), [identical("a", 4), identical("b", 1)])
    }))

  it.live("lists the models of the recordings, with an upstream its own too", () =>
    Effect.gen(function*() {
      const { serve } = yield* given()
      assert.deepStrictEqual(yield* serve("replay", ids), [])
      assert.deepStrictEqual(yield* serve("record", (strata) => Effect.andThen(ask(strata, "a"), ids(strata))), [
        "ai/m",
        "ai/other"
      ])
      assert.deepStrictEqual(yield* serve("replay", ids), ["ai/m"])
    }))

  it.live("answers from one source alone where it is told to", () =>
    Effect.gen(function*() {
      const { serve } = yield* given()
      yield* serve("record", asking("a", "b", "b", "b other"))
      assert.deepStrictEqual(yield* serve("replay", asking("a", "a", "c", "a other"), { session: "b" }), [2, 3, 2, 4])
      assert.deepStrictEqual(yield* serve("replay", asking("b 1"), { session: "a" }), [404])
    }))

  it.live("says in the log which call a replayed answer was recorded of", () =>
    Effect.gen(function*() {
      const { serve } = yield* given()
      const events = yield* serve("record-if-missing", (strata) =>
        Effect.andThen(ask(strata, "a", "b"), strata.events({ types: ["llm:request:raw"] })))
      const [recorded, replayed] = events
      assert.strictEqual(field(payloadOf(replayed!), "url"), "recording://ai/v1/chat/completions")
      assert.strictEqual(
        field(field(payloadOf(replayed!), "headers"), "x-strata-recording"),
        `${recorded!.requestId}/1`
      )
    }))

  it.live("finds a request again that had a secret in it", () =>
    Effect.gen(function*() {
      const { folder, serve } = yield* given()
      const said = { session: "a", content: `my key is ${key}` }
      yield* serve("record", (strata) => post(strata, said))
      assert.strictEqual((yield* serve("replay", (strata) => post(strata, said))).status, 200)
      assert.deepStrictEqual(yield* verify(folder, ["a"]), [identical("a", 2)])
    }))

  it.live("keeps the upstream's key out of the log and of what it shows", () =>
    Effect.gen(function*() {
      const { serve } = yield* given()
      for (const mode of ["record", "replay"]) {
        yield* serve(mode, (strata) =>
          Effect.gen(function*() {
            yield* ask(strata, "a")
            const shown = (yield* Http.send(strata.url, "/v1/providers/ai")).json
            const upstream = field(field(shown, "config"), "upstream")
            assert.strictEqual(field(field(upstream, "config"), "api_key"), "[REDACTED]")
            const events = yield* strata.events()
            assert.isTrue(events.some(({ type }) => type === "provider:registered"))
            assert.notInclude(JSON.stringify([shown, events]), key)
          }))
      }
    }))

  it.live("warns, once, that below raw level nothing is recorded that it can replay", () => {
    const warnings: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      if (logLevel === "Warn") warnings.push(String(message))
    })
    return Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { n: 1 }), models: ["m"] })
      const config = {
        mode: "record",
        upstream: { provider_type: "remote::openai", config: { base_url: upstream.url, models: ["m"] } }
      }
      const providers = [{ provider_id: "ai", provider_type: "inline::replay", config }]
      const strata = yield* Strata.make({ providers, level: "debug" })
      assert.deepStrictEqual(yield* ask(strata, "a", "a"), [1, 1])
      assert.deepStrictEqual(warnings, [
        "ai: mode record records nothing it can replay: set recording.level to raw."
      ])
    }).pipe(Effect.provide(Logger.layer([logger])))
  })

  it.live("forgets the oldest recordings where there are more than it may remember", () =>
    Effect.gen(function*() {
      const { serve } = yield* given()
      yield* serve("record", asking("a 1", "a 2", "a 3"))
      assert.deepStrictEqual(yield* serve("replay", asking("a 1", "a 2", "a 3"), { max_recordings: 2 }), [404, 2, 3])
      assert.deepStrictEqual(yield* serve("replay", asking("a 1", "a 2", "a 3")), [1, 2, 3])
    }))
})
