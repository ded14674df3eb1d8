/** Whether a text may be stored as it is: asked before it is taken apart, and true of most of what vendors send. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const body = (length: number) => SecretForms.body(length)

const secrets = [
  `sk-${body(32)}`,
  `sk_live_${body(24)}`,
  `ghp_${body(36)}`,
  `github_pat_${body(30)}`,
  `glpat-${body(20)}`,
  `npm_${body(36)}`,
  `pypi-${body(60)}`,
  `dckr_pat_${body(24)}`,
  `xoxb-${body(20)}`,
  `xapp-${body(20)}`,
  `hf_${body(30)}`,
  `gsk_${body(40)}`,
  `xai-${body(40)}`,
  `csk-${body(40)}`,
  `r8_${body(36)}`,
  `pplx-${body(40)}`,
  `nvapi-${body(40)}`,
  `fw_${body(24)}`,
  `tgp_v1_${body(30)}`,
  `pcsk_${body(40)}`,
  `tvly-${body(30)}`,
  `lsv2_pt_${"0a1b".repeat(9)}`,
  `whsec_${body(32)}`,
  `glsa_${body(36)}`,
  `dop_v1_${"0a1b".repeat(16)}`,
  "AKIA0123456789ABCDEF",
  "ASIA0123456789ABCDEF",
  `AIza${body(35)}`,
  `ya29.${body(40)}`,
  `SG.${body(20)}.${body(40)}`,
  `hvs.${body(30)}`,
  `eyJ${body(20)}.eyJ${body(20)}.${body(20)}`,
  `Bearer ${body(24)}`,
  `bEARER\t${body(24)}`,
  "-----BEGIN PRIVATE KEY-----",
  `aws_secret_access_key = ${body(40)}`,
  `AWS_SECRET_ACCESS_KEY=${body(40)}`,
  "postgres://user:pass-word1@host",
  `?api_key=${body(20)}`,
  `&sig=${body(20)}`,
  `&X-Amz-Signature=${body(20)}`,
  `hooks.slack.com/services/T0123456/B0123456/${body(24)}`,
  String.raw`\u0073k-hidden`,
  `"password": "hunter22"`,
  `"api_key":"${body(12)}"`,
  String.raw`\"Authorization\":\"Basic ${body(12)}\"`,
  `"connection_string":"abc123def"`,
  `"passphrase" : "abc123def"`,
  `"ACME_API_TOKEN":"abc123def"`,
  `"signing_secret":"abc123def"`
]

const redactor = new Redactor()

describe("Redactor.isClean", () => {
  it.each(secrets)("holds back %s", (secret) => {
    assert.isFalse(redactor.isClean(secret))
    assert.isFalse(redactor.isClean(`{"text":"before ${secret} behind"}`))
  })

  it.prop("holds back whatever is masked", {
    pieces: Schema.Array(
      Schema.Union([
        Schema.String,
        Schema.Literals(secrets),
        Schema.Literals([
          "sk-",
          "_key",
          "key\":\"",
          "=",
          ".",
          "eyJ",
          "\\u00",
          "Bearer",
          " ",
          "\"",
          ":",
          "\\",
          "AKIA",
          "ſ",
          "K"
        ])
      ])
    ).check(Schema.isMaxLength(6))
  }, ({ pieces }) => {
    const text = pieces.join("")
    if (redactor.isClean(text)) assert.strictEqual(redactor.text(text), text)
  })

  it("lets ordinary traffic pass", () => {
    const request = {
      model: "openai/gpt-4o",
      messages: [{ role: "user", content: "What is the weather in Paris? Answer in one sentence." }],
      max_tokens: 100,
      temperature: 0.7,
      stream_options: { include_usage: true }
    }
    const answer = {
      id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
      object: "chat.completion",
      created: 1741569952,
      model: "gpt-4o-2024-08-06",
      choices: [{
        index: 0,
        message: { role: "assistant", content: "It rains.\nTake an umbrella.", refusal: null },
        finish_reason: "stop"
      }],
      usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
      system_fingerprint: "fp_44709d6fcb"
    }
    const headers = { "content-type": "application/json", "user-agent": "OpenAI/JS 6.1.0", "x-request-id": "req_1" }
    for (const each of [request, answer, headers]) assert.isTrue(redactor.isClean(JSON.stringify(each)))
  })
})
