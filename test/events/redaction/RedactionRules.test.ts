/** Rules of the operator. */
import { assert, describe, it } from "@effect/vitest"
import { mask } from "../../../src/events/redaction/Mask.ts"
import type { Rule } from "../../../src/events/redaction/RedactionRules.ts"
import { problem, Rules } from "../../../src/events/redaction/RedactionRules.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"

const applied = (rules: ReadonlyArray<Rule>, text: string) => new Redactor([], new Rules(rules)).text(text)

const card: Rule = { pattern: "\\b\\d{4}(?: \\d{4}){3}\\b", replacement: "card" }
const mail: Rule = { pattern: "^\\S+@\\S+$", flags: "i", replacement: "mail" }
const rest: Rule = { pattern: "secret: .+", replacement: "rest" }
const tenant: Rule = { name: "X-Tenant" }
const number = "4111 1111 1111 1111"

const body = { messages: [{ role: "user", content: `my card ${number}.` }], "x-tenant": "acme", "X-TENANT": 7 }
const shownBody = {
  messages: [{ role: "user", content: "my card [REDACTED:card]." }],
  "x-tenant": mask,
  "X-TENANT": mask
}

describe("RedactionRules", () => {
  const rows: ReadonlyArray<{
    readonly name: string
    readonly rules: ReadonlyArray<Rule>
    readonly text: string
    readonly shown: string
  }> = [
    { name: "a pattern in text", rules: [card], text: `card ${number}!`, shown: "card [REDACTED:card]!" },
    { name: "a pattern without a label", rules: [{ pattern: "a+b" }], text: "xaabx", shown: `x${mask}x` },
    { name: "a pattern of a whole text", rules: [mail], text: "Ada@example.com", shown: "[REDACTED:mail]" },
    {
      name: "anchors are those of each string",
      rules: [mail],
      text: `{"to":["ada@example.com","not ada@example.com"]}`,
      shown: `{"to":["[REDACTED:mail]","not ada@example.com"]}`
    },
    {
      name: "a pattern does not reach beyond its string",
      rules: [rest],
      text: `{"a":"secret: x, \\"y\\"","b":1}`,
      shown: `{"a":"[REDACTED:rest]","b":1}`
    },
    {
      name: "within a body within a payload, laid out as it was",
      rules: [card, tenant],
      text: JSON.stringify({ status: 200, body: JSON.stringify(body, null, 2) }),
      shown: JSON.stringify({
        status: 200,
        body: JSON.stringify(shownBody, null, 2).replace("\"X-TENANT\": 7", "\"X-TENANT\": \"[REDACTED]\"")
      })
    },
    {
      name: "within the frames of a stream",
      rules: [rest],
      text: JSON.stringify({ frames: [[1, `data: {"delta":"secret: x"}\n\n`]] }),
      shown: JSON.stringify({ frames: [[1, `data: {"delta":"[REDACTED:rest]"}\n\n`]] })
    },
    {
      name: "a name's text and number, whatever they are",
      rules: [tenant],
      text: `{"x-tenant": "a b", "n": {"X-Tenant": -1.5e3}}`,
      shown: `{"x-tenant": "${mask}", "n": {"X-Tenant": "${mask}"}}`
    },
    {
      name: "not a name's flag, list or nothing",
      rules: [tenant],
      text: `{"x-tenant":true,"X-Tenant":null,"a":{"x-tenant":["b"]}}`,
      shown: `{"x-tenant":true,"X-Tenant":null,"a":{"x-tenant":["b"]}}`
    },
    { name: "a key that matches", rules: [card], text: `{"${number}":1}`, shown: `{"[REDACTED:card]":1}` },
    {
      name: "nothing",
      rules: [card, mail, rest, tenant],
      text: `{"a": "b\\u00e9", "c": 1e2}`,
      shown: `{"a": "b\\u00e9", "c": 1e2}`
    }
  ]
  it.each(rows)("masks $name", ({ rules, shown, text }) => {
    assert.strictEqual(applied(rules, text), shown)
    assert.strictEqual(applied(rules, shown), shown)
  })

  it("masks headers and parameters by name", () => {
    const redactor = new Redactor([], new Rules([tenant]))
    assert.deepStrictEqual(redactor.headers({ "x-tenant": "a", cookie: "b", accept: "c" }), {
      "x-tenant": mask,
      cookie: mask,
      accept: "c"
    })
    assert.strictEqual(redactor.url("/v1?x-tenant=a&key=b&c=d"), `/v1?x-tenant=${mask}&key=${mask}&c=d`)
  })

  it.each<readonly [string, Rule, keyof Rule | undefined]>([
    ["a name", { name: "a", replacement: "b" }, undefined],
    ["a pattern", { pattern: "a", flags: "iu" }, undefined],
    ["a limited repetition of groups", { pattern: "(a+){1,20}b" }, undefined],
    ["a repetition of a class", { pattern: "([a+*]b)+" }, undefined],
    ["an escaped one", { pattern: "(a\\+)+" }, undefined],
    ["nothing", {}, "name"],
    ["both", { name: "a", pattern: "b" }, "pattern"],
    ["no expression", { pattern: "[" }, "pattern"],
    ["one for another mode", { pattern: "\\p{L", flags: "u" }, "pattern"],
    ["nested repetitions", { pattern: "x((a|b+)c)*" }, "pattern"],
    ["nested repetitions with a bound below", { pattern: "(a{2,})+" }, "pattern"],
    ["the empty text", { pattern: "a?" }, "pattern"],
    ["flags that change where it looks", { pattern: "a", flags: "gy" }, "flags"]
  ])("tells what is wrong with %s", (_, rule, key) => assert.strictEqual(problem(rule)?.key, key))
})
