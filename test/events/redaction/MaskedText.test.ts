/** A text that comes in pieces, masked: it is shown as it comes, and no part of a secret is. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { MaskedText } from "../../../src/events/redaction/MaskedText.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"

const key = `sk-proj-${"a1B2".repeat(12)}`
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${
  Array.from({ length: 20 }, () => "MIIEpAIBAAKCAQEAtestTESTtest0123456789abcdefghijABCDEFGHIJKLMNOP").join("\n")
}\n-----END RSA PRIVATE KEY-----`

const piecesOf = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size))

const shown = (pieces: ReadonlyArray<string>) => {
  const text = new MaskedText(new Redactor())
  return [...pieces.map((piece) => text.add(piece)), text.end()]
}

describe("MaskedText", () => {
  it("shows words as soon as they are complete", () => {
    assert.deepStrictEqual(shown(["Blue", " whale", "s swim", "."]), ["", "Blue ", "whales ", "", "swim."])
    assert.deepStrictEqual(shown(["青い", "鯨"]), ["青い", "鯨", ""])
  })

  const secrets = [
    { name: "a key", text: `Use ${key} for it, please.`, secret: key },
    {
      name: "a bearer token",
      text: `Authorization: Bearer ${"a1B2c3D4".repeat(5)} is sent`,
      secret: "a1B2c3D4a1B2c3D4"
    },
    { name: "a private key", text: `Here:\n${pem}\nThat is it.`, secret: "MIIEpAIBAAKCAQEA" },
    { name: "a password in a URL", text: "at postgres://ada:correct7horse@db/x now", secret: "correct7horse" }
  ]

  for (const size of [1, 2, 7, 64, 100_000]) {
    it.each(secrets)(`masks $name in pieces of ${size}`, ({ secret, text }) => {
      const all = shown(piecesOf(text, size)).join("")
      assert.notInclude(all, secret)
      for (let at = 0; at + 12 <= secret.length; at++) assert.notInclude(all, secret.slice(at, at + 12))
      assert.include(all, "[REDACTED]")
      assert.strictEqual(all.slice(-5), text.slice(-5))
    })
  }

  it.prop("loses nothing of a text without secrets", { pieces: Schema.Array(Schema.String) }, ({ pieces }) => {
    const text = pieces.join("")
    if (!new Redactor().isClean(text)) return
    assert.strictEqual(shown(pieces).join(""), text)
  })
})
