/** A replay is identical, or the first divergence is named: times may differ, an altered recording may not. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import { mask } from "../../../src/events/redaction/Mask.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { headSha256, sha256 } from "../../../src/events/types/Traffic.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import type { Divergence } from "../../../src/kernel/replay/Comparison.ts"
import { compare } from "../../../src/kernel/replay/Comparison.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import { recorded } from "../../support/RecordedEvents.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const response = (payload: object = {}, given: Partial<RecordedEvent> = {}) =>
  recorded(LlmEvents.Response.base, {
    ...given,
    position: 4,
    payload: { status: 200, finish_reason: "stop", duration_ms: 12, time_to_first_chunk_ms: 3, ...payload }
  })

const headers = { date: "Mon", server: "v" }

const framed = (frames: ReadonlyArray<readonly [number, string]>, given: object = {}) =>
  recorded(LlmEvents.Response.raw, {
    position: 5,
    payload: {
      status: 200,
      headers,
      frames,
      encoding: "utf-8",
      sha256: sha256(frames.map(([, text]) => text).join("")),
      ...given
    }
  })

const body = (text: string, digest = sha256(text)) =>
  recorded(ApiEvents.Request.raw, { position: 2, payload: { method: "POST", url: "/", body: text, sha256: digest } })

const chunk = (content: string) => `data: {"choices":[{"delta":{"content":"${content}"}}]}\n\n`

interface Row {
  readonly name: string
  readonly recorded: ReadonlyArray<RecordedEvent>
  readonly found: ReadonlyArray<RecordedEvent>
  readonly divergence: Divergence | undefined
}

const debug = (request: unknown) => recorded(LlmEvents.Request.debug, { position: 3, payload: { request } })
const debugFrames = (response: unknown) => recorded(LlmEvents.Response.debug, { position: 5, payload: { response } })
const sent = (headers: object, url: string, text: string) =>
  recorded(LlmEvents.Request.raw, {
    position: 2,
    payload: { method: "POST", url, headers, body: text, encoding: "utf-8", sha256: sha256(text) }
  })
const asked = (query: object) => recorded(ApiEvents.Request.base, { payload: { operation: "o", query } })
const key = `sk-proj-${SecretForms.body(40)}`

const byCarriageReturns = [`data: 1\r\r`, `data: 2\r\r`, "data: [DONE]\r\r"]

const failed = `{"error":{"message":"no more"}}`
const underSuccess = (family: typeof ApiEvents.Response | typeof ApiEvents.Error, text = failed) => [
  recorded(family.base, {
    payload: family === ApiEvents.Error
      ? { operation: "o", status: 200, error: { message: "no more" }, duration_ms: 1 }
      : { operation: "o", status: 200, stream: false, bytes: 9, content_type: null, duration_ms: 2 }
  }),
  recorded(family.debug, { payload: { response: JSON.parse(text) } }),
  recorded(family.raw, { payload: { status: 200, headers, body: text, encoding: "utf-8", sha256: sha256(text) } })
]

const same: ReadonlyArray<Omit<Row, "divergence">> = [
  {
    name: "an error under 200, which was a response to earlier versions",
    recorded: underSuccess(ApiEvents.Response),
    found: underSuccess(ApiEvents.Error)
  },
  {
    name: "a stream whose lines end in CR alone, which earlier versions did not cut",
    recorded: [framed([[9, byCarriageReturns.join("")]]), debugFrames([byCarriageReturns.join("")])],
    found: [framed(byCarriageReturns.map((text, index) => [index, text])), debugFrames(byCarriageReturns)]
  },
  {
    name: "what was recorded before it was masked",
    recorded: [
      asked({ sig: "abc", a: "b" }),
      sent({ "x-acme-token": "t" }, "/v1?sig=abc", `{"password":"hunter22","text":"${key}"}`)
    ],
    found: [
      asked({ sig: mask, a: "b" }),
      sent({ "x-acme-token": mask }, `/v1?sig=${mask}`, `{"password":"${mask}","text":"${mask}"}`)
    ]
  },
  {
    name: "a stream that was recorded before what spans its frames was masked",
    recorded: [framed([[1, chunk(key.slice(0, 20))], [2, chunk(key.slice(20))]])],
    found: [framed([[1, chunk(mask)], [2, chunk("")]])]
  },
  {
    name: "the same, shown at debug level",
    recorded: [debugFrames([chunk(key.slice(0, 20)), chunk(key.slice(20))])],
    found: [debugFrames([chunk(mask), chunk("")])]
  },
  {
    name: "debug payloads cut to different bounds",
    recorded: [debug({ a: "xx... (truncated 500 characters)" })],
    found: [debug({ a: "xxxx... (truncated 498 characters)", b: 1 })]
  },
  { name: "no events", recorded: [], found: [] },
  { name: "the same events", recorded: [body("{}"), response()], found: [body("{}"), response()] },
  {
    name: "durations, which are declared volatile",
    recorded: [response()],
    found: [response({ duration_ms: 9000, time_to_first_chunk_ms: null })]
  },
  {
    name: "the times of frames, and the vendor's date",
    recorded: [framed([[1, chunk("a")], [2, chunk("b")]])],
    found: [framed([[0, chunk("a")], [0, chunk("b")]], { headers: { date: "Tue", server: "v" } })]
  },
  {
    name: "payloads that were pruned",
    recorded: [recorded(LlmEvents.Response.debug, { payload: null, prunedAt: 1 }), response()],
    found: [recorded(LlmEvents.Response.debug, { payload: { response: {} } }), response()]
  },
  {
    name: "a summary that an earlier version could not read off the answer",
    recorded: [response({ finish_reason: null, usage: null, response_id: "" })],
    found: [response({ finish_reason: "stop", usage: { input_tokens: 1 }, response_id: "c" })]
  },
  {
    name: "position, time, id and place in the stream",
    recorded: [response()],
    found: [response({}, { time: 1, id: "other", stream: "other", version: 9 })]
  }
]

const at = (position: number | null, type: string, path: string, expected: unknown, found: unknown): Divergence => ({
  position,
  type,
  path,
  expected,
  found,
  altered: false
})

const different: ReadonlyArray<Row> = [
  {
    name: "another status",
    recorded: [body("{}"), response()],
    found: [body("{}"), response({ status: 201 })],
    divergence: at(4, "llm:response", "status", 200, 201)
  },
  {
    name: "another summary",
    recorded: [response({ usage: { input_tokens: 1 } })],
    found: [response({ usage: { input_tokens: 2 } })],
    divergence: at(4, "llm:response", "usage.input_tokens", 1, 2)
  },
  {
    name: "a summary that says less",
    recorded: [response({ usage: { input_tokens: 1 } })],
    found: [response({ usage: null })],
    divergence: at(4, "llm:response", "usage", { input_tokens: 1 }, null)
  },
  {
    name: "a duration where it is not declared volatile",
    recorded: [recorded(LlmEvents.Request.base, { position: 3, payload: { duration_ms: 1 } })],
    found: [recorded(LlmEvents.Request.base, { payload: { duration_ms: 2 } })],
    divergence: at(3, "llm:request", "duration_ms", 1, 2)
  },
  {
    name: "a header other than the date",
    recorded: [framed([])],
    found: [framed([], { headers: { date: "Mon", server: "w" } })],
    divergence: at(5, "llm:response:raw", "headers.server", "v", "w")
  },
  {
    name: "the content of a frame",
    recorded: [framed([[1, chunk("a")], [2, chunk("b")]])],
    found: [framed([[1, chunk("a")], [2, chunk("c")]])],
    divergence: at(5, "llm:response:raw", "frames.1.1.choices.0.delta.content", "b", "c")
  },
  {
    name: "a field of the body",
    recorded: [body(`{"payload":1}`)],
    found: [body(`{"payload":2}`)],
    divergence: at(2, "api:request:raw", "body.payload", 1, 2)
  },
  {
    name: "the letters of a body",
    recorded: [body(`{"a":1}`)],
    found: [body(`{"a":1.0}`)],
    divergence: at(2, "api:request:raw", "body", `{"a":1}`, `{"a":1.0}`)
  },
  {
    name: "another attempt",
    recorded: [response({}, { attempt: 1 })],
    found: [response({}, { attempt: 2 })],
    divergence: at(4, "llm:response", "attempt", 1, 2)
  },
  {
    name: "another provider",
    recorded: [response({}, { provider: "a" })],
    found: [response({}, { provider: "b" })],
    divergence: at(4, "llm:response", "provider", "a", "b")
  },
  {
    name: "another cause",
    recorded: [response({}, { causationId: "1" })],
    found: [response({}, { causationId: "2" })],
    divergence: at(4, "llm:response", "causationId", "1", "2")
  },
  {
    name: "another event",
    recorded: [response()],
    found: [recorded(LlmEvents.Error.base, { payload: {} })],
    divergence: at(4, "llm:response", "type", "llm:response", "llm:error")
  },
  {
    name: "an event the replay did not make",
    recorded: [body("{}"), response()],
    found: [body("{}")],
    divergence: at(4, "llm:response", "", "llm:response", undefined)
  },
  {
    name: "an event the recording does not have",
    recorded: [body("{}")],
    found: [body("{}"), response()],
    divergence: at(null, "llm:response", "", undefined, "llm:response")
  },
  {
    name: "several: the first",
    recorded: [body(`{"a":1}`), response()],
    found: [body(`{"a":2}`), response({ status: 500 })],
    divergence: at(2, "api:request:raw", "body.a", 1, 2)
  },
  {
    name: "a body altered after it was written, by what the replay made of it",
    recorded: [body(`{"a":2}`, sha256(`{"a":1}`)), response({ finish_reason: "stop" })],
    found: [body(`{"a":2}`), response({ finish_reason: "length" })],
    divergence: { ...at(2, "api:request:raw", "finish_reason", "stop", "length"), altered: true }
  },
  {
    name: "a status altered after it was written, by what the replay made of it",
    recorded: [response(), framed([], { status: 201, head_sha256: headSha256(200, headers) })],
    found: [response({ status: 201 }), framed([], { status: 201, head_sha256: headSha256(201, headers) })],
    divergence: { ...at(5, "llm:response:raw", "status", 200, 201), altered: true }
  },
  {
    name: "headers altered after they were written, though nothing comes of them",
    recorded: [framed([], { status: 200, head_sha256: headSha256(200, { server: "x" }) })],
    found: [framed([], { status: 200, head_sha256: headSha256(200, headers) })],
    divergence: {
      ...at(5, "llm:response:raw", "head_sha256", headSha256(200, { server: "x" }), headSha256(200, headers)),
      altered: true
    }
  },
  {
    name: "frames altered after they were written, though the replay repeats them",
    recorded: [framed([[1, chunk("b")]], { sha256: sha256(chunk("a")) })],
    found: [framed([[1, chunk("b")]])],
    divergence: {
      ...at(5, "llm:response:raw", "sha256", sha256(chunk("a")), sha256(chunk("b"))),
      altered: true
    }
  }
]

describe("Comparison", () => {
  it.each(same)("is identical but for $name", ({ found, recorded }) => {
    assert.isUndefined(compare(recorded, found, apis.catalog.find))
  })

  it.each(different)("names $name", ({ divergence, found, recorded }) => {
    assert.deepStrictEqual(compare(recorded, found, apis.catalog.find), divergence)
  })

  it("does not depend on the order of calls in branches, and does on that of others", () => {
    const asked = (id: string, call: string, position: number) =>
      recorded(LlmEvents.Request.base, { id, position, attempt: 1, payload: { call, model: id } })
    const events = (first: string, second: string) => [asked("a", first, 1), asked("b", second, 2)]
    const compared = (one: ReadonlyArray<RecordedEvent>) => compare(one, one.toReversed(), () => undefined)
    assert.isUndefined(compared(events("step1/tool1/1", "step1/tool2/1")))
    assert.deepInclude(compared(events("1", "2")), { position: 1, path: "call" })
    const [one, other] = events("step1/tool1/1", "step1/tool2/1")
    assert.deepInclude(compare([one!, other!], [other!], () => undefined), {
      position: 1,
      type: "llm:request",
      path: "call"
    })
  })
})
