/** Recorded embeddings and orders, as their URLs tell. */
import { assert, describe, it } from "@effect/vitest"
import * as RecordedValue from "../../../../src/providers/inline/replay/RecordedValue.ts"

describe("RecordedValue", () => {
  it.each([
    { url: "https://v/v1/embeddings", path: "/embeddings", model: "" },
    { url: "https://v/openai/deployments/e/embeddings?api-version=1", path: "/embeddings", model: "" },
    { url: "https://v/v1beta/models/e-1:batchEmbedContents", path: ":batchEmbedContents", model: "e-1" },
    { url: "http://v/api/embed", path: "/api/embed", model: "" },
    { url: "http://v/embed", path: "/embed", model: "" },
    { url: "http://v/v1/rerank", path: "/rerank", model: "" },
    { url: "http://v/v1alpha/inference/rerank", path: "/v1alpha/inference/rerank", model: "" },
    { url: "http://v/v1/ranking", path: "/ranking", model: "" }
  ])("knows $path by its URL", ({ model, path, url }) => {
    assert.strictEqual(RecordedValue.pathIn(url), path)
    assert.strictEqual(RecordedValue.modelIn(url), model)
  })

  it.each(["http://v/v1/models", "http://v/v1/chat/completions", "inference.embed"])(
    "leaves others alone: %s",
    (url) => {
      assert.isUndefined(RecordedValue.pathIn(url))
    }
  )

  it("finds a body by its path, whatever the order of its fields", () => {
    const one = RecordedValue.keyOf("/embeddings", `{"model":"m","input":["a"]}`)
    assert.strictEqual(RecordedValue.keyOf("https://v/v1/embeddings", `{ "input": ["a"], "model": "m" }`), one)
    assert.notStrictEqual(RecordedValue.keyOf("/api/embed", `{"model":"m","input":["a"]}`), one)
  })
})
