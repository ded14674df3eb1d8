/** What everything that makes embeddings does, whatever is behind it. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type OpenAI from "openai"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as EmbeddingVector from "../../src/kernel/embeddings/EmbeddingVector.ts"
import type { Embedder } from "./Embedders.ts"
import { Http } from "./Http.ts"
import { Sdk } from "./Sdk.ts"
import { Strata } from "./Strata.ts"
import { ways } from "./StrataBehindStrata.ts"
import { fieldsOf, listOf } from "./strict/StrictVendor.ts"
import { verify } from "./verify.ts"

const path = "/v1/embeddings"
const texts = ["Which is warmer, Oslo or Rome?", "A cat sits on the mat.", "ünï 🌧"]

const dataOf = (json: unknown) => listOf(fieldsOf(json)["data"])

const numbersOf = (embedding: unknown): ReadonlyArray<number> =>
  typeof embedding === "string"
    ? Array.from(EmbeddingVector.fromBase64(embedding) ?? [])
    : embedding as ReadonlyArray<number>

const vectorsOf = (json: unknown) => dataOf(json).map(({ embedding }) => numbersOf(embedding))

const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]

/** Numbers that went through 32-bit floats. */
const rounded = (vectors: ReadonlyArray<ReadonlyArray<number>>) => vectors.map((each) => each.map(Math.fround))

/** What is behind a Strata already is not put behind another. */
const waysOf = ({ name }: Embedder) => name === "remote::strata" ? ways.slice(0, 1) : ways

