/** Real vendor traffic is understood, and said again in the same words. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result, Schema } from "effect"
import { field, listOf } from "../../../../src/events/types/JsonAccess.ts"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/chat/SentWire.ts"
import * as StreamedMessage from "../../../../src/kernel/dialects/chat/StreamedMessage.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import { Recordings } from "../../../support/Recordings.ts"

const saysNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)

/** What says nothing is left out, and one part of text alone is as good as the text: vendors write both. */
const essence = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const [first] = value
    const plain = value.length === 1 && field(first, "type") === "text" && Object.keys(first as object).length === 2
    return plain ? field(first, "text") : value.map(essence)
  }
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => !saysNothing(each)).map(([name, each]) => [name, essence(each)])
  )
}

const recorded = () => Recordings.load({ endpoint: "/v1/chat/completions" })

const firstOnly = (body: Schema.JsonObject) => ({
  ...body,
  choices: (body["choices"] as ReadonlyArray<Schema.JsonObject>).slice(0, 1).map((
    { finish_reason, message, ...rest }
  ) => ({
    ...rest,
    index: 0,
    finish_reason: finish_reason ?? null,
    message: message ?? null
  }))
})

/** How likely the tokens of a stream's text were: those of thoughts, and of what nobody sees, are of no text. */
const logprobsOf = (chunks: ReadonlyArray<unknown>) => {
  const choices = chunks.map((chunk) => listOf(field(chunk, "choices"))[0])
  const contentOf = (choice: unknown) => field(field(choice, "delta"), "content")
  const first = choices.findIndex((choice) => Predicate.isString(contentOf(choice)) && contentOf(choice) !== "")
  return choices.flatMap((choice, at) =>
    at >= first && Predicate.isString(contentOf(choice)) ? listOf(field(field(choice, "logprobs"), "content")) : []
  )
}

describe.skipIf(!Recordings.available)(`ChatDialect, recorded traffic ${Recordings.reason}`, () => {
  it("says requests again as they were", () => {
    let compared = 0
    for (const { request } of recorded()) {
      const raised = chat.raise.request(request)
      if (Result.isFailure(raised)) continue
      compared++
      const lowered = Result.getOrThrow(chat.lower.request(raised.success)).body
      assert.deepStrictEqual(essence(lowered), essence(request))
      Schema.decodeUnknownSync(SentRequest)(lowered)
    }
    assert.isAbove(compared, 100)
  })

  it("says answers again as they were", () => {
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag !== "Json") continue
      compared++
      const body = answer.body as Schema.JsonObject
      const raised = Result.getOrThrow(chat.raise.response(body, "p/m"))
      assert.deepStrictEqual(essence(chat.lower.response(raised)), essence(firstOnly(body)))
    }
    assert.isAbove(compared, 40)
  })

  it("understands of a stream what it adds up to", () => {
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag !== "Stream" || answer.chunks.some(Predicate.isString)) continue
      const text = answer.chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")
      const whole = StreamedMessage.assemble(text)
      if (whole === undefined) continue
      compared++
      const source = chat.raise.stream("p/m")
      const parts = [...new SseReader().feed(Buffer.from(text)).flatMap((frame) => source.add(frame)), ...source.end()]
      const last = parts.at(-1)
      const content = logprobsOf(answer.chunks)
      const choice = content.length === 0 ? whole : { ...whole, logprobs: { content } }
      const expected = Result.getOrThrow(chat.raise.response({ choices: [choice] }, "p/m"))
      assert.deepStrictEqual(last?.type === "response" ? last.response.content : last, expected.content)
      assert.deepStrictEqual(
        parts.flatMap((part) => part.type === "block_end" ? [part.block] : []).map((block) => essence(block)),
        expected.content.map((block) => essence(block))
      )
    }
    assert.isAbove(compared, 50)
  })
})
