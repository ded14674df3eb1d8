/** The canonical model as a dialect: what is said comes back as it is, plain and streamed, and a failure keeps its kind. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { canonical } from "../../../../src/kernel/dialects/canonical/CanonicalDialect.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import * as Translation from "../../../../src/kernel/dialects/Translation.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

const response: ChatResponse = {
  content: [
    { type: "thinking", thinking: "t", signature: "S", producer_dialect: "anthropic" },
    { type: "text", text: "Hi", of_tomorrow: [1] },
    { type: "tool_call", id: "c1", name: "f", input: { a: 1 } }
  ],
  finish_reason: "tool_calls",
  usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
  metadata: { id: "r1", model: "m" },
  provider_options: { gemini: { x: 1 } },
  of_tomorrow: { a: null }
}

const request: ChatRequest = {
  model: "p/m",
  messages: [{ role: "user", content: "Hello?" }, { role: "assistant", content: response.content }],
  tools: [{ name: "f", parameters: {} }],
  of_tomorrow: true
}

const onWire = (value: unknown): Schema.JsonObject => JSON.parse(JSON.stringify(value))

const { add } = canonical.lower.stream()
const framesOf = (parts: ReadonlyArray<StreamPart>) => Buffer.concat([...parts.flatMap(add), canonical.lastFrame])

const raised = (bytes: Uint8Array): ReadonlyArray<StreamPart> => {
  const { add, end } = canonical.raise.stream()
  return [...new SseReader().feed(bytes).flatMap((frame) => add(frame)), ...end()]
}

const traffic = (bytes: Uint8Array) => [[0, Buffer.from(bytes).toString()]] as const

const broken: StreamPart = { type: "error", error: { a: 1 }, failure: { kind: "overloaded", message: "busy" } }

describe("CanonicalDialect", () => {
  it("says requests and answers again as they were, with what it does not know", () => {
    const { body, degradations } = Result.getOrThrow(canonical.lower.request(request))
    assert.deepStrictEqual<unknown>([Result.getOrThrow(canonical.raise.request(onWire(body))), degradations], [
      request,
      []
    ])
    const again = Result.getOrThrow(canonical.raise.response(onWire(canonical.lower.response(response))))
    assert.deepStrictEqual<unknown>(again, response)
  })

  it("says streams again part by part", () => {
    const parts = Translation.partsOf(response)
    const bytes = framesOf(parts)
    assert.deepStrictEqual<unknown>(raised(bytes), parts)
    assert.strictEqual(canonical.endingOf?.(Buffer.from(bytes).toString()), "finished")
    assert.isUndefined(canonical.failureOf({ status: 200, json: undefined, frames: traffic(bytes) }))
    assert.deepStrictEqual(canonical.summary.answer({ status: 200, json: undefined, frames: traffic(bytes) }), {
      response_id: "r1",
      response_model: "m",
      finish_reason: "tool_calls",
      usage: response.usage!
    })
  })

  it("knows a stream that is cut off, and one that failed", () => {
    const cut = framesOf(Translation.partsOf(response).slice(0, -1))
    assert.strictEqual(canonical.endingOf?.(Buffer.from(cut).toString()), "cut off")
    assert.strictEqual(
      canonical.failureOf({ status: 200, json: undefined, frames: traffic(cut) })?.type,
      "cut_off"
    )
    const failed = framesOf([broken])
    assert.strictEqual(canonical.endingOf?.(Buffer.from(failed).toString()), "failed")
    assert.deepStrictEqual(canonical.failureOf({ status: 200, json: undefined, frames: traffic(failed) }), {
      type: "vendor_error",
      message: "busy"
    })
    assert.deepStrictEqual<unknown>(
      canonical.failureIn({ json: undefined, frames: traffic(failed) } as never),
      broken
    )
  })

  it("keeps the kind of a failure in its envelope and its frame", () => {
    const envelope = canonical.errors.envelope({ message: "no", kind: "quota_exceeded", status: 429, code: "q" })
    assert.deepInclude(canonical.errors.raise(429, envelope), { kind: "quota_exceeded", message: "no", code: "q" })
    const [part] = raised(canonical.errors.frame(envelope))
    assert.deepInclude(Object(part).failure, { kind: "quota_exceeded", message: "no" })
    assert.deepStrictEqual(canonical.errors.raise(500, "<html>"), {
      kind: "unknown",
      message: "the provider answered 500"
    })
    assert.strictEqual(Object(raised(canonical.errors.frame("no envelope"))[0]).failure.kind, "stream")
  })

  it("says what is wrong with what is none of its own", () => {
    for (const body of [null, [], {}, { messages: [{ role: "nobody", content: "x" }] }]) {
      const failure = Result.getOrThrow(Result.flip(canonical.raise.request(body)))
      assert.strictEqual(failure.dialect, "canonical")
    }
    assert.isTrue(Result.isFailure(canonical.raise.response({ content: "text" })))
    assert.deepStrictEqual(raised(Buffer.from("data: {\"type\":\"nobody\"}\n\ndata: not JSON\n\n")), [])
  })

  it("counts messages and tools of a request", () => {
    assert.deepStrictEqual(canonical.summary.request({ ...request, stream: true }), {
      stream: true,
      message_count: 2,
      tool_count: 1
    })
    assert.deepStrictEqual(canonical.summary.request(null), { stream: false, message_count: 0, tool_count: 0 })
  })
})