export const embeddingContract = (embedder: Embedder) =>
  describe.each(waysOf(embedder))(`${embedder.name}, asked for embeddings, before $way`, ({ it }) => {
    const given = Effect.gen(function*() {
      const { dimensions, model, options } = yield* embedder.start
      const strata = yield* Strata.make({ level: "raw", ...options })
      const ask = (body: object) => Http.post(strata.url, path, { model, ...body }, { "x-strata-session-id": "s" })
      return { strata, ask, dimensions, model, types: options.types }
    })

    it.live("makes a vector of each text, in their order, of numbers and all of one length", () =>
      Effect.gen(function*() {
        const { ask, dimensions } = yield* given
        const { json, status } = yield* ask({ input: texts })
        assert.strictEqual(status, 200)
        assert.deepStrictEqual(dataOf(json).map(({ index, object }) => [index, object]), [
          [0, "embedding"],
          [1, "embedding"],
          [2, "embedding"]
        ])
        for (const { embedding } of dataOf(json)) {
          assert.isArray(embedding)
          assert.lengthOf(embedding as ReadonlyArray<number>, dimensions)
        }
        assert.strictEqual(fieldsOf(json)["object"], "list")
        const usage = fieldsOf(fieldsOf(json)["usage"])
        assert.deepStrictEqual(["prompt_tokens", "total_tokens"].map((name) => typeof usage[name]), [
          "number",
          "number"
        ])
        const alone = yield* Effect.forEach(
          texts,
          (input) => Effect.map(ask({ input }), ({ json }) => vectorsOf(json)[0]!)
        )
        const together = vectorsOf(json)
        for (const [index, vector] of alone.entries()) {
          for (const [at, value] of vector.entries()) assert.closeTo(value, together[index]![at]!, 1e-5)
        }
      }).pipe(Effect.scoped))

    it.live("gives the same numbers as base64 of little-endian 32-bit floats", () =>
      Effect.gen(function*() {
        const { ask } = yield* given
        const [floats, base64] = [
          yield* ask({ input: texts, encoding_format: "float" }),
          yield* ask({ input: texts, encoding_format: "base64" })
        ]
        for (const { embedding } of dataOf(base64.json)) assert.isString(embedding)
        assert.deepStrictEqual(vectorsOf(base64.json), rounded(vectorsOf(floats.json)))
      }).pipe(Effect.scoped))

    it.live("gives OpenAI's SDK the right numbers in both encodings, and where none is asked for", () =>
      Effect.gen(function*() {
        const { ask, model, strata } = yield* given
        const client: OpenAI = Sdk.make(strata.url)
        const expected = rounded(vectorsOf((yield* ask({ input: texts })).json))
        for (const more of [{}, { encoding_format: "float" as const }, { encoding_format: "base64" as const }]) {
          const answer = yield* Effect.promise(() => client.embeddings.create({ model, input: texts, ...more }))
          const vectors = answer.data.map(({ embedding }) => numbersOf(embedding))
          assert.deepStrictEqual(rounded(vectors), expected, JSON.stringify(more))
        }
      }).pipe(Effect.scoped))

    it.live("is recorded at three levels, and verifies without who made them", () =>
      Effect.gen(function*() {
        const { ask, dimensions, strata, types } = yield* given
        yield* ask({ input: texts })
        yield* ask({ input: texts[0], encoding_format: "base64" })
        const events = yield* strata.events({ sessionId: "s" })
        const call = ["embedding:request", "embedding:response"].flatMap(levels)
        const ofCalls = events.map(({ type }) => type).filter((type) => type.startsWith("embedding:"))
        assert.deepStrictEqual(ofCalls, [...call, ...call])
        const payloads = events.filter(({ level, type }) => level === "default" && type.startsWith("embedding:"))
          .map((event) => payloadOf(event))
        const [request, response] = payloads
        assert.deepInclude(request, {
          operation: "embeddings",
          input_count: 3,
          encoding_format: null,
          dimensions: null
        })
        assert.deepInclude(response, { operation: "embeddings", status: 200, embedding_count: 3, dimensions })
        yield* strata.close
        const [report] = yield* verify(strata.folder, ["s"], [], types)
        assert.deepInclude(report, { requests: 2, skipped: [], divergence: undefined })
      }).pipe(Effect.scoped))

    it.live.each([
      { input: [], expects: "empty list" },
      { input: ["a", 1], expects: "a list of texts" },
      { input: [["a"]], expects: "a list of texts" },
      { input: [1.5], expects: "whole numbers" },
      { input: [-1], expects: "whole numbers" },
      { input: [[]], expects: "empty list of tokens" },
      { input: { text: "a" }, expects: "a list of texts" },
      { input: 7, expects: "a list of texts" },
      { input: Array.from({ length: 2049 }, () => "a"), expects: "2048" }
    ])("refuses what are no texts and no tokens: $input", ({ expects, input }) =>
      Effect.gen(function*() {
        const { ask } = yield* given
        const { json, status } = yield* ask({ input })
        const error = fieldsOf(fieldsOf(json)["error"])
        assert.deepStrictEqual([status, error["param"]], [400, "input"], JSON.stringify(json))
        assert.include(String(error["message"]), expects)
      }).pipe(Effect.scoped))

    it.live("takes tokens, or says that it does not", () =>
      Effect.gen(function*() {
        const { ask } = yield* given
        for (const [input, count] of [[[1, 2, 3], 1], [[[1, 2], [3]], 2]] as const) {
          const { json, status } = yield* ask({ input })
          if (embedder.takesTokens) {
            assert.deepStrictEqual([status, dataOf(json).length], [200, count])
          } else {
            const error = fieldsOf(fieldsOf(json)["error"])
            assert.deepStrictEqual([status, error["param"]], [400, "input"])
            assert.include(String(error["message"]), "tokens")
          }
        }
      }).pipe(Effect.scoped))

    it.live("takes what is text in no usual way", () =>
      Effect.gen(function*() {
        const { ask, dimensions } = yield* given
        for (const input of ["\ud800", "\u0000", " ", "\udfff\ud800 a", "e\u0301"]) {
          const { json, status } = yield* ask({ input: [input, "a"] })
          assert.deepStrictEqual([status, vectorsOf(json).map(({ length }) => length)], [200, [dimensions, dimensions]])
        }
      }).pipe(Effect.scoped))

    it.live("says what is wrong with other fields", () =>
      Effect.gen(function*() {
        const { ask } = yield* given
        const wrong = [["encoding_format", "md5"], ["dimensions", 0], ["dimensions", "many"], [
          "dimensions",
          1.5
        ]] as const
        for (const [param, value] of wrong) {
          const { json, status } = yield* ask({ input: "a", [param]: value })
          assert.deepStrictEqual([status, fieldsOf(fieldsOf(json)["error"])["param"]], [400, param])
        }
      }).pipe(Effect.scoped))
  })
