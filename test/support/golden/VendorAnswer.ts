/** The bytes with which the vendor of a run answers, and where they are cut. */
import { gzipSync } from "node:zlib"
import { SeededRandom } from "../../../bench/crash/SeededRandom.ts"
import type { Scenario } from "./Scenario.ts"
import { vendorKey } from "./Scenario.ts"
import * as Words from "./Words.ts"

export interface VendorAnswer {
  /** 0: the connection is cut before there is any. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly chunks: ReadonlyArray<Uint8Array>
  /** What follows the chunks. */
  readonly ending: "end" | "cut" | "held"
}

const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }

const completion = ({ mark }: Scenario, content: string) => ({
  id: `chatcmpl-${mark}`,
  object: "chat.completion",
  created: 1_763_683_200,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage
})

const frame = ({ mark }: Scenario, delta: object, finish_reason: string | null, more = {}): string =>
  `data: ${
    JSON.stringify({
      id: `chatcmpl-${mark}`,
      object: "chat.completion.chunk",
      created: 1_763_683_200,
      model: "m",
      choices: [{ index: 0, delta, finish_reason }],
      ...more
    })
  }\n\n`

/** A text in pieces, wherever they are cut. */
const piecesOf = (random: SeededRandom, text: string): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  for (let at = 0; at < text.length;) pieces.push(text.slice(at, at += random.between(1, 40)))
  return pieces
}

const streamOf = (scenario: Scenario, random: SeededRandom, text: string): ReadonlyArray<string> => {
  const deltas = random.between(1, 5) === 1
    ? piecesOf(random, text).map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] }))
    : piecesOf(random, text).map((content) => ({ content }))
  const frames = deltas.map((delta) => frame(scenario, delta, null))
  if (random.between(1, 6) === 1) frames.splice(random.between(0, frames.length), 0, ": keep-alive\n\n")
  frames.push(frame(scenario, {}, "stop", { usage }))
  const [lineEnd] = [random.pick(["\n", "\n", "\n", "\r\n", "\r"])]
  return [...frames, "data: [DONE]\n\n"].map((each) => lineEnd === "\n" ? each : each.replaceAll("\n", lineEnd))
}

/** Bytes as they may arrive: cut anywhere, also within a character. */
const cut = (random: SeededRandom, bytes: Buffer): ReadonlyArray<Uint8Array> => {
  if (random.between(1, 3) === 1) return [bytes]
  const chunks: Array<Uint8Array> = []
  const size = random.pick([64, 512, 4096])
  for (let at = 0; at < bytes.length;) chunks.push(bytes.subarray(at, at += random.between(1, size)))
  return chunks.length > mostChunks ? [bytes] : chunks
}

const mostChunks = 24

const json = "application/json"
const events = "text/event-stream"

/** The answer of the request's nth call. */
export const of = (scenario: Scenario, seed: number, call = 1): VendorAnswer => {
  const { answer, isStream, number } = scenario
  const random = new SeededRandom(seed ^ Math.imul(number + 3, 0xc2b2ae35) ^ call)
  const text = Words.text(random, [vendorKey, "sk-other-0123456789abcdefghijklmn"], random.pick([2, 4, 30]))
  const body = isStream
    ? streamOf(scenario, random, text.slice(0, 2000)).join("")
    : JSON.stringify(completion(scenario, text), null, random.pick([0, 0, 2]))
  const headers = {
    "content-type": isStream ? events : json,
    "x-request-id": `vendor-${number}`,
    ...(random.between(1, 4) === 1 ? { "set-cookie": "session=abcdef0123456789", "x-echo": vendorKey } : {})
  }
  const whole = (given: string | Buffer, more: Partial<VendorAnswer> = {}): VendorAnswer => ({
    status: 200,
    headers,
    chunks: cut(random, Buffer.from(given)),
    ending: "end",
    ...more
  })
  const error = JSON.stringify({ error: { message: `No. ${text.slice(0, 300)}`, type: "t", param: null, code: "c" } })
  switch (answer) {
    case "whole":
      return whole(body)
    case "error":
      return whole(error, {
        status: random.pick([400, 401, 404, 429, 500, 503]),
        headers: { ...headers, "content-type": json, "retry-after": "0" }
      })
    case "error text":
      return whole(`<html>${text}</html>`, { status: 502, headers: { "content-type": "text/html" } })
    case "error as success":
      return isStream
        ? whole(`${frame(scenario, { content: "a" }, null)}data: ${error}\n\ndata: [DONE]\n\n`)
        : whole(error)
    case "torn":
      return whole(Buffer.from(body).subarray(0, random.between(0, Buffer.byteLength(body) - 1)), { ending: "cut" })
    case "unended":
      return whole(isStream ? body.slice(0, body.lastIndexOf("data:")) : body.slice(0, -random.between(1, 20)))
    case "reset":
      return { status: 0, headers: {}, chunks: [], ending: "cut" }
    case "no text":
      return whole(Buffer.concat([Buffer.from(body), Buffer.from([0xff, 0xfe, 0x80])]))
    case "empty":
      return whole("")
    case "compressed":
      return whole(gzipSync(body), { headers: { ...headers, "content-encoding": "gzip" } })
    case "held":
      return whole(body.slice(0, random.between(0, 400)), { ending: "held" })
  }
}
