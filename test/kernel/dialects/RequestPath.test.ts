/** Where in a request a value stands. */
import { assert, it } from "@effect/vitest"
import * as RequestPath from "../../../src/kernel/dialects/RequestPath.ts"

it("a value of a request is named by its place", () => {
  const body = { messages: [{ content: "a" }, { content: [{ type: "file", file: { file_id: "f" } }] }] }
  assert.strictEqual(RequestPath.to(body, { type: "file", file: { file_id: "f" } }), "messages[1].content[0]")
  assert.strictEqual(RequestPath.to(body, "f"), "messages[1].content[0].file.file_id")
  assert.isUndefined(RequestPath.to(body, "nowhere"))
})
