/** What is asked in process leaves the events it would leave over HTTP, and verifies. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Struct } from "effect"
import type { Schema } from "effect"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as InProcess from "../../support/InProcess.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const completion = {
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }]
}
const chunks = ["Hel", "lo"].map((content) => ({ id: "c", choices: [{ index: 0, delta: { content } }] }))

const answers: Readonly<Record<string, ScriptedAnswer>> = {
  json: ScriptedAnswer.json(200, completion, { "x-ratelimit-limit": "9" }),
  stream: ScriptedAnswer.events(chunks),
  broken: ScriptedAnswer.events(chunks, { destroyAfter: 1 }),
  refused: { ...ScriptedAnswer.error(429, "slow down"), headers: { "retry-after": "2" } } as ScriptedAnswer,
  mute: ScriptedAnswer.json(200, [])
}
const respond = ({ body }: ReceivedRequest) => answers[String(Object(body).model)]

const rows = [
  { model: "upstream/json", name: "JSON", last: "api:response:raw", verifies: true },
  { model: "upstream/stream", name: "a stream", last: "api:response:raw", verifies: true },
  { model: "upstream/broken", name: "a stream that breaks", last: "api:error:raw", verifies: true },
  { model: "upstream/refused", name: "a vendor's error", last: "api:error:raw", verifies: true },
  { model: "upstream/mute", name: "an answer that is not understood", last: "api:error:raw", verifies: true },
  { model: "nobody/knows", name: "an unknown model", last: "api:error:raw", verifies: true }
] as const

const payload = (model: string): Schema.JsonObject => ({
  model,
  stream: model === "upstream/stream" || model === "upstream/broken",
  messages: [{ role: "user", content: "Hello?" }]
})

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond, models: Object.keys(answers) })
  return yield* Strata.make({ level: "raw", providers: [Strata.openAi(upstream)] })
})

const volatile = /^(?:date|x-request-id|x-strata-session-id|connection|keep-alive|transfer-encoding)$/

/** What is the same however it was asked. */
const comparable = ({ level, payload, type, ...event }: RecordedEvent) => {
  const { duration_ms, frames, headers, ...value } = Object(payloadOf({ level, payload, type, ...event }))
  const rest = Struct.omit(value, ["time_to_first_chunk_ms", "head_sha256"])
  return {
    type,
    level,
    provider: event.provider,
    attempt: event.attempt,
    durations: typeof duration_ms,
    payload: type === "session:start" ? {} : rest,
    ...frames === undefined ? {} : { frames: frames.map(([, text]: [number, string]) => text) },
    ...type === "api:request:raw" || headers === undefined
      ? {}
      : { headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !volatile.test(name))) }
  }
}

describe("a request in process", () => {
  it.live.each(rows.flatMap((row) => [undefined, "named"].map((session) => ({ ...row, session }))))(
    "answered with $name leaves what it leaves over HTTP, session: $session",
    ({ last, model, session, verifies }) =>
      Effect.gen(function*() {
        const strata = yield* given
        const asked = session === undefined ? {} : { session: "in-process" }
        const named = session === undefined ? {} : { "x-strata-session-id": "over-http" }
        yield* strata.inProcess(Effect.exit(Effect.flatMap(InProcess.chat(payload(model), asked), InProcess.textOf)))
        yield* Http.post(strata.url, "/v1/chat/completions", payload(model), named)
        const all = Strata.ofClients(yield* strata.events()).filter(({ requestId }) => requestId !== null)
        const [mine, theirs] = [...Map.groupBy(all, ({ requestId }) => requestId).values()]
        assert.strictEqual(mine?.at(-1)?.type, last)
        assert.deepStrictEqual(mine!.map(comparable), theirs!.map(comparable))
        const sessionId = mine![0]!.sessionId
        if (session !== undefined) assert.strictEqual(sessionId, "in-process")
        const report = Object((yield* Http.post(strata.url, `/v1/sessions/${sessionId}/verify`, {})).json)
        if (verifies) assert.deepInclude(report, { status: "identical", requests: 1, skipped: [] })
      }).pipe(Effect.scoped)
  )
})
