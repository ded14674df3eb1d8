/** Real vendor traffic is understood, and said again in the same words: every path of JSON that does not survive is listed. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result, Schema } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import * as StreamedAnswer from "../../../../src/kernel/dialects/gemini/StreamedAnswer.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import { Recordings } from "../../../support/Recordings.ts"
import { answerOf, bodyOf, recorded } from "./GeminiTraffic.ts"

type Fields = Schema.JsonObject

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

/** Every path that the second does not have as the first has it. */
const lost = (before: unknown, after: unknown, path = ""): ReadonlyArray<string> => {
  if (Array.isArray(before)) {
    return before.flatMap((each, at) => lost(each, Array.isArray(after) ? after[at] : undefined, `${path}[]`))
  }
  if (isFields(before)) {
    return Object.entries(before).flatMap(([name, each]) =>
      lost(each, isFields(after) ? after[name] : undefined, `${path}.${name}`)
    )
  }
  return before === after ? [] : [path]
}

/** Paths that do not survive, each with its reason. */
const known: Readonly<Record<string, string>> = {}

const unexpected = (paths: ReadonlyArray<string>) => [...new Set(paths)].filter((path) => !Object.hasOwn(known, path))

describe.skipIf(!Recordings.available)(`GeminiDialect, recorded traffic ${Recordings.reason}`, () => {
  it("says requests again as they were", () => {
    const paths: Array<string> = []
    for (const { request } of recorded()) {
      const body = bodyOf(request)
      const again = Result.getOrThrow(gemini.lower.request(Result.getOrThrow(gemini.raise.request(body)))).body
      Schema.decodeUnknownSync(SentRequest)(again)
      paths.push(...lost(body, again), ...lost(again, body))
    }
    assert.isAbove(recorded().length, 15)
    assert.deepStrictEqual(unexpected(paths), [])
  })

  it("says answers again as they were", () => {
    const paths: Array<string> = []
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag !== "Json") continue
      compared++
      const body = answerOf(answer.body)
      const raised = Result.getOrThrow(gemini.raise.response(body, "vertex/m"))
      assert.isNotEmpty(raised.content)
      assert.isAbove(raised.usage?.total_tokens ?? 0, 0)
      paths.push(...lost(body, gemini.lower.response(raised)))
    }
    assert.isAbove(compared, 4)
    assert.deepStrictEqual(unexpected(paths), [])
  })

  it("understands of a stream what it adds up to, and says it again", () => {
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag !== "Stream") continue
      compared++
      const texts = answer.chunks.map((chunk) => `data: ${JSON.stringify(answerOf(chunk))}\r\n\r\n`)
      const text = texts.join("")
      const whole = StreamedAnswer.assemble(text)
      const raiser = gemini.raise.stream("vertex/m")
      const parts = [...new SseReader().feed(Buffer.from(text)).flatMap((frame) => raiser.add(frame)), ...raiser.end()]
      const expected = Result.getOrThrow(gemini.raise.response(whole, "vertex/m"))
      const last = parts.at(-1)
      assert.deepStrictEqual(last?.type === "response" ? last.response : last, expected)
      assert.deepStrictEqual(unexpected(lost(whole, gemini.lower.response(expected))), [])
      assert.strictEqual(gemini.endingOf?.(text), "finished")
      const frames = texts.map((each, at) => [at, each] as const)
      const summary = gemini.summary.answer({ status: 200, json: undefined, frames })
      assert.deepStrictEqual(
        { id: summary.response_id, model: summary.response_model, finish: summary.finish_reason, usage: summary.usage },
        {
          id: whole?.["responseId"],
          model: whole?.["modelVersion"],
          finish: expected.finish_reason,
          usage: expected.usage
        }
      )
    }
    assert.isAbove(compared, 10)
  })
})
