/** Secrets that can be told by their form, wherever they stand; and what only looks like one. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { cover, mask } from "../../../src/events/redaction/Mask.ts"
import * as RedactionPatterns from "../../../src/events/redaction/RedactionPatterns.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const redact = (text: string) => cover(text, RedactionPatterns.find(text))

describe("RedactionPatterns", () => {
  it.each(SecretForms.forms)("masks $name", ({ after = "", before = "", secret }) => {
    const given = `${before}${secret}${after}`
    const expected = `${before}${mask}${after}`
    assert.strictEqual(redact(given), expected)
    assert.strictEqual(redact(`a ${given}\nb`), `a ${expected}\nb`)
    assert.strictEqual(redact(`('${given}')`), `('${expected}')`)
    let [text, shown] = [`key:\n${given}\n"end"`, `key:\n${expected}\n"end"`]
    for (const depth of ["JSON", "JSON in JSON", "JSON in JSON in JSON"]) {
      text = JSON.stringify({ text })
      shown = JSON.stringify({ text: shown })
      assert.strictEqual(redact(text), shown, depth)
    }
  })

  it.each(SecretForms.forms)("leaves what is masked as it is: $name", ({ after = "", before = "" }) => {
    for (const shown of [mask, "[REDACTED:label-of-a-rule-1]"]) {
      const text = `${before}${shown}${after}`
      assert.strictEqual(redact(text), text)
    }
  })

  const ordinary = [
    ["a class name", "sk-fading-circle-of-many-dots"],
    ["a short key", "sk-12345"],
    ["a word that ends like a sign", "the task-manager-2000-and-more-things, risk-1234567890123456789"],
    ["an id of a completion", `chatcmpl-${SecretForms.body(29)}`],
    ["an id of a tool call", `call_${SecretForms.body(24)}`],
    ["a UUID", "019f8a3c-7d2e-7000-8000-0123456789ab"],
    ["a hash", SecretForms.hex(64)],
    ["prose about bearers", "The bearer responsibilities-of-the-office are many; a ring-bearer walks."],
    ["a variable for a token", "Authorization: Bearer $OPENAI_API_KEY"],
    ["a mention of keys", "look for -----BEGIN PRIVATE KEY----- in the file"],
    ["a certificate", SecretForms.pem("CERTIFICATE")],
    ["a public key", SecretForms.pem("PUBLIC KEY")],
    ["a URL with a port", "http://localhost:8080/a@b and http://u@h"],
    ["a URL of an example", "postgres://user:password@localhost/app"],
    ["a pagination token", "/v1/events?after=1234567890&page=abcdefgh"],
    ["an image", `data:image/png;base64,${SecretForms.body(200)}`],
    ["a word of AKIA", "AKIAlmost AKIA1234 XAKIA1234567890123456"],
    ["two dots", "eyJust.eyJust.ok"]
  ] as const
  it.each(ordinary)("leaves %s", (_, text) => {
    assert.strictEqual(redact(text), text)
    assert.strictEqual(redact(JSON.stringify({ text })), JSON.stringify({ text }))
  })

  it("does not begin within an escape", () => {
    const secret = `r8_${SecretForms.body(37)}`
    // A carriage return and then 8_…: no key. A line end and then a key: one.
    const text = JSON.stringify({ text: `\r8_${SecretForms.body(37)} \n${secret}` })
    const shown = redact(text)
    assert.deepStrictEqual(JSON.parse(shown), { text: `\r8_${SecretForms.body(37)} \n${mask}` })
  })

  const long = 300_000
  const begun = [
    "sk-",
    "sk-a",
    "sk-proj-",
    "eyJ",
    "eyJaaaaaaaa.",
    "eyJaaaaaaaa.eyJaaaa.",
    ".eyJ",
    "-eyJaaaaaaaa",
    "Bearer ",
    "Bearer aaaaaaaaaaaaaaaaaaaa",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\\n",
    "-----BEGIN RSA PRIVATE KEY-----\nAAAA",
    "A",
    "a/",
    "\\",
    "\\n",
    "\\\\/",
    "://a:",
    "://a:b",
    "/a:@",
    "?sig=",
    "&api_key=aaaaaaaa",
    "aws_secret_access_key=",
    "hooks.slack.com/services/T",
    "\"api_key\":\"",
    "\"password\\\"",
    "AKIA",
    "xoxb-1-",
    "ghp_",
    "SG.aaaaaaaaaaaaaaaa."
  ]
  it.each(begun)("ends on a long text of %j", (part) => {
    const text = part.repeat(Math.ceil(long / part.length))
    for (const each of [text, `${text}@`, `sk-1${"a".repeat(long)}`, `${part}${"\\".repeat(long)}"`]) {
      assert.isAtMost(redact(each).length, each.length + 1_000_000)
    }
  })

  const Parts = Schema.Array(Schema.Literals(begun as [string, ...Array<string>]))
  it.prop("finds the same again in nothing it has masked", { parts: Parts, text: Schema.String }, ({ parts, text }) => {
    const once = redact(JSON.stringify({ text: `${text}${parts.join("")}1234567890123456${parts.join("a1")}` }))
    assert.strictEqual(redact(once), once)
    JSON.parse(once)
  })
})
