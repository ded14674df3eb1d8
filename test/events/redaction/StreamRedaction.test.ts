/** Secrets in streams: whole in a frame, and in pieces over several. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { mask } from "../../../src/events/redaction/Mask.ts"
import { Rules } from "../../../src/events/redaction/RedactionRules.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import { Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as StreamRedaction from "../../../src/events/redaction/StreamRedaction.ts"
import { CapturedStream } from "../../../src/events/types/StreamCapture.ts"
import { sha256, textOf } from "../../../src/events/types/Traffic.ts"
import { Recordings } from "../../support/Recordings.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const configured = "sk-configured-1"
const secrets = new Secrets()
secrets.add(configured)
const redactor = new Redactor([secrets], new Rules([{ pattern: "\\d{4} \\d{4}", replacement: "card" }]))

const capture = (frames: ReadonlyArray<string>) =>
  new CapturedStream(frames.map((frame, index) => [index, frame]), Buffer.from(frames.join("")), "utf-8")

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

const shown = (frames: ReadonlyArray<string>) =>
  StreamRedaction.captured(capture(frames), redactor).frames.map(([, frame]) => frame)

describe("FrameRedaction", () => {
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
      assert.deepStrictEqual(shown(pieces.map(frame)), expected.map(frame))
      assert.deepStrictEqual(shown(expected.map(frame)), expected.map(frame))
    })
  }

  it("gives back the same where nothing is secret, and else a digest of what is shown", () => {
    const given = capture(["a", "b"].map(responses))
    assert.strictEqual(StreamRedaction.captured(given, redactor), given)
    const masked = StreamRedaction.captured(capture([configured].map(responses)), redactor)
    assert.strictEqual(masked.sha256, sha256(responses(mask)))
    assert.deepStrictEqual(JSON.parse(`{${masked.json}}`).frames, [[0, responses(mask)]])
  })

  it("looks into bytes that are no text", () => {
    const bytes = Buffer.from([0xff, 0xfe, ...Buffer.from(` ${configured} `), 0x80])
    const masked = StreamRedaction.captured(
      new CapturedStream([[0, bytes.toString("base64")]], bytes, "base64"),
      redactor
    )
    const expected = Buffer.from([0xff, 0xfe, ...Buffer.from(` ${mask} `), 0x80])
    assert.deepStrictEqual(masked.frames, [[0, expected.toString("base64")]])
    assert.strictEqual(masked.sha256, sha256(expected.toString("base64")))
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
    const joined = textOf({ frames: StreamRedaction.frames(capture(pieces.map(frame)).frames, "utf-8", redactor) })
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
      const given = capture(
        chunks.map((chunk) => typeof chunk === "string" ? `${chunk}\n` : `data: ${JSON.stringify(chunk)}\n\n`)
      )
      assert.strictEqual(StreamRedaction.captured(given, new Redactor([secrets])), given)
    }
  })
})
