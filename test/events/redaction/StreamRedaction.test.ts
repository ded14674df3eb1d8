/** Secrets in streams: whole in a frame, and in pieces over several. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { mask } from "../../../src/events/redaction/Mask.ts"
import { Rules } from "../../../src/events/redaction/RedactionRules.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import { Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as StreamRedaction from "../../../src/events/redaction/StreamRedaction.ts"
import { Recordings } from "../../support/Recordings.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const configured = "sk-configured-1"
const secrets = new Secrets()
secrets.add(configured)
const redactor = new Redactor([secrets], new Rules([{ pattern: "\\d{4} \\d{4}", replacement: "card" }]))

const masked = (frames: ReadonlyArray<string>, by = redactor) => StreamRedaction.frames(frames, "utf-8", by)

const isClean = (frames: ReadonlyArray<string>, by = redactor) =>
  by.isClean(frames.join("")) &&
  by.isClean(StreamRedaction.textInPieces({ encoding: "utf-8", text: frames.join("") }) ?? "")

const openAi = (key: string) => (piece: string) =>
  `data: ${
    JSON.stringify({
      id: "1",
      choices: [{
        index: 0,
        delta: key === "content" ? { content: piece } : { tool_calls: [{ index: 0, function: { arguments: piece } }] }
      }]
    })
  }\n\n`
const anthropic = (piece: string) =>
  `event: content_block_delta\ndata: ${
    JSON.stringify({ type: "content_block_delta", delta: { type: "text_delta", text: piece } })
  }\n\n`
const responses = (piece: string) => `data: ${JSON.stringify({ type: "response.output_text.delta", delta: piece })}\n\n`

const shapes = [
  ["OpenAI's content", openAi("content")],
  ["OpenAI's arguments", openAi("arguments")],
  ["Anthropic's text", anthropic],
  ["OpenAI's responses", responses]
] as const

describe("StreamRedaction", () => {
  const texts: ReadonlyArray<readonly [name: string, pieces: ReadonlyArray<string>, shown: ReadonlyArray<string>]> = [
    ["nothing", ["a", " \"b\"", "", " sk-", "learn"], ["a", " \"b\"", "", " sk-", "learn"]],
    ["a secret in one", ["a ", `b ${configured} c`], ["a ", `b ${mask} c`]],
    ["a secret over three", ["a sk-con", "figu", "red-1 b"], [`a ${mask}`, "", " b"]],
    ["two that meet in one", ["sk-configured", "-1 sk-", "configured-1"], [mask, ` ${mask}`, ""]],
    ["a vendor's key over two", [`key: gsk_${SecretForms.body(20)}`, `${SecretForms.body(32)}.`], [
      `key: ${mask}`,
      "."
    ]],
    ["a password of arguments", ["{\"user\": \"ada\", \"pass", "word\": \"hunt", "er22\"}"], [
      "{\"user\": \"ada\", \"pass",
      `word": "${mask}`,
      "\"}"
    ]],
    ["what a rule masks", ["card 1234 ", "5678\n"], ["card [REDACTED:card]", "\n"]]
  ]
  for (const [shape, frame] of shapes) {
    it.each(texts)(`masks over ${shape}: %s`, (_, pieces, expected) => {
      assert.deepStrictEqual(masked(pieces.map(frame)), expected.map(frame))
      assert.deepStrictEqual(masked(expected.map(frame)), expected.map(frame))
    })
  }

  it("looks into bytes that are no text", () => {
    const bytes = Buffer.from([0xff, 0xfe, ...Buffer.from(` ${configured} `), 0x80])
    const expected = Buffer.from([0xff, 0xfe, ...Buffer.from(` ${mask} `), 0x80])
    const given = bytes.toString("base64")
    assert.deepStrictEqual(StreamRedaction.frames([given], "base64", redactor), [expected.toString("base64")])
    assert.isUndefined(StreamRedaction.textInPieces({ encoding: "base64", text: given }))
  })

  it.prop("holds back whatever the full redaction changes, across frames too", {
    around: Schema.Tuple([Schema.String, Schema.String]),
    cuts: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))),
    shape: Schema.Literals([0, 1, 2, 3]),
    secret: Schema.Literals([configured, `gsk_${SecretForms.body(52)}`, "\"password\": \"hunter22\"", "nothing"])
  }, ({ around, cuts, secret, shape }) => {
    const text = `${around[0]} ${secret} ${around[1]}`
    const pieces: Array<string> = []
    let from = 0
    for (const cut of cuts) pieces.push(text.slice(from, from += cut))
    pieces.push(text.slice(from))
    const frames = pieces.map(shapes[shape]![1])
    const by = new Redactor([secrets])
    if (isClean(frames, by)) assert.deepStrictEqual(masked(frames, by), frames)
    else assert.isFalse(isClean(frames, redactor))
  })

  const Cuts = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })))
  it.prop("shows no secret, wherever its text is cut", {
    around: Schema.Tuple([Schema.String, Schema.String]),
    cuts: Cuts,
    shape: Schema.Literals([0, 1, 2, 3])
  }, ({ around, cuts, shape }) => {
    const text = `${around[0]} ${configured} ${around[1]}`
    const pieces: Array<string> = []
    let from = 0
    for (const cut of cuts) pieces.push(text.slice(from, from += cut))
    pieces.push(text.slice(from))
    const frame = shapes[shape]![1]
    const joined = masked(pieces.map(frame)).join("")
    const values = [...joined.matchAll(/"(?:content|arguments|text|delta)":("(?:[^"\\]|\\.)*")/g)]
    assert.strictEqual(
      values.map((match) => JSON.parse(match[1]!)).join(""),
      text.replaceAll(configured, mask).replaceAll(/\d{4} \d{4}/g, "[REDACTED:card]")
    )
  })
})

describe.skipIf(!Recordings.available)(`StreamRedaction on recorded streams ${Recordings.reason}`, () => {
  it("changes nothing that is not a secret", () => {
    const streams = Recordings.load().flatMap(({ answer }) => answer._tag === "Stream" ? [answer.chunks] : [])
    assert.isAbove(streams.length, 100)
    for (const chunks of streams) {
      const given = chunks.map((chunk) =>
        typeof chunk === "string" ? `${chunk}\n` : `data: ${JSON.stringify(chunk)}\n\n`
      )
      assert.deepStrictEqual(masked(given, new Redactor([secrets])), given)
    }
  })
})
