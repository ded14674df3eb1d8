/** A session goes into a file and comes out again; a line that is not understood is named. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { readFileSync } from "node:fs"
import { sampleFile } from "../../../src/cli/StarterConfiguration.ts"
import { Envelope, toJsonText } from "../../../src/events/types/Envelope.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import * as SessionFile from "../../../src/kernel/sessions/SessionFile.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"
import { header, SessionLines } from "../../support/SessionLines.ts"

const payload = { session_id: "s", opened_by: "client" }
const events = inOrder([
  recorded(Started, { sessionId: "s", time: 1_763_683_200_123, payload }),
  recorded(Started, { requestId: "r", attempt: 2, causationId: "c", provider: "p", parentSessionId: "o", payload })
])
const second: SessionFile.Header = {
  format: "strata.session",
  version: 2,
  description: "d",
  session_id: "s",
  strata_version: "0.1.0",
  exported_at: "2026-11-21T00:00:00.000Z",
  registrations: [{ after_event_id: null, type: "model:registered", payload: { model_id: "p/m" } }]
}
const write = (events: ReadonlyArray<RecordedEvent>) =>
  Effect.map(
    Stream.runCollect(SessionFile.write(second, Stream.fromIterable(events))),
    (lines) => lines.join("")
  )
const line = toJsonText(events[0]!)

const bad = [
  { name: "nothing", text: "", line: 1 },
  { name: "blank lines", text: "\n \n", line: 1 },
  { name: "no header", text: `${line}\n`, line: 1 },
  { name: "a header of another format", text: header.replace("strata.session", "har"), line: 1 },
  { name: "a header of version 2 that leaves out what it needs", text: header.replace("1", "2"), line: 1 },
  { name: "a header of another version", text: header.replace("1", "3"), line: 1 },
  { name: "a line that is no JSON", text: `${header}\n${line}\nhello\n${line}\n`, line: 3 },
  { name: "a last line that was cut off", text: `${header}\n${line}\n${line.slice(0, -10)}`, line: 3 },
  { name: "an event without a type", text: `${header}\n${line.replace("\"type\"", "\"kind\"")}\n`, line: 2 },
  { name: "an event of an unknown level", text: `${header}\n${line.replace("\"default\"", "\"trace\"")}\n`, line: 2 },
  { name: "an event of no time", text: `${header}\n${line.replace(/"time":"[^"]*"/, "\"time\":\"soon\"")}\n`, line: 2 },
  { name: "a time that is none", text: `${header}\n${line.replace(/-11-21T/, "-02-30T")}\n`, line: 2 },
  {
    name: "an attempt that no log can store",
    text: `${header}\n${line.replace("\"attempt\":null", "\"attempt\":3000000000")}\n`,
    line: 2
  },
  { name: "a bad line behind blank ones", text: `\n${header}\n\n${line}\n\nhello\n`, line: 6 }
]

const From1 = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))
const Written = Schema.Struct({
  ...Envelope.fields,
  position: From1,
  version: From1,
  schemaVersion: From1,
  attempt: Schema.NullOr(From1)
})
const Time = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_102_444_800_000 }))
const toEvent = ({ envelope, time }: { readonly envelope: Envelope; readonly time: number }): RecordedEvent => {
  const { payload, prunedAt, tenant, ...rest } = envelope
  const pruned = prunedAt === undefined ? {} : { prunedAt: time }
  return { ...rest, ...pruned, tenant: tenant ?? "", time, payload: JSON.stringify(payload) }
}

describe("SessionFile", () => {
  it.effect("gives back what was written, header and events", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* SessionFile.parse(yield* write(events)), { header: second, events, lines: [2, 3] })
    }))

  it.effect("begins with its header, and has an event a line", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* write(events)).split("\n"), [
        JSON.stringify(second),
        ...events.map(toJsonText),
        ""
      ])
    }))

  it.effect("reads files of the first version", () =>
    Effect.gen(function*() {
      const { events: read, header } = yield* SessionFile.parse(SessionLines.text(events))
      assert.deepStrictEqual([header.version, read], [1, events])
      const sample = yield* SessionFile.parse(readFileSync(sampleFile, "utf8"))
      assert.isAbove(sample.events.length, 50)
    }))

  it.effect("reads files with blank lines, other line ends and none at the end", () =>
    Effect.gen(function*() {
      const text = `${header}\r\n\r\n${line}\r\n${line}`
      assert.strictEqual((yield* SessionFile.parse(text)).events.length, 2)
    }))

  it.effect.each(bad)("refuses $name and says where", ({ line, text }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(SessionFile.parse(text))
      assert.strictEqual(error._tag, "SessionFileInvalid")
      assert.strictEqual(error.line, line)
      assert.include(error.message, `Line ${line} of the session file is not understood: `)
    }))

  it.effect.prop(
    "gives back any events",
    { given: Schema.Array(Schema.Struct({ envelope: Written, time: Time })) },
    ({ given }) =>
      Effect.gen(function*() {
        const written = given.map(toEvent)
        const { events: read } = yield* SessionFile.parse(yield* write(written))
        assert.deepStrictEqual(read.map(toJsonText), written.map(toJsonText))
      })
  )
})
