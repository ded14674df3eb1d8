/** Secrets that must not reach an event. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Schema } from "effect"
import * as Redaction from "../../../src/events/redaction/Redaction.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"

const { mask } = Redaction

describe("Redaction by name", () => {
  it("masks secret headers, whatever their case, and leaves the rest", () => {
    assert.deepStrictEqual(
      new Redactor().headers({
        Authorization: "Bearer a",
        "x-API-key": "b",
        cookie: "c",
        accept: "*/*",
        "x-token-count": "4"
      }),
      { Authorization: mask, "x-API-key": mask, cookie: mask, accept: "*/*", "x-token-count": "4" }
    )
  })

  const urls = [
    ["/v1/models", "/v1/models"],
    ["/v1/models?limit=2#key=3", "/v1/models?limit=2#key=3"],
    ["/v1?key=abc", `/v1?key=${mask}`],
    ["https://h/v1?a=1&API_KEY=abc&b=2&token=", `https://h/v1?a=1&API_KEY=${mask}&b=2&token=${mask}`],
    ["/v1?api%5Fkey=abc&monkey=1", `/v1?api%5Fkey=${mask}&monkey=1`],
    ["/v1?%zz=1&key=abc=def", `/v1?%zz=1&key=${mask}`]
  ] as const
  for (const [url, expected] of urls) {
    it(`masks secret parameters of ${url}`, () => assert.strictEqual(Redaction.url(url), expected))
  }

  it("masks what stands under secret names in JSON, and redacted values anywhere", () => {
    const value = {
      base_url: "https://h",
      api_key: "abc",
      headers: { Authorization: "Bearer a", accept: "*/*" },
      list: [{ password: "p" }, Redacted.make("r")],
      token: ["first", "second"],
      key: null,
      secret: { name: "shown", client_secret: "c" }
    }
    assert.deepStrictEqual(Redaction.json(value), {
      base_url: "https://h",
      api_key: mask,
      headers: { Authorization: mask, accept: "*/*" },
      list: [{ password: mask }, mask],
      token: mask,
      key: null,
      secret: { name: "shown", client_secret: mask }
    })
  })

  it("masks in a mapping of headers what a header's name says", () => {
    const values = { "X-Custom-Token": "tokentoken-1", "x-team": "t" }
    assert.deepStrictEqual(Redaction.json({ headers: values, default_headers: values, limits: values }), {
      headers: { "X-Custom-Token": mask, "x-team": "t" },
      default_headers: { "X-Custom-Token": mask, "x-team": "t" },
      limits: values
    })
  })

  const passwords = [
    ["https://usr:topsecretpw@h/v1", `https://usr:${mask}@h/v1`],
    ["http://u:p@ss@h", `http://u:${mask}@h`],
    ["redis://:letters@h", `redis://:${mask}@h`],
    ["from http://a:one@h to http://b:two@h", `from http://a:${mask}@h to http://b:${mask}@h`],
    [`http://u:${mask}@h`, `http://u:${mask}@h`],
    ["https://h:8080/a@b?c=d:e@f", "https://h:8080/a@b?c=d:e@f"],
    ["https://user@h", "https://user@h"],
    ["at file:///a@4.1/b.js:1:2", "at file:///a@4.1/b.js:1:2"]
  ] as const
  for (const [text, expected] of passwords) {
    it(`masks the password of ${text}`, () => assert.strictEqual(Redaction.passwords(text), expected))
  }

  const prose = [
    ["refused: password=hunter2xyz9, try again", `refused: password=${mask}, try again`],
    ["no answer of http://u:letters@h/?api_key=abc-123-x&a=b", `no answer of http://u:${mask}@h/?api_key=${mask}&a=b`],
    ["set password=secret; key=abc-123-x", "set password=secret; key=abc-123-x"]
  ] as const
  for (const [text, expected] of prose) {
    it(`masks for people what a text says a secret is: ${text}`, () =>
      assert.strictEqual(Redaction.prose(text), expected))
  }
})

const known = (...secrets: ReadonlyArray<string | Redacted.Redacted>) => {
  const all = new Redaction.Secrets()
  for (const secret of secrets) all.add(secret)
  return all
}

const Text = Schema.String.check(Schema.isMinLength(6), Schema.isMaxLength(40))

describe("Secrets", () => {
  it("masks every occurrence of what it knows", () => {
    const secrets = known("sk-first-1", Redacted.make("sk-second-2"))
    assert.strictEqual(secrets.mask("a sk-second-2 b sk-first-1 sk-first-1"), `a ${mask} b ${mask} ${mask}`)
    assert.strictEqual(secrets.mask("nothing"), "nothing")
  })

  it("knows nothing of what would mask ordinary words", () => {
    const secrets = known("", "sk-12", "ollama", "unused")
    assert.strictEqual(secrets.mask("sk-12 ollama unused"), "sk-12 ollama unused")
  })

  it("leaves no end of a secret that begins as another does", () => {
    assert.strictEqual(known("sk-short1", "sk-short1-and-long").mask("sk-short1-and-long sk-short1"), `${mask} ${mask}`)
  })

  it.prop("masks a secret in text, in JSON text, and in JSON text within it", { text: Text }, ({ text }) => {
    const secret = `sK${text}`
    const secrets = known(secret)
    const body = JSON.stringify({ said: `<${secret}>` })
    const inText = secrets.mask(`<${secret}>`)
    const inJson = secrets.mask(body)
    const within = secrets.mask(JSON.stringify({ body }))
    assert.strictEqual(inText, `<${mask}>`)
    assert.deepStrictEqual(JSON.parse(inJson), { said: `<${mask}>` })
    assert.deepStrictEqual(JSON.parse(JSON.parse(within).body), { said: `<${mask}>` })
  })
})
