/** A test suite of an application, once with its vendor and then without: real traffic, OpenAI's own client. */
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import type { RecordedAnswer } from "../support/Recordings.ts"
import { Recordings } from "../support/Recordings.ts"
import { Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"
import { verify } from "../support/verify.ts"

const suite = Recordings.loadSessions({
  vendors: ["openai", "azure", "watsonx", "vllm"],
  endpoint: "/v1/chat/completions"
})
  .flatMap(({ exchanges }, index) => exchanges.map(({ request }) => ({ request, session: `test-${index}` })))

const key = "sk-upstream-0123456789"
const toModel = ({ request }: (typeof suite)[number]): Schema.JsonObject => ({
  ...request,
  model: `ai/${String(request["model"])}`
})

/** The same body in other letters: its keys from the last to the first, whole numbers with a fraction of zero. */
const respell = (value: Schema.Json): string => {
  if (typeof value === "number") return Number.isInteger(value) ? `${value}.0` : String(value)
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(respell).join(", ")}]`
  const entries = Object.entries(value).toReversed()
  return `{ ${entries.map(([name, each]) => `${JSON.stringify(name)} : ${respell(each as Schema.Json)}`).join(", ")} }`
}

const chunksOf = (text: string): ReadonlyArray<Schema.Json> =>
  text.split("\n\n").filter((frame) => frame.startsWith("data: {")).map((frame) => JSON.parse(frame.slice(6)))

/** What OpenAI's client would make of it. */
const answerOf = (status: number, text: string): RecordedAnswer =>
  status >= 400
    ? { _tag: "Error", status, body: JSON.parse(text) }
    : text.startsWith("data:")
    ? { _tag: "Stream", status, chunks: chunksOf(text) }
    : { _tag: "Json", status, body: JSON.parse(text) }

describe.skipIf(!Recordings.available)(`a test suite, recorded and replayed ${Recordings.reason}`, () => {
  it.live(
    "gets the same answers with the vendor switched off, however its requests are spelt",
    () =>
      Effect.gen(function*() {
        const exchanges = Recordings.load({ endpoint: "/v1/chat/completions" })
        const models = [...new Set(suite.map(({ request }) => String(request["model"])))]
        const upstream = yield* FakeUpstream.make({ exchanges, models, apiKey: key })
        const folder = yield* TemporaryFolder.make

        const serve = (mode: string, api_key: string) => {
          const config = {
            mode,
            upstream: { provider_type: "remote::openai", config: { base_url: upstream.url, api_key } }
          }
          return Strata.make({ folder, providers: [{ provider_id: "ai", provider_type: "inline::replay", config }] })
        }
        const run = (strata: Strata) => {
          const client = Sdk.make(strata.url)
          return Effect.forEach(suite, (each) =>
            Effect.map(
              Sdk.ask(client, toModel(each), { "x-strata-session-id": each.session }),
              ({ answer }) => answer
            )).pipe(Effect.tap(strata.close))
        }

        const recorded = yield* run(yield* serve("record-if-missing", key))
        assert.isAbove(recorded.filter(({ _tag }) => _tag === "Stream").length, 20)
        assert.isAbove(recorded.filter(({ _tag }) => _tag === "Json").length, 10)
        yield* upstream.close

        assert.deepStrictEqual(yield* run(yield* serve("replay", "")), recorded)

        const strata = yield* serve("replay", "")
        const respelt = yield* Effect.forEach(suite, (each) =>
          Effect.map(
            Http.post(strata.url, "/v1/chat/completions", respell(toModel(each)), {
              "x-strata-session-id": each.session
            }),
            ({ status, text }) => answerOf(status, text)
          ))
        yield* strata.close
        assert.deepStrictEqual(respelt, recorded)

        const sessions = new Set(suite.map(({ session }) => session))
        const reports = yield* verify(folder, sessions)
        for (const { divergence, skipped } of reports) {
          assert.deepStrictEqual({ divergence, skipped }, { divergence: undefined, skipped: [] })
        }
        const requests = reports.reduce((sum, { requests }) => sum + requests, 0)
        assert.strictEqual(requests, 3 * suite.length)
        yield* Console.log({ requests: suite.length, asked: upstream.received.length, sessions: sessions.size })
      }),
    60_000
  )
})
