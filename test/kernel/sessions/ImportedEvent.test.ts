/** Of the events of a file those come in that a session can have, also where others than Strata record them. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as Event from "../../../src/events/types/Event.ts"
import * as ImportedEvent from "../../../src/kernel/sessions/ImportedEvent.ts"
import { Ended } from "../../../src/kernel/sessions/SessionEvents.ts"
import * as EventSamples from "../../support/EventSamples.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const id = "01a1fc2f-0b73-7bdd-821a-ae71e6370001"
const given = { id, sessionId: "s", stream: "session-s" }

const Poem = Event.define("poem:written", {
  durability: "state",
  description: "A poem was written.",
  payload: Schema.Struct({ lines: Schema.Int })
})
const poem = (lines: unknown) => recorded(Poem, { ...given, payload: { lines } })

/** What a provider from outside may say of models is not what the registry says. */
const taken = Event.define("model:registered", { ...Poem, description: "Not Strata's." })

const checker = (...contributed: Parameters<typeof ImportedEvent.checker>[2]) =>
  ImportedEvent.checker(apis.catalog, apis.kinds, contributed).event

/** A session's own id stands in the payloads of its lifecycle. */
const samples = EventSamples.all().flatMap(({ file, text, type, version }) => {
  const definition = apis.catalog.ofSessions.find((each) => each.type === type)
  if (definition === undefined) return []
  const payload = JSON.parse(text)
  const sessionId = String(payload.session_id ?? "s")
  const parentSessionId = payload.parent_session_id ?? null
  const event = recorded(definition, { id, sessionId, parentSessionId, stream: `session-${sessionId}`, payload })
  return [{ file, event: { ...event, schemaVersion: version } }]
})

describe("ImportedEvent", () => {
  it.each(samples)("takes what was ever recorded in a session: $file", ({ event }) => {
    assert.isUndefined(checker()(event))
  })

  it("takes an event from outside where what records it is here, and decodes it", () => {
    assert.isUndefined(checker(Poem)(poem(4)))
    assert.strictEqual(checker(Poem)(poem("four"))?.path, "payload.lines")
    assert.deepInclude(checker()(poem(4)), { path: "type" })
    assert.match(checker()(poem(4))?.message ?? "", /not known here: import it where what records it is served/)
  })

  it("takes no registration for an event of a session, whoever says it is one", () => {
    assert.strictEqual(checker(taken)(recorded(taken, { ...given, payload: { lines: 1 } }))?.path, "type")
  })

  it("takes a payload that was removed to save space only where one may be", () => {
    const observed = samples.find(({ event }) => event.type === "llm:request:raw")
    assert.isUndefined(checker()({ ...observed!.event, payload: "null" }))
    assert.strictEqual(checker()({ ...recorded(Ended, given), payload: "null" })?.path, "payload")
  })
})
