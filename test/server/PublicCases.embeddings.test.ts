/** Public reports about embeddings: each case is a test of a whole server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type OpenAI from "openai"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import * as PublicCases from "../support/PublicCases.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import { fieldsOf, listOf } from "../support/strict/StrictVendor.ts"

const { inputOf, nameOf } = PublicCases

const floats = [0.5, -1, 0.25, 2]
const base64 = "AAAAPwAAgL8AAIA+AAAAQA=="

/** How many inputs a request has, as OpenAI counts them. */
const countOf = (input: unknown): number => Array.isArray(input) && typeof input[0] !== "number" ? input.length : 1

/** A vendor that knows nothing of base64. */
const given = Effect.gen(function*() {
  const vendor = yield* FakeUpstream.make({
    respond: ({ body }) =>
      ScriptedAnswer.json(200, {
        object: "list",
        model: "m",
        data: Array.from({ length: countOf(fieldsOf(body)["input"]) }, (_, index) => ({
          object: "embedding",
          index,
          embedding: floats
        })).toReversed(),
        usage: { prompt_tokens: 2, total_tokens: 2 }
      })
  })
  const strata = yield* Strata.make({ providers: [Strata.openAi(vendor, { models: ["m"] }, "v")] })
  return {
    vendor,
    strata,
    ask: (request: object) => Http.post(strata.url, "/v1/embeddings", { ...request, model: "v/m" })
  }
})

const sentTo = ({ received }: FakeUpstream) =>
  received.filter(({ method }) => method === "POST").map(({ body }) => body)

describe("embeddings", () => {
  it.live(nameOf("embeddings-base64"), () =>
    Effect.gen(function*() {
      const { ask, strata, vendor } = yield* given
      const requests = inputOf("embeddings-base64")["requests"] as ReadonlyArray<object>
      const [both, one, tokens, md5] = yield* Effect.forEach(requests, ask)
      const dataOf = (answer: typeof both) =>
        listOf(fieldsOf(answer?.json)["data"]).map(({ embedding, index }) => [index, embedding])
      assert.deepStrictEqual(dataOf(both), [[0, base64], [1, base64]])
      assert.deepStrictEqual(dataOf(one), [[0, floats]])
      assert.deepStrictEqual(dataOf(tokens), [[0, floats]])
      assert.deepStrictEqual([md5?.status, fieldsOf(fieldsOf(md5?.json)["error"])["param"]], [400, "encoding_format"])
      assert.deepStrictEqual(sentTo(vendor), [
        { input: ["a", "b"], encoding_format: "base64", model: "m" },
        { input: "a", model: "m" },
        { input: [[1, 2, 3]], model: "m" }
      ])
      const client: OpenAI = Sdk.make(strata.url)
      const { data } = yield* Effect.promise(() => client.embeddings.create({ model: "v/m", input: "a" }))
      assert.deepStrictEqual(data.map(({ embedding }) => embedding), [floats])
    }).pipe(Effect.scoped))
})
