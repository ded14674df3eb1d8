/** A recorded call's wire, as its URL tells. */
import { assert, describe, it } from "@effect/vitest"
import * as RecordedWire from "../../../../src/providers/inline/replay/RecordedWire.ts"
import { callOf } from "../../../support/WireCalls.ts"

const wires = [
  { url: "http://v/v1/chat/completions", path: "/chat/completions", dialect: "chat", model: "" },
  { url: "recording://p/v1/messages?beta=true", path: "/messages", dialect: "anthropic", model: "" },
  { url: "https://v/v1/responses", path: "/responses", dialect: "responses", model: "" },
  {
    url: "https://v/v1beta/models/gemini-3:streamGenerateContent?alt=sse",
    path: "/models/gemini-3:streamGenerateContent",
    dialect: "gemini",
    model: "gemini-3"
  },
  {
    url: "https://v/v1/projects/p/locations/l/publishers/google/models/gemini-3:generateContent",
    path: "/models/gemini-3:generateContent",
    dialect: "gemini",
    model: "gemini-3"
  },
  { url: "http://localhost:11434/api/chat", path: "/api/chat", dialect: "ollama", model: "" },
  { url: "https://v/model/a%3A0/converse", path: "/model/a%3A0/converse", dialect: "bedrock", model: "a:0" },
  {
    url: "https://v/model/a%3A0/converse-stream",
    path: "/model/a%3A0/converse-stream",
    dialect: "bedrock",
    model: "a:0"
  }
]

describe("RecordedWire", () => {
  it.each(wires)("knows $dialect by its URL", ({ dialect, model, path, url }) => {
    assert.strictEqual(RecordedWire.pathIn(url), path)
    assert.strictEqual(RecordedWire.modelIn(path), model)
    assert.strictEqual(RecordedWire.dialectAt(path).name, dialect)
  })

  it.each(["http://v/v1/models", "http://v/v1/messages/count_tokens", "http://v/v1/embeddings"])(
    "leaves other calls alone: %s",
    (url) => {
      assert.isUndefined(RecordedWire.pathIn(url))
    }
  )

  it("tells the same body apart by its wire", () => {
    const body = { model: "m", max_tokens: 1, messages: [] }
    const keys = RecordedWire.dialects.map((dialect) =>
      RecordedWire.keyOfCall(callOf(body, dialect), JSON.stringify(body))
    )
    assert.strictEqual(new Set(keys).size, RecordedWire.dialects.length)
  })
})
