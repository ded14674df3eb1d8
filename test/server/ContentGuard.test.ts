/** What a body must say of itself. */
import { assert, describe, it } from "@effect/vitest"
import { HttpServerRequest } from "effect/http"
import { apis } from "../../src/apis/Apis.ts"
import * as ContentGuard from "../../src/server/ContentGuard.ts"

const ask = (id: string, headers: Readonly<Record<string, string>>) => {
  const operation = apis.operations.find((each) => each.id === id)
  assert.isDefined(operation)
  const request = new Request("http://localhost/", { method: "POST", headers })
  return ContentGuard.refusal(HttpServerRequest.fromWeb(request), operation)
}

const body = { "content-length": "2" }
type Case = readonly [id: string, headers: Readonly<Record<string, string>>]

const taken: ReadonlyArray<Case> = [
  ["createChatCompletion", { ...body, "content-type": "application/json" }],
  ["createChatCompletion", { ...body, "content-type": "Application/JSON; charset=utf-8" }],
  ["createChatCompletion", { "transfer-encoding": "chunked", "content-type": "application/json" }],
  ["createChatCompletion", {}],
  ["createChatCompletion", { "content-length": "0" }],
  ["importSession", { ...body, "content-type": "application/x-ndjson" }],
  ["verifySession", { ...body, "content-type": "application/json" }],
  ["verifySession", {}]
]

const refused: ReadonlyArray<Case> = [
  ["createChatCompletion", body],
  ["createChatCompletion", { "transfer-encoding": "chunked" }],
  ["createChatCompletion", { ...body, "content-type": "text/plain" }],
  ["createChatCompletion", { ...body, "content-type": "text/plain; application/json" }],
  ["createChatCompletion", { ...body, "content-type": "application/x-www-form-urlencoded" }],
  ["createChatCompletion", { ...body, "content-type": "application/jsonp" }],
  ["importSession", { ...body, "content-type": "application/json" }],
  ["verifySession", body],
  ["verifySession", { ...body, "content-type": "multipart/form-data; boundary=x" }]
]

describe("the guard of content types", () => {
  for (const [id, headers] of taken) {
    it(`takes ${JSON.stringify(headers)} for ${id}`, () => assert.isUndefined(ask(id, headers)))
  }

  for (const [id, headers] of refused) {
    it(`refuses ${JSON.stringify(headers)} for ${id}`, () => {
      assert.deepInclude(ask(id, headers), { kind: "content_type", status: 415, code: "unsupported_media_type" })
    })
  }

  it.each(["gzip", "br", "gzip, identity", ""])("refuses a body whose content encoding is %s", (coding) => {
    const given = { ...body, "content-type": "application/json" }
    const refusal = ask("createChatCompletion", { ...given, "content-encoding": coding })
    assert.deepInclude(refusal, { status: 415, code: "unsupported_content_encoding" })
    assert.include(refusal?.reason, "without the header `content-encoding`")
    assert.isUndefined(ask("createChatCompletion", { ...given, "content-encoding": "Identity" }))
  })

  it("says what the route takes", () => {
    assert.strictEqual(
      ask("createChatCompletion", body)?.reason,
      "The body has no content type; POST /v1/chat/completions takes application/json. Send the header " +
        "`content-type: application/json`."
    )
    assert.strictEqual(
      ask("importSession", { ...body, "content-type": "text/plain" })?.reason,
      "The body's content type is \"text/plain\"; POST /v1/sessions/import takes application/x-ndjson. Send the header " +
        "`content-type: application/x-ndjson`."
    )
  })

  it("leaves to the router what is no operation", () => {
    assert.isUndefined(
      ContentGuard.refusal(HttpServerRequest.fromWeb(new Request("http://x/", { headers: body })), undefined)
    )
  })
})
