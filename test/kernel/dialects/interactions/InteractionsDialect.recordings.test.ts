/** Recorded traffic of Google's Interactions: raised and lowered it loses nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { earlierInteractions, interactions } from "../../../../src/kernel/dialects/interactions/InteractionsDialect.ts"
import * as Translation from "../../../../src/kernel/dialects/Translation.ts"
import { lowered, raised, read, responseOf, wired } from "../../../support/DialectProperties.ts"
import { Recordings } from "../../../support/Recordings.ts"

const recorded = Recordings.load({ vendors: ["gemini"], endpoint: "/v1beta/interactions" })

const answers = recorded.flatMap(({ answer }) =>
  answer._tag === "Json" && answer.status === 200 ? [answer.body as Schema.JsonObject] : []
)

const refusals = recorded.flatMap(({ answer }) => answer._tag === "Json" && answer.status >= 400 ? [answer] : [])

describe.skipIf(!Recordings.available)(`InteractionsDialect, recorded traffic ${Recordings.reason}`, () => {
  it("says requests again in the same words", () => {
    assert.isAbove(recorded.length, 5)
    for (const { request } of recorded) {
      assert.deepStrictEqual<unknown>(lowered(interactions, raised(interactions, request)).body, request)
    }
  })

  it("says answers again in the same words, plain and streamed", () => {
    assert.isAbove(answers.length, 3)
    for (const body of answers) {
      const answer = Result.getOrThrow(earlierInteractions.raise.response(body, "p/m"))
      assert.deepStrictEqual<unknown>(earlierInteractions.lower.response(answer), body)
      for (const dialect of [interactions, earlierInteractions]) {
        const { add } = dialect.lower.stream()
        const text = Buffer.concat(Translation.partsOf(answer).flatMap((part) => add(part))).toString()
        assert.deepStrictEqual<unknown>(responseOf(read(dialect, text, "p/m")), answer)
      }
    }
  })

  it("keeps signatures, calls and counts over a client of chat completions", () => {
    for (const body of answers) {
      const answer = Result.getOrThrow(interactions.raise.response(body, "p/m"))
      const over = Result.getOrThrow(chat.raise.response(wired(chat.lower.response(answer)), "p/m"))
      assert.deepStrictEqual(over.content.map(({ type }) => type), answer.content.map(({ type }) => type))
      assert.deepStrictEqual(
        over.content.map((block) => block["signature"]),
        answer.content.map((block) => block["signature"])
      )
      assert.strictEqual(over.finish_reason, answer.finish_reason)
      assert.strictEqual(over.usage?.input_tokens, answer.usage?.input_tokens)
    }
  })

  it("reads what a refusal says", () => {
    assert.isAbove(refusals.length, 3)
    for (const { body, status } of refusals) {
      const failure = interactions.errors.raise(status, body)
      assert.strictEqual(failure.kind, "invalid_request")
      assert.strictEqual(failure.code, "invalid_request")
      const { error } = body as { readonly error: { readonly message: string } }
      assert.strictEqual(failure.message, error.message)
      const again = interactions.errors.envelope({ ...failure, code: null, type: failure.type!, status })
      assert.deepStrictEqual<unknown>(again, { error: { message: error.message, code: "invalid_request" } })
    }
  })

  it("summarises an answer as Google counted it", () => {
    const [first] = answers
    const summary = interactions.summary.answer({ status: 200, json: first!, frames: undefined })
    assert.isTrue(Predicate.isString(summary.response_id))
    assert.strictEqual(summary.response_model, "gemini-2.5-flash-lite")
    assert.strictEqual(summary.finish_reason, "tool_calls")
    assert.strictEqual(summary.usage?.total_tokens, 73)
  })
})
