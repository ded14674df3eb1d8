/** Real vendor traffic through Strata: the client gets what the vendor sent, and the log tells all of it. */
import { assert, describe, layer } from "@effect/vitest"
import { Console, Effect, Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { apis } from "../../src/apis/Apis.ts"
import type { Envelope } from "../../src/events/types/Envelope.ts"
import { Http } from "../support/Http.ts"
import { keys, RecordedTraffic, vendors } from "../support/RecordedTraffic.ts"
import type { Sent } from "../support/RecordedTraffic.ts"
import { Recordings } from "../support/Recordings.ts"
import type { Strata } from "../support/Strata.ts"

const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]
const answered = ["api:request", "llm:request", "llm:response", "api:response"].flatMap(levels)
const refused = ["api:request", "llm:request", "llm:error", "api:error"].flatMap(levels)

/** The type of the event that led to each. */
const causes: Readonly<Record<string, string>> = {
  "llm:request": "api:request",
  "llm:response": "llm:request",
  "llm:error": "llm:request",
  "api:response": "api:request",
  "api:error": "api:request"
}
const causeOf = (type: string): string | undefined =>
  type.endsWith(":debug") || type.endsWith(":raw") ? type.slice(0, type.lastIndexOf(":")) : causes[type]

/** What `GET /v1/events` shows. */
const shown = (strata: Strata, query: string) =>
  Effect.map(Http.send(strata.url, `/v1/events?limit=100000&${query}`), ({ status, text }) => {
    assert.strictEqual(status, 200)
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Envelope)
  })

const counts = (sent: ReadonlyArray<Sent>) => ({
  requests: sent.length,
  sessions: new Set(sent.map(({ session }) => session)).size,
  json: sent.filter(({ answer }) => answer._tag === "Json").length,
  streams: sent.filter(({ answer }) => answer._tag === "Stream").length,
  chunks: sent.reduce((sum, { answer }) => sum + (answer._tag === "Stream" ? answer.chunks.length : 0), 0),
  errors: sent.filter(({ answer }) => answer._tag === "Error").length
})

describe.skipIf(!Recordings.available)(`recorded traffic ${Recordings.reason}`, () => {
  layer(RecordedTraffic.layer, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.effect.each(vendors)("of %s comes through field by field", (vendor) =>
      Effect.gen(function*() {
        const sent = (yield* RecordedTraffic).sent.filter((each) => each.vendor === vendor)
        assert.lengthOf(sent, Recordings.load({ vendors: [vendor], endpoint: "/v1/chat/completions" }).length)
        for (const { answer, exchange } of sent) assert.deepStrictEqual(answer, exchange.answer)
        yield* Console.log(vendor, counts(sent))
      }))

    it.effect("is an ordered chain of events for each request", () =>
      Effect.gen(function*() {
        const { sent, strata } = yield* RecordedTraffic
        const sessions = Map.groupBy(sent, ({ session }) => session)
        for (const [session, members] of sessions) {
          const events = yield* shown(strata, `session_id=${session}`)
          assert.deepInclude(events[0], { type: "session:start", sessionId: session, requestId: null })
          const requests = Map.groupBy(events.slice(1), ({ requestId }) => requestId)
          assert.deepStrictEqual([...requests.keys()], members.map(({ requestId }) => requestId))
          for (const { answer, requestId } of members) {
            const chain = requests.get(requestId) ?? []
            assert.deepStrictEqual(chain.map(({ type }) => type), answer._tag === "Error" ? refused : answered)
            for (const { causationId, type } of chain) {
              const cause = chain.find((event) => event.type === causeOf(type))
              assert.strictEqual(causationId, cause?.id ?? null)
            }
          }
        }
        yield* Console.log("sessions", sessions.size, counts(sent))
      }))

    it.effect("leaves a log without a gap whose every payload fits its Schema", () =>
      Effect.gen(function*() {
        const { strata } = yield* RecordedTraffic
        const events = yield* shown(strata, "")
        assert.deepStrictEqual(events.map(({ position }) => position), events.map((_, index) => index + 1))
        for (const { payload, position, schemaVersion, type } of events) {
          const definition = apis.catalog.find(type)
          assert.isDefined(definition, `${type} stands in the catalog`)
          assert.strictEqual(schemaVersion, definition?.version)
          const decoded = Schema.decodeExit(definition!.payload as Schema.Codec<unknown, Schema.Json>)(payload)
          assert.strictEqual(decoded._tag, "Success", `${position} ${type}: ${JSON.stringify(decoded)}`)
        }
        yield* Console.log("events", events.length)
      }))

    it.effect("leaves no key in any file of the data folder", () =>
      Effect.gen(function*() {
        const { close, strata } = yield* RecordedTraffic
        const search = () => {
          const files = readdirSync(strata.folder)
          for (const file of files) {
            const bytes = readFileSync(join(strata.folder, file))
            for (const key of keys) assert.isFalse(bytes.includes(key), `${key} in ${file}`)
          }
          return files
        }
        assert.include(search(), "strata.db")
        yield* close
        assert.include(search(), "strata.db")
        assert.isTrue(readFileSync(join(strata.folder, "strata.db")).includes("[REDACTED]"))
      }))
  })
})
