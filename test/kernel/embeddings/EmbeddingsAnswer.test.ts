/** Answers of vendors, as Strata gives them. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as EmbeddingsAnswer from "../../../src/kernel/embeddings/EmbeddingsAnswer.ts"
import { geminiEmbeddings } from "../../../src/kernel/embeddings/GeminiEmbeddings.ts"
import { ollamaEmbeddings } from "../../../src/kernel/embeddings/OllamaEmbeddings.ts"
import { openAiEmbeddings } from "../../../src/kernel/embeddings/OpenAiEmbeddings.ts"
import { textEmbeddingsInference } from "../../../src/kernel/embeddings/TextEmbeddingsInference.ts"

const dialects = [openAiEmbeddings, geminiEmbeddings, ollamaEmbeddings, textEmbeddingsInference]

const answered = (body: unknown, count = 2) =>
  openAiEmbeddings.raise(body, "a").pipe(
    Result.mapError(({ detail }) => detail),
    Result.flatMap((raised) => EmbeddingsAnswer.of(raised, { count, model: "asked" }))
  )

describe("EmbeddingsAnswer", () => {
  it.each(dialects)("$name: reads any JSON without a throw", (dialect) => {
    const bodies = [null, 1, "a", [], {}, { data: 1 }, { data: [null] }, { embeddings: [1, null] }, [[]], [null]]
    for (const body of bodies) assert.isDefined(dialect.raise(body, "a"))
  })

  it.prop("makes an answer of any JSON, or says why not", { json: Schema.Json }, ({ json }) => {
    const answer = answered({ data: [{ embedding: json }] }, 1)
    if (Result.isFailure(answer)) assert.notStrictEqual(answer.failure, "")
    else assert.isNumber(EmbeddingsAnswer.dimensionsOf(answer.success))
  })

  it("gives the place of its input to a vector without an index, and the model that was asked where none is named", () => {
    const answer = Result.getOrThrow(answered({ data: [{ embedding: [1] }, { embedding: [2] }] }))
    assert.deepStrictEqual(answer, {
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [1] }, { object: "embedding", index: 1, embedding: [2] }],
      model: "asked"
    })
  })

  it("changes the encoding alone", () => {
    const both = [{ index: 1, embedding: "AAAAQA==", kept: 1 }, { index: 0, embedding: [0.5] }]
    const answer = Result.getOrThrow(answered({ model: "m", data: both, usage: { total_tokens: 3 } }))
    const embeddings = (format: "float" | "base64" | undefined) =>
      EmbeddingsAnswer.inFormat(answer, format).data.map(({ embedding }) => embedding)
    assert.deepStrictEqual(embeddings(undefined), [[0.5], [2]])
    assert.deepStrictEqual(embeddings("float"), [[0.5], [2]])
    assert.deepStrictEqual(embeddings("base64"), ["AAAAPw==", "AAAAQA=="])
    assert.strictEqual(answer.data[1]?.["kept"], 1)
    assert.deepStrictEqual(answer.usage, { prompt_tokens: 3, total_tokens: 3 })
  })

  it("counts nothing where nobody counted, but for clients that read a count", () => {
    const answer = Result.getOrThrow(answered({ data: [{ embedding: [1] }] }, 1))
    assert.notProperty(answer, "usage")
    assert.deepStrictEqual(EmbeddingsAnswer.body(answer)["usage"], { prompt_tokens: 0, total_tokens: 0 })
  })
})
