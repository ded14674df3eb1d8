/** Any value in any place of what a client asks or a vendor answers: it is read, or refused, and never fails the reader. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../src/events/types/JsonAccess.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import * as Dialects from "../../../src/kernel/dialects/Dialects.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import type { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import { read, wired } from "../../support/DialectProperties.ts"
import * as SharedPrototypes from "../../support/SharedPrototypes.ts"
import * as Samples from "./LosslessSamples.ts"

type Json = Schema.Json

/** JSON texts: what is no text though it is asked for one, and the names that every object has. */
const values = [
  `{"toString":1,"valueOf":1,"toJSON":1}`,
  `{"__proto__":{"type":"text"}}`,
  `[{"toString":1,"valueOf":1}]`,
  `"__proto__"`,
  `"constructor"`,
  `"toString"`,
  `""`,
  "[]",
  "{}",
  "[[]]",
  "[null]",
  "null",
  "true",
  "-1",
  "1e308"
]

/** As many JSON texts as there are places in a value, each with one place changed. */
const changed = (value: Json, put: string): ReadonlyArray<string> => {
  const parts = Array.isArray(value)
    ? value.map((each: Json) => ["", each] as const)
    : isFields(value)
    ? Object.entries(value).map(([name, each]) => [`${JSON.stringify(name)}:`, each] as const)
    : []
  const texts = parts.map(([name, each]) => `${name}${JSON.stringify(each)}`)
  const around = (at: number, text: string) => {
    const all = texts.with(at, text).join(",")
    return Array.isArray(value) ? `[${all}]` : `{${all}}`
  }
  return [
    put,
    ...parts.flatMap(([name, each], at) => changed(each, put).map((text) => around(at, `${name}${text}`)))
  ]
}

const requestsOf = (dialect: Dialect): ReadonlyArray<Json> =>
  [Samples.chatRequests, Samples.anthropicRequests, Samples.geminiRequests].flatMap((samples, at) => {
    const own = Dialects.all.find(({ name }) => name === ["chat", "anthropic", "gemini"][at])!
    return samples.flatMap(({ body }) => {
      if (own === dialect) return [body]
      const raised = Result.getOrThrow(own.raise.request(body))
      return Result.match(dialect.lower.request({ ...raised, model: "m" }), {
        onSuccess: ({ body }) => [wired(body)],
        onFailure: () => []
      })
    })
  })

const answersOf = (): ReadonlyArray<ChatResponse> =>
  [Samples.chatAnswers, Samples.anthropicAnswers, Samples.geminiAnswers].flatMap((samples, at) => {
    const own = Dialects.all.find(({ name }) => name === ["chat", "anthropic", "gemini"][at])!
    return samples.map(({ body }) => Result.getOrThrow(own.raise.response(body, "p/m")))
  })

/** What is written is JSON: no name of a client's or a vendor's brings in what every object has. */
const assertJson = (value: unknown): void => {
  if (value === Object.prototype) throw new Error("the prototype of objects is no JSON")
  if (typeof value === "function" || typeof value === "symbol") throw new Error(`${typeof value} is no JSON`)
  if (typeof value === "object" && value !== null) { for (const each of Object.values(value)) assertJson(each) }
}

const lowerRequest = (request: ChatRequest) => {
  assertJson(request)
  for (const dialect of Dialects.all) assertJson(dialect.lower.request({ ...request, model: "m" }))
}

const lowerAnswer = (answer: ChatResponse) => {
  assertJson(answer)
  for (const dialect of Dialects.all) {
    assertJson(dialect.lower.response(answer))
    const lowerer = dialect.lower.stream()
    for (const part of Translation.partsOf(answer)) lowerer.add(part)
  }
}

/** Where it fails, and at what. */
const failuresOf = (bodies: ReadonlyArray<Json>, puts: ReadonlyArray<string>, use: (text: string) => void) => {
  const failures = new Set<string>()
  for (const text of bodies.flatMap((body) => puts.flatMap((put) => changed(body, put)))) {
    try {
      use(text)
    } catch (error) {
      failures.add(`${(error as Error).stack?.split("\n").slice(0, 3).join(" ")}: ${text.slice(0, 500)}`)
    }
    for (const name of SharedPrototypes.added()) failures.add(`${name} is added: ${text.slice(0, 500)}`)
  }
  return [...failures]
}

const framesOf = (dialect: Dialect, answer: ChatResponse): ReadonlyArray<string> => {
  const lowerer = dialect.lower.stream()
  return Translation.partsOf(answer).flatMap((part) =>
    Buffer.concat(lowerer.add(part)).toString().split("\n\n").filter((frame) => frame !== "")
  )
}

const typeOf = (data: Json): string =>
  isFields(data) ? `${JSON.stringify(data["type"])} ${Object.keys(data).join()}` : ""

describe("all dialects", () => {
  it.each(Dialects.all)("take any value anywhere in a request of $name", (dialect) => {
    const failures = failuresOf(requestsOf(dialect), values, (text) => {
      const body: unknown = JSON.parse(text)
      assertJson(dialect.summary.request(body))
      const raised = dialect.raise.request(body)
      if (Result.isFailure(raised)) return
      lowerRequest(raised.success)
      if (dialect.raise.forOthers !== undefined) lowerRequest(dialect.raise.forOthers(raised.success))
    })
    assert.deepStrictEqual(failures, [])
  }, 60_000)

  it.each(Dialects.all)("take any value anywhere in an answer of $name", (dialect) => {
    const bodies = answersOf().map((answer) => wired(dialect.lower.response(answer)) as Json)
    const failures = failuresOf(bodies, values, (text) => {
      const body: unknown = JSON.parse(text)
      assertJson(dialect.summary.answer({ status: 200, json: body, frames: undefined }))
      assertJson(dialect.failureIn({ json: body, frames: undefined }))
      for (const error of [body, { error: body }]) assertJson(dialect.errors.raise(500, error))
      dialect.conversation.answer(text, false)
      const raised = dialect.raise.response(body, "p/m")
      if (Result.isSuccess(raised)) lowerAnswer(raised.success)
    })
    assert.deepStrictEqual(failures, [])
  }, 60_000)

  it.each(Dialects.all)("take any value anywhere in a stream of $name", (dialect) => {
    const types = new Set<string>()
    const failures = answersOf().flatMap((answer) => {
      const frames = framesOf(dialect, answer)
      return frames.flatMap((frame, at) => {
        const [, head = "", data = ""] = /^((?:event: .*\n)?(?:data: )?)(.*)$/s.exec(frame) ?? []
        if (!data.startsWith("{")) return []
        const body: Json = JSON.parse(data)
        if (types.has(typeOf(body))) return []
        types.add(typeOf(body))
        return failuresOf([body], values, (text) => {
          const whole = frames.with(at, `${head}${text}`).map((each) => `${each}\n\n`).join("")
          dialect.conversation.answer(whole, true)
          assertJson(dialect.summary.answer({ status: 200, json: undefined, frames: [[0, whole]] }))
          const parts = read(dialect, whole, "p/m")
          assertJson(parts)
          for (const other of Dialects.all) {
            const lowerer = other.lower.stream()
            for (const part of parts) lowerer.add(part)
          }
        })
      })
    })
    assert.isNotEmpty([...types])
    assert.deepStrictEqual(failures, [])
  }, 60_000)
})
