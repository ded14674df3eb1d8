/** How answers of the dialect end and fail, and what is said of them at default level. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import { answer, frame, framesOf, message, streamOf, text } from "./ResponsesSamples.ts"

const error = { code: "rate_limit_exceeded", message: "Slow down" }
const failed = { type: "response.failed", response: answer([], { status: "failed", error }) }
const flat = { type: "error", sequence_number: 3, ...error, param: null }
const nested = { type: "error", sequence_number: 3, error: { type: "too_many_requests", ...error, param: null } }
const body = answer([message("msg_1", text("Hi"))])
const bytes = streamOf([message("msg_1", text("Hi"))])

const framed = (given: ReadonlyArray<Uint8Array>) =>
  ({ status: 200, json: undefined, frames: given.map((each) => [0, Buffer.from(each).toString()] as const) }) as const
const plain = (json: unknown) => ({ status: 200, json, frames: undefined })

const partsOf = (given: ReadonlyArray<Uint8Array>): ReadonlyArray<StreamPart> => {
  const raiser = responses.raise.stream()
  return [...framesOf(given).flatMap((each) => raiser.add(each)), ...raiser.end()]
}

describe("ResponsesEnding", () => {
  it.each([["a failed response", failed], ["an error", flat], ["an error in an envelope", nested]])(
    "finds %s in a stream",
    (_, event) => {
      const given = [...bytes.slice(0, 3), frame(event as Schema.JsonObject)]
      assert.deepStrictEqual(responses.failureOf(framed(given)), { type: "vendor_error", message: "Slow down" })
      assert.deepStrictEqual(responses.failureIn(framed(given)), event)
      assert.strictEqual(responses.endingOf?.(Buffer.concat(given).toString()), "failed")
      const last = partsOf(given).at(-1)
      assert.deepInclude(last?.type === "error" ? last.failure : last, { kind: "rate_limit", message: "Slow down" })
    }
  )

  it("finds a failure in a body, and none in an answer", () => {
    assert.deepStrictEqual(responses.failureOf(plain(failed.response)), { type: "vendor_error", message: "Slow down" })
    assert.isUndefined(responses.failureOf(plain(body)))
    assert.isUndefined(responses.failureOf(framed(bytes)))
  })

  it("finds by its last frame that a stream is finished, and nothing else", () => {
    const texts = bytes.map((each) => Buffer.from(each).toString())
    assert.deepStrictEqual(
      texts.map((each) => responses.isFinished?.(each.slice(0, 128))),
      texts.map((each) => each.startsWith("event: response.completed"))
    )
    assert.strictEqual(
      responses.isFinished?.(texts.at(-1) === "data: [DONE]\n\n" ? texts.at(-2)! : texts.at(-1)!),
      true
    )
  })

  it("finds that a stream was cut off", () => {
    assert.strictEqual(responses.failureOf(framed(bytes.slice(0, -1)))?.type, "cut_off")
  })

  it.each(
    [
      [400, { error: { message: "too long", code: "context_length_exceeded" } }, "context_length"],
      [401, { error: { message: "no", code: "invalid_api_key" } }, "authentication"],
      [429, { error: { message: "no", code: "insufficient_quota" } }, "quota_exceeded"],
      [500, {}, "unavailable"]
    ] as const
  )("understands what a refusal with %s says", (status, refusal, kind) => {
    assert.strictEqual(responses.errors.raise(status, refusal).kind, kind)
  })

  it("writes an error in mid-stream for clients of both documents", () => {
    const [read] = framesOf([responses.errors.frame(responses.errors.envelope({ message: "no", code: "c" }))])
    assert.strictEqual(read?.event?.event, "error")
    const value = JSON.parse(read?.data ?? "")
    assert.deepInclude(value, { type: "error", message: "no", code: "c", param: null })
    assert.deepInclude(value.error, { message: "no", code: "c" })
  })

  it("sums up requests and answers, plain and streamed alike", () => {
    assert.deepStrictEqual(responses.summary.request({ input: "a", stream: true, tools: [{}] }), {
      stream: true,
      message_count: 1,
      tool_count: 1
    })
    const summary = responses.summary.answer(plain(body))
    assert.deepInclude(summary, { response_id: "resp_1", response_model: "gpt-5", finish_reason: "completed" })
    assert.strictEqual(summary.usage?.cache_read_tokens, 20)
    assert.deepStrictEqual(responses.summary.answer(framed([...bytes, responses.lastFrame])), summary)
    const short = answer([], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } })
    assert.strictEqual(responses.summary.answer(plain(short)).finish_reason, "max_output_tokens")
  })
})
