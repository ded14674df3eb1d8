/** What a payload may show: nothing that is a secret, and all the rest by the byte. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { mask } from "../../../src/events/redaction/Mask.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import { Secrets } from "../../../src/events/redaction/Secrets.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"
import { draft } from "../../support/EventDrafts.ts"
import { Recordings } from "../../support/Recordings.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const redactor = (...known: ReadonlyArray<string>) => {
  const secrets = new Secrets()
  for (const secret of known) secrets.add(secret)
  return new Redactor([secrets])
}
const plain = new Redactor()

describe("Redactor", () => {
  const bodies: ReadonlyArray<readonly [name: string, given: unknown, shown: unknown]> = [
    ["a key", { api_key: "abc-123-def" }, { api_key: mask }],
    ["keys of several spellings", { apiKey: "abc-123", "client-secret": "s3cret!" }, {
      apiKey: mask,
      "client-secret": mask
    }],
    ["a value with quotes and slashes", { password: "a\"b\\c/d\\" }, { password: mask }],
    ["an environment", { env: { ACME_API_KEY: "abc-123", HOME: "/home/ada" } }, {
      env: { ACME_API_KEY: mask, HOME: "/home/ada" }
    }],
    ["arguments of a tool", { arguments: JSON.stringify({ user: "ada", password: "hunter22" }) }, {
      arguments: JSON.stringify({ user: "ada", password: mask })
    }],
    ["a header in them", { authorization: "Token abc123def" }, { authorization: mask }],
    ["text that speaks of JSON", { content: `use {"api_key": "abc-123-def"} here` }, {
      content: `use {"api_key": "${mask}"} here`
    }]
  ]
  it.each(bodies)("masks by key in a body: %s", (_, given, shown) => {
    const body = JSON.stringify(given)
    assert.deepStrictEqual(JSON.parse(plain.text(body)), shown)
    const within = JSON.parse(plain.text(JSON.stringify({ body, frames: [[0, `data: ${body}\n\n`]] })))
    assert.deepStrictEqual(JSON.parse(within.body), shown)
    assert.deepStrictEqual(JSON.parse(within.frames[0][1].slice(6)), shown)
  })

  const ordinary: ReadonlyArray<readonly [name: string, value: unknown]> = [
    ["log probabilities", {
      content: [{ token: "Hello", logprob: -0.1, bytes: [72] }, { token: "12345678", logprob: 0 }]
    }],
    ["a JSON Schema", {
      properties: { password: { type: "string", format: "password" }, api_key: { type: "string" } },
      required: ["password", "api_key"]
    }],
    ["a Schema in short", { password: "string", token: "required" }],
    ["a description", { password: "The password of the account, at least 8 characters" }],
    ["counts", { max_tokens: 100, usage: { input_tokens: 3 }, prompt_cache_key: "user-1234-abcd" }],
    ["a cache key and an id", { key: "abc-123-def", auth: "abc-123-def", credentials: { user: "a-b-c-1" } }],
    ["numbers, flags and nothing", { password: 12345678, api_key: true, secret_key: null }]
  ]
  it.each(ordinary)("leaves what is ordinary: %s", (_, value) => {
    for (const text of [JSON.stringify(value), JSON.stringify({ body: JSON.stringify(value, null, 2) })]) {
      assert.strictEqual(plain.text(text), text)
    }
  })

  it.each([
    [
      "letters as escapes",
      `{"a":"${"sk-configured-1".replaceAll(/[sc]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}"}`,
      { a: mask }
    ],
    ["upper-case escapes", `{"a":"\\u006B","b":"s\\u006B-configured-1"}`, { a: "k", b: mask }],
    ["a vendor's key as escapes", `{"a":"\\u0073k-proj-${SecretForms.body(40)}"}`, { a: mask }],
    ["escapes of other letters", `{"a":"caf\\u00e9 \\u003cb\\u003e"}`, { a: "café <b>" }]
  ])("sees through %s", (_, text, shown) => {
    const redacted = redactor("sk-configured-1").text(text)
    assert.deepStrictEqual(JSON.parse(redacted), shown)
    const within = JSON.parse(redactor("sk-configured-1").text(JSON.stringify({ body: text })))
    assert.deepStrictEqual(JSON.parse(within.body), shown)
  })

  it.each([
    ["a line end before what looks like it", "n0-secret", "x\n0-secret", "x\n0-secret"],
    ["the same, and the secret", "n0-secret", "x\n0-secret n0-secret", `x\n0-secret ${mask}`],
    ["a secret that ends with a backslash", "secret-1\\", "secret-1\\", mask],
    ["a quote behind what looks like it", "secret-1\\", "secret-1\"x", "secret-1\"x"],
    ["a secret of quotes", "\"se\"cret\"", "a \"se\"cret\" b", `a ${mask} b`],
    ["a secret of other writing", "sécret/ключ&", "a sécret/ключ& b", `a ${mask} b`]
  ])("breaks no escape: %s", (_, secret, text, shown) => {
    const body = JSON.stringify({ text })
    assert.deepStrictEqual(JSON.parse(redactor(secret).text(body)), { text: shown })
    const payload = JSON.parse(redactor(secret).text(JSON.stringify({ body })))
    assert.deepStrictEqual(JSON.parse(payload.body), { text: shown })
    assert.strictEqual(redactor(secret).text(text), shown)
  })

  it.each([
    ["PHP", (secret: string) => JSON.stringify({ secret }).replaceAll("/", "\\/")],
    ["Go", (secret: string) => JSON.stringify({ secret }).replaceAll("<", "\\u003c").replaceAll("&", "\\u0026")],
    ["a URL", (secret: string) => JSON.stringify({ url: `https://h/?q=${encodeURIComponent(secret)}` })]
  ])("knows a secret as %s writes it", (_, write) => {
    const secret = "a1/b2<c3&d4"
    const shown = redactor(secret).text(JSON.stringify({ body: write(secret) }))
    assert.include(shown, mask)
    assert.notMatch(shown, /b2|c3|d4/)
  })

  it.each([
    ["/v1?q=a%20b&r=Bearer%20" + SecretForms.body(32), `/v1?q=a%20b&r=${mask}`],
    [`/v1/models/hf%5F${SecretForms.body(34)}?x=1`, `/v1/models/${mask}?x=1`],
    [`https://h:1/v1?u=postgres%3A%2F%2Fada%3Ahunter22%40db&v=100%`, `https://h:1/v1?u=${mask}&v=100%`],
    ["/v1?sk%2Dconfigured%2D1=2&key=3", `/v1?${mask}=2&key=${mask}`],
    ["/v1?token=[REDACTED:label]", "/v1?token=[REDACTED:label]"]
  ])("masks what a URL encodes: %s", (url, shown) => {
    assert.strictEqual(redactor("sk-configured-1").url(url), shown)
    assert.strictEqual(redactor("sk-configured-1").url(shown), shown)
  })

  it("digests anew what lost a secret, of a raw payload only", () => {
    const [body, shown] = ["a sk-configured-1", `a ${mask}`]
    const payload = JSON.stringify({ body, sha256: sha256(body) })
    const event = draft({ payload, level: "raw" })
    const known = redactor("sk-configured-1")
    assert.deepStrictEqual(known.draft(event), {
      ...event,
      payload: JSON.stringify({ body: shown, sha256: sha256(shown) })
    })
    assert.deepStrictEqual(JSON.parse(known.payload(payload, "default")), { body: shown, sha256: sha256(body) })
    assert.deepStrictEqual(plain.draft(event), event)
  })

  const secrets = SecretForms.forms.map(({ after = "", before = "", secret }) => [`${before}${secret}${after}`, secret])
  const Place = Schema.Struct({
    secret: Schema.Literals(secrets.map((_, index) => index) as [number, ...Array<number>]),
    key: Schema.String,
    around: Schema.Tuple([Schema.String, Schema.String]),
    other: Schema.Json,
    depth: Schema.Literals([0, 1, 2, 3])
  })
  it.prop("shows no secret, wherever it stands, and keeps JSON", { place: Place }, ({ place }) => {
    const [given = "", secret = ""] = secrets[place.secret]!
    let text = JSON.stringify({
      [`-${place.key}`]: `${place.around[0]} ${given} ${place.around[1]}`,
      other: place.other
    })
    for (let depth = 0; depth < place.depth; depth++) text = JSON.stringify({ body: text, other: place.other })
    const shown = plain.text(text)
    JSON.parse(shown)
    assert.isFalse(shown.includes(secret.includes("\n") ? secret.split("\n")[1]! : secret))
    assert.strictEqual(plain.text(shown), shown)
  })

  it.each(secrets)("shows no secret in JSON within JSON within JSON: %s", (given, secret) => {
    let text = JSON.stringify({ text: `a ${given} b` })
    for (let depth = 0; depth < 3; depth++) text = JSON.stringify({ body: text })
    assert.isFalse(plain.text(text).includes(secret.includes("\n") ? secret.split("\n")[1]! : secret))
  })

  const Known = Schema.String.check(Schema.isMinLength(8), Schema.isMaxLength(40))
  it.prop("shows no configured secret, whatever its characters", {
    secret: Known,
    key: Schema.String,
    around: Schema.Tuple([Schema.String, Schema.String]),
    inKey: Schema.Boolean
  }, ({ around, inKey, key, secret }) => {
    const text = `${around[0]}<0${secret}0>${around[1]}`
    const body = JSON.stringify(inKey ? { [text]: key } : { [key]: text })
    const shown = redactor(`0${secret}0`).text(JSON.stringify({ body, frames: [`data: ${body}\n\n`] }))
    const parsed = JSON.parse(shown)
    for (const each of [parsed.body, parsed.frames[0].slice(6)]) {
      const [[name, value] = ["", ""]] = Object.entries(JSON.parse(each))
      assert.isFalse(`${name} ${String(value)}`.includes(`0${secret}0`))
    }
  })
})

describe("a text for a client", () => {
  const keyed = (secret: string) => {
    const secrets = new Secrets()
    secrets.add(secret)
    return new Redactor([secrets])
  }

  it.prop(
    "is as it came where no known secret is in it, whatever looks like one",
    [Schema.String, Schema.Json],
    ([text, json]) => {
      const redactor = keyed("Zx9-quite-secret-7")
      for (
        const each of [text, JSON.stringify(json), `sk-${SecretForms.body(48)} "password":"${SecretForms.body(9)}"`]
      ) {
        assert.strictEqual(redactor.forClient(each), each)
      }
    }
  )

  it.each([
    ["no: Zx9-quite-secret-7.", `no: ${mask}.`],
    [`{"a":"\\u005ax9-quite-secret-7","b":"\\u00e9"}`, `{"a":"${mask}","b":"\\u00e9"}`],
    [`data: {"a":"Zx9-quite-secret-7"}\n\n: c\n\n`, `data: {"a":"${mask}"}\n\n: c\n\n`],
    [`{"password":"hunter-22-of-mine","a":"Zx9-quite-secret-7"}`, `{"password":"hunter-22-of-mine","a":"${mask}"}`]
  ])("%s has no known secret", (text, expected) => {
    assert.strictEqual(keyed("Zx9-quite-secret-7").forClient(text), expected)
  })

  it("is masked as the log masks it", () => {
    const secret = `sk-proj-${SecretForms.body(40)}`
    const text = `Bearer ${secret} and ${secret}x`
    assert.strictEqual(keyed(secret).forClient(text), keyed(secret).text(text))
  })
})

/** What is masked in the recordings, and why that is right. */
const expectedInRecordings: ReadonlyArray<string> = []

describe.skipIf(!Recordings.available)(`Redactor on recorded traffic ${Recordings.reason}`, () => {
  it("changes nothing that is not a secret", () => {
    const texts = Recordings.load().flatMap(({ answer, request }) => {
      const answers = answer._tag === "Stream" ? answer.chunks : [answer.body]
      const [sent, ...frames] = [request, ...answers].map((value) =>
        typeof value === "string" ? value : JSON.stringify(value)
      )
      const stream = frames.map((frame) => `data: ${frame}\n\n`)
      return [sent ?? "", ...frames, JSON.stringify({ body: sent }), JSON.stringify({ frames: stream })]
    })
    assert.isAbove(texts.length, 1000)
    const changed = texts.flatMap((text) => {
      const shown = plain.text(text)
      return shown === text ? [] : [shown.slice(Math.max(0, shown.indexOf(mask) - 60), shown.indexOf(mask) + 30)]
    })
    assert.deepStrictEqual([...new Set(changed)], expectedInRecordings)
  })
})
