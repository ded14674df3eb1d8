/** However the requests of many clients interleave: each goes out with its own key, and none of the keys is stored. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"

const configured = "Configured-0123456789"
const visible = Schema.String.check(Schema.isPattern(/^[!-~]{8,60}$/))

/** What one client does. `delay`: how long the vendor takes, so that answers come in another order than requests. */
const Asked = Schema.Struct({
  /** None: what is configured goes out. */
  tail: Schema.NullOr(visible),
  stream: Schema.Boolean,
  refused: Schema.Boolean,
  /** Sent for all instances of the type. */
  byType: Schema.Boolean,
  /** The client says its key in its message, too. */
  says: Schema.Boolean,
  delay: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 8 }))
})
type Asked = typeof Asked.Type

const keyOf = ({ tail }: Asked, index: number): string | undefined =>
  tail === null ? undefined : `Key${index}-${tail.slice(0, 40)}`

const long = "x".repeat(20_000)

/** Says back which key it got, in every place a vendor may; payloads are long enough to be compressed. */
const respond = ({ body, headers, method }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (method === "GET") return undefined
  const content = `${headers["authorization"]} ${long}`
  const { metadata, stream } = Object(body)
  const pause = { delay: `${Number(metadata.delay)} millis` as const }
  if (metadata.refused === true) return { ...ScriptedAnswer.error(401, content), ...pause }
  return stream === true
    ? ScriptedAnswer.events(
      (content.match(/[^]{1,4000}/g) ?? []).map((part) => ({ choices: [{ index: 0, delta: { content: part } }] })),
      pause
    )
    : {
      ...ScriptedAnswer.json(200, { choices: [{ message: { content } }] }, { "x-echo": content.slice(0, 50) }),
      ...pause
    }
}

const ask = (strata: Strata, asked: Asked, index: number) => {
  const key = keyOf(asked, index)
  const name = asked.byType ? "remote::openai" : "upstream"
  return Http.post(
    strata.url,
    "/v1/chat/completions",
    {
      model: "upstream/m",
      stream: asked.stream,
      messages: [{ role: "user", content: asked.says ? `mine is ${key}` : "hello" }],
      metadata: { index, delay: asked.delay, refused: asked.refused }
    },
    key === undefined ? {} : { "x-strata-provider-data": JSON.stringify({ [name]: { api_key: key } }) }
  )
}

describe("x-strata-provider-data, many at once", () => {
  it.live.prop(
    "each vendor request has exactly its own key, and no stored byte has any",
    [Schema.Array(Asked).check(Schema.isMinLength(12), Schema.isMaxLength(32))],
    ([all]) =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond, models: ["m"] })
        const strata = yield* Strata.make({
          providers: [Strata.openAi(upstream, { api_key: configured, headers: { "X-Api-Key": `${configured}-too` } })]
        })
        const answers = yield* Effect.forEach(all, (asked, index) => ask(strata, asked, index), {
          concurrency: "unbounded"
        })

        const sent = upstream.received.filter(({ method }) => method === "POST")
        assert.lengthOf(sent, all.length)
        for (const { body, headers } of sent) {
          const { index } = Object(body).metadata
          const own = keyOf(all[index]!, index)
          assert.strictEqual(headers["authorization"], `Bearer ${own ?? configured}`)
          assert.strictEqual(headers["x-api-key"], own === undefined ? `${configured}-too` : undefined)
          assert.notProperty(headers, "x-strata-provider-data")
          if (own !== undefined) assert.notInclude(JSON.stringify(headers), configured)
        }
        for (const [index, { status }] of answers.entries()) assert.strictEqual(status, all[index]!.refused ? 401 : 200)

        const keys = [configured, ...all.flatMap((asked, index) => keyOf(asked, index) ?? [])]
        const forms = keys.flatMap((key) => [key, JSON.stringify(key).slice(1, -1)])
        const stored = (yield* strata.events()).map((event) => Object.values(event).join("\n")).join("\n")
        for (const form of forms) assert.isFalse(stored.includes(form), `${form} in an event`)
        yield* strata.close
        for (const file of readdirSync(strata.folder)) {
          const bytes = readFileSync(join(strata.folder, file))
          for (const form of forms) assert.isFalse(bytes.includes(form), `${form} in ${file}`)
        }
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 12 } }
  )
})
