/** A request that comes over no wire is written as its client would send it. */
import { assert, describe, it } from "@effect/vitest"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { operation } from "../../support/InProcess.ts"

const rows = [
  {
    name: "a body",
    input: RequestInput.make(operation("createChatCompletion"), { payload: { model: "ä" } }),
    sent: { method: "POST", url: "/v1/chat/completions", body: "{\"model\":\"ä\"}" },
    headers: { "content-type": "application/json" }
  },
  {
    name: "a body that is text already",
    input: RequestInput.make(operation("createChatCompletion"), { payload: "{ }" }),
    sent: { body: "{ }" },
    headers: { "content-type": "application/json" }
  },
  {
    name: "a parameter with a slash",
    input: RequestInput.make(operation("retrieveModel"), { params: { model_id: "openai/gpt 4" } }),
    sent: { method: "GET", url: "/v1/models/openai%2Fgpt%204", params: { model_id: "openai/gpt 4" }, body: "" },
    headers: {}
  },
  {
    name: "a query",
    input: RequestInput.make(operation("listModels"), { query: { after: "a&b", limit: "2" } }),
    sent: { url: "/v1/models?after=a%26b&limit=2", query: { after: "a&b", limit: "2" } },
    headers: {}
  },
  {
    name: "a session and a level",
    input: RequestInput.make(operation("listModels"), { session: "s", level: "raw" }),
    sent: { session: "s", level: "raw", secrets: undefined },
    headers: {}
  }
] as const

describe("RequestInput.make", () => {
  it.each(rows)("$name", ({ headers, input, sent }) => {
    assert.deepInclude(input, sent)
    assert.deepStrictEqual(input.headers, headers)
  })

  it("names nothing that was not given", () => {
    const { level, operation: asked, session } = RequestInput.make(operation("listModels"))
    assert.deepStrictEqual([asked?.id, session, level], ["listModels", undefined, undefined])
  })
})
