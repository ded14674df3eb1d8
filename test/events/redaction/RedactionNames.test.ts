/** Which names name secrets: of headers and settings, and inside bodies, where ordinary words must stay. */
import { assert, describe, it } from "@effect/vitest"
import {
  isSecretHeader,
  isSecretKey,
  isSecretName,
  isSecretValue
} from "../../../src/events/redaction/RedactionNames.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"

/** The names that the third source document's redaction had, and those it was found to miss. */
const names = [
  "api_key",
  "apikey",
  "api-key",
  "secret",
  "password",
  "token",
  "credential",
  "credentials",
  "private_key",
  "privatekey",
  "auth",
  "authorization",
  "x-api-key",
  "access_token",
  "refresh_token",
  "cookie",
  "cookies",
  "set-cookie",
  "proxy-authorization"
]

/** By name: secret in a header or setting, and as a key inside a body. */
const rows: ReadonlyArray<readonly [name: string, setting: boolean, body: boolean]> = [
  ["apiKey", true, true],
  ["X-Api-Key", true, true],
  ["Authorization", true, true],
  ["client_secret", true, true],
  ["clientSecret", true, true],
  ["private-key", true, true],
  ["aws_secret_access_key", true, true],
  ["connectionString", true, true],
  ["key", true, false],
  ["token", true, false],
  ["auth", true, false],
  ["secret", true, false],
  ["credentials", true, false],
  ["cookie", true, false],
  ["pwd", true, false],
  ["OPENAI_API_KEY", false, true],
  ["DB_PASSWORD", false, true],
  ["max_tokens", false, false],
  ["input_tokens", false, false],
  ["total_tokens", false, false],
  ["prompt_cache_key", false, false],
  ["password_hint", false, false],
  ["tokenizer", false, false],
  ["key_points", false, false],
  ["MONKEY", false, false],
  ["", false, false]
]

describe("RedactionNames", () => {
  it.each(names)("knows %s, whatever its case", (name) => {
    assert.isTrue(isSecretName(name))
    assert.isTrue(isSecretName(name.toUpperCase()))
    assert.isTrue(isSecretHeader(name))
  })

  it.each(rows)("%s is secret as a setting: %s, as a key in a body: %s", (name, setting, body) => {
    assert.strictEqual(isSecretName(name), setting)
    assert.strictEqual(isSecretKey(name), body)
    const text = JSON.stringify({ [name]: "hunter22" })
    assert.strictEqual(new Redactor().text(text) !== text, body)
  })

  it.each([
    ["x-acme-token", true],
    ["x-hub-signature", true],
    ["openai-api-key", true],
    ["x-ratelimit-remaining-tokens", false],
    ["openai-organization", false],
    ["idempotency-key", false],
    ["x-request-id", false]
  ])("the header %s is secret: %s", (name, secret) => assert.strictEqual(isSecretHeader(name), secret))

  it.each([
    ["hunter22", true],
    ["correct-horse-battery", true],
    ["Token abc123", true],
    ["ThisIsALongRandomWord", true],
    ["12345", false],
    ["string", false],
    ["required", false],
    ["The password of the user", false],
    ["[REDACTED]", false],
    ["[REDACTED:label]", false],
    ["", false]
  ])("%j under a secret key is a secret: %s", (value, secret) => assert.strictEqual(isSecretValue(value), secret))
})
