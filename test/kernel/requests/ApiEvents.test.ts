/** Events of apis.operations take their shape from the routes: what an operation can't be asked or answer is no event of it. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"

const exact = (type: string) => apis.catalog.find(type)!.payload

const decodes = (schema: Schema.Top) => {
  const decode = Schema.decodeUnknownResult(schema as Schema.Codec<unknown>)
  return (value: unknown) => Result.isSuccess(decode(value))
}
const isRequest = decodes(exact("api:request"))
const isResponse = decodes(exact("api:response"))
const isError = decodes(exact("api:error"))

const chat = {
  operation: "createChatCompletion",
  method: "POST",
  path: "/v1/chat/completions",
  params: {},
  query: {},
  payload: { model: "openai/gpt", stream: true, temperature: 0.5 }
}
const list = { ...chat, operation: "listModels", method: "GET", path: "/v1/models", payload: {} }

const requests = [
  { name: "a chat with what its body says in short", value: chat, valid: true },
  { name: "a chat without a body that could be read", value: { ...chat, payload: {} }, valid: true },
  { name: "a chat whose flag is null", value: { ...chat, payload: { stream: null } }, valid: true },
  { name: "a chat whose flag is a text, as it was sent", value: { ...chat, payload: { stream: "yes" } }, valid: true },
  { name: "a list that was asked for by HEAD", value: { ...list, method: "HEAD" }, valid: true },
  { name: "a chat whose flag is a list", value: { ...chat, payload: { stream: [] } }, valid: false },
  { name: "a chat with another method", value: { ...chat, method: "GET" }, valid: false },
  { name: "a list of models", value: list, valid: true },
  { name: "a parameter", value: { ...list, operation: "retrieveModel", params: { model_id: "a/b" } }, valid: true },
  { name: "a query that names one thing twice", value: { ...list, query: { type: ["a", "b"] } }, valid: true },
  { name: "an operation of an API from outside", value: { ...chat, operation: "createPoem" }, valid: true },
  { name: "an operation that only looks", value: { ...list, operation: "listEvents" }, valid: false },
  { name: "a request that matches none", value: { ...list, operation: "unmatched", method: "BREW" }, valid: true },
  { name: "a request without a path", value: { ...chat, path: undefined }, valid: false }
]

const answered = {
  operation: "createChatCompletion",
  status: 200,
  content_type: "application/json",
  stream: false,
  bytes: 10,
  duration_ms: 1.5
}

const responses = [
  { name: "a chat", value: answered, valid: true },
  { name: "a chat with a status it never answers", value: { ...answered, status: 204 }, valid: false },
  { name: "a chat with another success of its vendor", value: { ...answered, status: 201 }, valid: true },
  { name: "a chat with a vendor's redirection", value: { ...answered, status: 302 }, valid: false },
  { name: "no content type", value: { ...answered, content_type: null }, valid: true },
  { name: "an operation of an API from outside", value: { ...answered, operation: "createPoem" }, valid: true },
  { name: "an operation that only looks", value: { ...answered, operation: "listEvents" }, valid: false },
  {
    name: "a request that matches none, which is always an error",
    value: { ...answered, operation: "unmatched" },
    valid: false
  }
]

const refused = {
  operation: "createChatCompletion",
  status: 404,
  error: { message: "m", type: "t", param: null, code: "model_not_found" },
  duration_ms: 1
}

const errors = [
  { name: "a chat", value: refused, valid: true },
  { name: "a vendor's error of another form", value: { ...refused, status: 418, error: null }, valid: true },
  { name: "a request that matches none", value: { ...refused, operation: "unmatched" }, valid: true },
  { name: "an operation of an API from outside", value: { ...refused, operation: "createPoem" }, valid: true },
  { name: "an operation that only looks", value: { ...refused, operation: "listEvents" }, valid: false },
  { name: "an error without a message", value: { ...refused, error: { type: "t" } }, valid: false }
]

describe("ApiEvents", () => {
  it.each(requests)("api:request of $name: $valid", ({ valid, value }) => {
    assert.strictEqual(isRequest(value), valid)
  })

  it.each(responses)("api:response of $name: $valid", ({ valid, value }) => {
    assert.strictEqual(isResponse(value), valid)
  })

  it.each(errors)("api:error of $name: $valid", ({ valid, value }) => {
    assert.strictEqual(isError(value), valid)
  })

  it("there is a request for every recorded operation and for no other", () => {
    const asked = apis.operations.filter(({ id, method, path }) =>
      isRequest({ operation: id, method, path, params: {}, query: {}, payload: {} })
    )
    assert.deepStrictEqual(asked, apis.operations.filter(({ recorded }) => recorded))
  })

  it("a summary shows the scalar fields of the body, whatever they may also be", () => {
    const fields = ApiEvents.summaryFields(apis.operations.find(({ id }) => id === "createChatCompletion")?.payload)
    assert.includeMembers([...fields], ["model", "stream", "temperature", "n", "user", "reasoning_effort"])
    for (const field of ["messages", "tools", "stop", "tool_choice", "logit_bias"]) assert.notInclude(fields, field)
    assert.deepStrictEqual(ApiEvents.summaryFields(undefined), [])
    assert.deepStrictEqual(ApiEvents.summaryFields(Schema.Array(Schema.String)), [])
  })
})
