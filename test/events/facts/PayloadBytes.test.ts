/** A payload of which something stands elsewhere, as bytes. */
import { assert, describe, it } from "@effect/vitest"
import * as PayloadBytes from "../../../src/events/facts/PayloadBytes.ts"

const said = "what somebody has said, 漢字 and all, ".repeat(30)
const payload = JSON.stringify({ text: said, more: 1 })
const cuts = [{ after: "{\"text\":\"".length, length: said.length, position: 5, part: 1, offset: 2 }]

describe("the bytes of a payload", () => {
  it("give it again, with what stands elsewhere", () => {
    const bytes = PayloadBytes.encode(payload, cuts)
    assert.isTrue(PayloadBytes.isOne(bytes))
    assert.isBelow(bytes.length, 100)
    assert.strictEqual(PayloadBytes.decode(bytes, () => `..${said}`), payload)
    assert.strictEqual(PayloadBytes.read(bytes).stored, "{\"text\":\"\",\"more\":1}")
  })

  it("are never taken for another's: what is gone or changed is no payload", () => {
    const bytes = PayloadBytes.encode(payload, cuts)
    assert.throws(() => PayloadBytes.decode(bytes, () => undefined), "is gone")
    for (let at = 2; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 1
      assert.throws(() => PayloadBytes.decode(changed, () => `..${said}`))
    }
  })
})
