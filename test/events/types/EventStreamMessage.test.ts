/** A message whose payload was masked can be read again; what is none stays as it is. */
import { assert, describe, it } from "@effect/vitest"
import { EventStreamCodec } from "@smithy/eventstream-codec"
import { Schema } from "effect"
import * as EventStreamMessage from "../../../src/events/types/EventStreamMessage.ts"

const codec = new EventStreamCodec(
  (bytes) => typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8"),
  (text) => Buffer.from(text, "utf8")
)

const messageOf = (body: string) =>
  codec.encode({ headers: { ":event-type": { type: "string", value: "metadata" } }, body: Buffer.from(body) })

describe("EventStreamMessage", () => {
  it.prop(
    "seals a message again of which the payload was changed, whatever its length",
    { before: Schema.String, secret: Schema.Literals(["sk-secret-0123456789"]), mask: Schema.String },
    ({ before, mask, secret }) => {
      const message = messageOf(`${before}${secret}`)
      const text = Buffer.from(message).toString("latin1")
      const at = text.lastIndexOf(secret)
      const written = Buffer.from(mask).toString("latin1")
      const changed = Buffer.from(text.slice(0, at) + written + text.slice(at + secret.length), "latin1")
      const { body, headers } = codec.decode(EventStreamMessage.resealed(changed, message))
      assert.deepStrictEqual(Buffer.from(body), Buffer.concat([Buffer.from(before), Buffer.from(mask)]))
      assert.deepStrictEqual(headers[":event-type"], { type: "string", value: "metadata" })
    }
  )

  it("leaves what is no message as it is", () => {
    const message = messageOf("a")
    const changed = Buffer.from("anything of this length, and more")
    assert.strictEqual(EventStreamMessage.resealed(changed, Buffer.from("no message at all")), changed)
    message[message.length - 1]! ^= 1
    assert.strictEqual(EventStreamMessage.resealed(changed, message), changed)
  })

  it("tells the length of a message by its prelude", () => {
    const message = messageOf("abc")
    assert.strictEqual(EventStreamMessage.lengthIn(message), message.length)
    message[0]! ^= 1
    assert.isUndefined(EventStreamMessage.lengthIn(message))
  })
})
