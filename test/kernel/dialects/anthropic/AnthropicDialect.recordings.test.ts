/** Real traffic is understood, and said again in the same words. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result, Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/anthropic/SentWire.ts"
import { differences } from "../../../support/Canonical.ts"
import { Recordings } from "../../../support/Recordings.ts"
import * as Streams from "./AnthropicStreams.ts"

const recorded = () => Recordings.load({ endpoint: "/v1/messages" })

const isPlain = (value: unknown): value is string => Predicate.isString(value)

/** Text is one block of it: the one form in which Strata writes it. */
const inBlocks = (request: Schema.JsonObject): Schema.JsonObject => ({
  ...request,
  messages: (request["messages"] as ReadonlyArray<Schema.JsonObject>).map(({ content, ...turn }) => ({
    ...turn,
    content: isPlain(content) ? [{ type: "text", text: content }] : content ?? null
  }))
})

/** A thinking block begins with an empty signature, as clients read it: whether there will be one is not known yet. */
const withoutEmptySignatures = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll("\"signature\":\"\",", ""))

describe.skipIf(!Recordings.available)(`AnthropicDialect, recorded traffic ${Recordings.reason}`, () => {
  it("says requests again: no path is lost, but for the conversation that is empty, which is refused", () => {
    let compared = 0
    for (const { request } of recorded()) {
      const lowered = Result.flatMap(anthropic.raise.request(request), anthropic.lower.request)
      if (Result.isFailure(lowered)) {
        assert.deepStrictEqual(request["messages"], [])
        assert.strictEqual(lowered.failure.param, "messages")
        continue
      }
      compared++
      assert.deepStrictEqual(differences(inBlocks(request), lowered.success.body), [])
      assert.deepStrictEqual(lowered.success.degradations, [])
      Schema.decodeUnknownSync(SentRequest)(lowered.success.body)
    }
    assert.isAtLeast(compared, 6)
  })

  it("says answers again: no path is lost", () => {
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag !== "Json" || answer.status !== 200) continue
      compared++
      const again = anthropic.lower.response(Result.getOrThrow(anthropic.raise.response(answer.body)))
      // What did not stop it is written as null.
      assert.deepStrictEqual(differences({ ...Object(answer.body), stop_sequence: null }, again), [])
    }
    assert.isAtLeast(compared, 5)
  })

  it("knows a failure", () => {
    const failures = recorded().flatMap(({ answer }) => answer._tag === "Json" && answer.status >= 400 ? [answer] : [])
    assert.deepStrictEqual(failures.map(({ body, status }) => anthropic.errors.raise(status, body).kind), [
      "invalid_request"
    ])
    assert.isDefined(anthropic.failureOf({ status: 200, json: failures[0]?.body, frames: undefined }))
  })

  it("understands of a stream what it adds up to, and writes it again", () => {
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag !== "Stream") continue
      compared++
      const text = `${answer.chunks.filter(isPlain).join("\n")}\n\n`
      const parts = Streams.partsOf(anthropic.raise.stream(), text)
      const last = parts.at(-1)
      assert.isTrue(last?.type === "response" && last.response.finish_reason !== null && last.response.usage !== null)
      const again = Streams.partsOf(anthropic.raise.stream(), Streams.written(anthropic.lower.stream(), parts))
      assert.deepStrictEqual(withoutEmptySignatures(again), withoutEmptySignatures(parts))
      const frames = text.split("\n\n").map((frame) => [0, `${frame}\n\n`] as const)
      const summary = anthropic.summary.answer({ status: 200, json: undefined, frames })
      assert.deepInclude(summary, {
        usage: last?.type === "response" ? last.response.usage ?? null : null,
        finish_reason: last?.type === "response" ? last.response.finish_reason ?? null : null
      })
      assert.isUndefined(anthropic.failureOf({ status: 200, json: undefined, frames }))
    }
    assert.isAtLeast(compared, 1)
  })
})
