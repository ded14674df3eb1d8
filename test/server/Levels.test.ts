/** How much is recorded: the configuration, a provider's flags, and the header of a request, through the whole server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import type { Level } from "../../src/events/types/Event.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const chunks = ["Hel", "lo"].map((content) => ({ id: "1", choices: [{ index: 0, delta: { content } }] }))
const outcomes: Readonly<Record<string, ScriptedAnswer>> = {
  json: ScriptedAnswer.json(200, { id: "1", choices: [{ index: 0, message: { role: "assistant", content: "Hi" } }] }),
  stream: ScriptedAnswer.events(chunks),
  broken: ScriptedAnswer.events(chunks, { destroyAfter: 1 }),
  error: ScriptedAnswer.error(429, "slow down")
}
const respond = ({ body }: ReceivedRequest) =>
  outcomes[String(Object(body).model)] ?? ScriptedAnswer.error(400, "what?")

/** The providers by the level their flags give; `none` has no flags. */
const flags: Readonly<Record<string, Schema.JsonObject>> = {
  none: {},
  default: { debug: false },
  debug: { debug: "true" },
  raw: { raw_debug: true }
}

const start = Effect.fnUntraced(function*(level: Level, max_level: Level = "raw") {
  const upstream = yield* FakeUpstream.make({ respond })
  const models = Object.keys(outcomes)
  return yield* Strata.make({
    level,
    recording: { max_level },
    providers: Object.entries(flags).map(([id, config]) => Strata.openAi(upstream, { models, ...config }, id))
  })
})

const ask = (strata: Strata, provider: string, outcome: string, header?: string, session?: string) =>
  Http.post(strata.url, "/v1/chat/completions", {
    model: `${provider}/${outcome}`,
    stream: outcome === "stream" || outcome === "broken",
    messages: [{ role: "user", content: "hello" }]
  }, {
    ...(header === undefined ? {} : { "x-strata-level": header }),
    ...(session === undefined ? {} : { "x-strata-session-id": session })
  })

const levels = ["default", "debug", "raw"] as const
const upTo = (type: string, level: Level) =>
  levels.filter((each) => levels.indexOf(each) <= levels.indexOf(level)).map((each) =>
    each === "default" ? type : `${type}:${each}`
  )

const expected = (outcome: string, request: Level, calls: Level) => {
  const answered = outcome === "json" || outcome === "stream"
  return [
    upTo("api:request", request),
    upTo("llm:request", calls),
    upTo(answered ? "llm:response" : "llm:error", calls),
    upTo(answered ? "api:response" : "api:error", request)
  ].flat()
}

const namespaceOf = (type: string) => type.split(":")[0]!

const counter = ({ id }: RecordedEvent) => Number.parseInt(id.slice(-4), 16)

describe("Levels", () => {
  it.live.each<readonly [Level, Level]>([["default", "raw"], ["raw", "raw"], ["raw", "debug"], ["default", "default"]])(
    "of level %s and max_level %s, with every flag and header, for JSON, streams and errors",
    ([level, max]) =>
      Effect.gen(function*() {
        const strata = yield* start(level, max)
        const lower = (one: Level) => levels[Math.min(levels.indexOf(one), levels.indexOf(max))]!
        for (const provider of Object.keys(flags)) {
          for (const header of [undefined, ...levels]) {
            for (const outcome of Object.keys(outcomes)) {
              const { headers } = yield* ask(strata, provider, outcome, header)
              const requestId = String(headers["x-request-id"])
              const events = (yield* strata.events()).filter((event) => event.requestId === requestId)
              const calls = header ?? (provider === "none" ? level : provider as Level)
              const types = expected(outcome, lower(header ?? level), lower(calls))
              const name = `${provider}, ${header}, ${outcome}`
              assert.deepStrictEqual(events.map(({ type }) => type), types, name)
              // At every level an event has the id it has at raw; a call numbers its own.
              const all = Object.groupBy(expected(outcome, "raw", "raw"), namespaceOf)
              const counters = types.map((type) => (all[namespaceOf(type)] ?? []).indexOf(type) + 1)
              assert.deepStrictEqual(events.map(counter), counters, name)
            }
          }
        }
      }).pipe(Effect.scoped)
  )

  it.live("refuses a header that names no level, and records nothing of it", () =>
    Effect.gen(function*() {
      const strata = yield* start("raw")
      const { json, status } = yield* ask(strata, "none", "json", "verbose")
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(json, {
        error: {
          message: "The header x-strata-level must be default, debug or raw.",
          type: "invalid_request_error",
          param: "x-strata-level",
          code: "invalid_level"
        }
      })
      assert.deepStrictEqual(Strata.ofClients(yield* strata.events()).filter(({ requestId }) => requestId !== null), [])
    }).pipe(Effect.scoped))

  it.live("keeps the flags where a replay finds them", () =>
    Effect.gen(function*() {
      const strata = yield* start("raw")
      const registered = yield* strata.events({ types: ["provider:registered"] })
      const found = registered.map((event) => Object(payloadOf(event)))
      assert.deepStrictEqual(
        found.map(({ config: { debug, raw_debug }, provider_id }) => [provider_id, debug, raw_debug]),
        [["none", undefined, undefined], ["default", false, undefined], ["debug", "true", undefined], [
          "raw",
          undefined,
          true
        ]]
      )
    }).pipe(Effect.scoped))

  const below = "it was not recorded at raw level"
  const calls = "a provider call was not recorded at raw level"
  it.live.each<readonly [level: Level, provider: string, header: Level | undefined, skipped: string | undefined]>([
    ["raw", "none", undefined, undefined],
    ["raw", "raw", undefined, undefined],
    ["default", "none", "raw", undefined],
    ["default", "default", "raw", undefined],
    ["raw", "debug", "raw", undefined],
    ["raw", "default", undefined, calls],
    ["raw", "debug", undefined, calls],
    ["default", "raw", undefined, below],
    ["raw", "none", "debug", below],
    ["default", "none", undefined, below]
  ])(
    "verifies like with like: level %s, flags %s, header %s: %s",
    ([level, provider, header, skipped]) =>
      Effect.gen(function*() {
        const strata = yield* start(level)
        for (const outcome of Object.keys(outcomes)) yield* ask(strata, provider, outcome, header, outcome)
        yield* strata.close
        const reports = yield* verify(strata.folder, Object.keys(outcomes))
        for (const { divergence, requests, session, skipped: found } of reports) {
          assert.isUndefined(divergence, `${session}: ${JSON.stringify(divergence)}`)
          assert.strictEqual(requests, 1)
          assert.deepStrictEqual(found.map(({ reason }) => reason), skipped === undefined ? [] : [skipped])
        }
      }).pipe(Effect.scoped)
  )
})
