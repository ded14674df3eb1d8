/** Bodies of JSON and of server-sent events, as they pass. */
import { assert, describe, it } from "@effect/vitest"
import { Stream } from "effect"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { plain } from "../../../src/kernel/bytes/StreamDialect.ts"

const source = ByteSource.fromStream(Stream.empty)

describe("Bytes", () => {
  it("JSON is a text of its type, whatever else is in its head", () => {
    assert.deepStrictEqual(Bytes.json(201, "{}", { "content-type": "text/plain", "x-a": "1" }), {
      status: 201,
      headers: { "content-type": "application/json", "x-a": "1" },
      body: "{}"
    })
  })

  it("events are a source that nobody keeps, with the dialect of who made them", () => {
    const bytes = Bytes.events(200, source, { "x-a": "1" }, plain)
    assert.deepStrictEqual(bytes.headers, {
      "x-a": "1",
      "cache-control": "no-cache",
      "content-type": "text/event-stream; charset=utf-8"
    })
    assert.strictEqual(bytes.body, source)
    assert.strictEqual(bytes.dialect, plain)
    assert.notProperty(Bytes.events(200, source), "dialect")
  })

  it("are streamed where their body is a source", () => {
    assert.isTrue(Bytes.isStreamed(Bytes.events(200, source)))
    assert.isFalse(Bytes.isStreamed(Bytes.json(200, "")))
  })
})
