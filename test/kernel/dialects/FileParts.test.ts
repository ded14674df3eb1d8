/** A file that comes with what it holds reaches each vendor in the form it reads. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import * as FileParts from "../../../src/kernel/dialects/FileParts.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { ollama } from "../../../src/kernel/dialects/ollama/OllamaDialect.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import * as MediaTypes from "../../../src/kernel/messages/MediaTypes.ts"
import * as DialectProperties from "../../support/DialectProperties.ts"

type Json = Schema.JsonObject

const base64 = (text: string) => Buffer.from(text).toString("base64")
const pdf = { type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${base64("%PDF")}` }
const notes = { type: "input_file", filename: "n.txt", file_data: `data:text/plain;base64,${base64("città")}` }

const asked = (client: Dialect, vendor: Dialect, body: Json) =>
  Result.map(
    Translation.lowerCall(vendor, DialectProperties.raised(client, body), { client, model: "m", stream: false }),
    ({ call }) => call.body
  )

const ofResponses = (vendor: Dialect, content: ReadonlyArray<Json>) =>
  asked(responses, vendor, { model: "m", input: [{ role: "user", content }] })

const list = (body: Json, name: string) => body[name] as ReadonlyArray<Json>

describe("a file with what it holds", () => {
  it("is a document of Anthropic's", () => {
    const [message] = list(Result.getOrThrow(ofResponses(anthropic, [pdf, notes])), "messages")
    assert.deepStrictEqual<unknown>(message?.["content"], [
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: base64("%PDF") },
        title: "a.pdf"
      },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "città" }, title: "n.txt" }
    ])
  })

  it("is data of Gemini's, and text is text", () => {
    const [content] = list(Result.getOrThrow(ofResponses(gemini, [pdf, notes])), "contents")
    assert.deepStrictEqual<unknown>(content?.["parts"], [
      { inlineData: { mimeType: "application/pdf", data: base64("%PDF") } },
      { text: "n.txt:\n\ncittà" }
    ])
  })

  it("is a file of chat completions, and goes back to Responses", () => {
    const file = { type: "file", file: { filename: "a.pdf", file_data: pdf.file_data } }
    const [message] = list(Result.getOrThrow(ofResponses(chat, [pdf])), "messages")
    assert.deepStrictEqual<unknown>(message?.["content"], [file])
    const body = asked(chat, responses, { model: "m", messages: [{ role: "user", content: [file] }] })
    const [item] = list(Result.getOrThrow(body), "input")
    assert.deepStrictEqual<unknown>(item?.["content"], [pdf])
  })

  it("is refused by a vendor without files, unless it is text", () => {
    assert.isTrue(Result.isFailure(ofResponses(ollama, [pdf])))
    const [message] = list(Result.getOrThrow(ofResponses(ollama, [notes])), "messages")
    assert.include(String(message?.["content"]), "città")
  })

  it("may be what a tool gave", () => {
    const input = [
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: [pdf, notes] }
    ]
    const { messages } = Result.getOrThrow(asked(responses, anthropic, { model: "m", input })) as {
      readonly messages: ReadonlyArray<{ readonly content: ReadonlyArray<Json> }>
    }
    const [result] = messages[1]!.content
    assert.deepStrictEqual(list(result!, "content").map(({ type }) => type), ["document", "document"])
    assert.isTrue(Result.isFailure(asked(responses, gemini, { model: "m", input })))
  })

  it("may say what it is by its name, and hold base64 alone", () => {
    for (const given of [base64("%PDF"), `data:;base64,${base64("%PDF")}`, `data:application/octet-stream,%25PDF`]) {
      const type = "application/pdf"
      assert.deepStrictEqual(FileParts.inData(given, "a.pdf"), { name: "a.pdf", mediaType: type, data: base64("%PDF") })
    }
    assert.strictEqual(FileParts.inData(base64("a"), "a.docx")?.mediaType, MediaTypes.ofEnding("docx"))
    assert.isUndefined(FileParts.inData(base64("%PDF"), "a"))
  })

  it("is read in the charset that it names", () => {
    for (
      const url of ["data:text/plain;charset=iso-8859-1;base64,Y2l0dOA=", "data:,citt%C3%A0", "data:text/plain,città"]
    ) {
      const file = { type: "input_file", filename: "n.txt", file_data: url }
      const [content] = list(Result.getOrThrow(ofResponses(gemini, [file])), "contents")
      assert.deepStrictEqual<unknown>(content?.["parts"], [{ text: "n.txt:\n\ncittà" }])
    }
  })

  it("is none where it is somewhere else, or can't be read", () => {
    for (const url of ["https://example.com/a.pdf", "data:x", "data:text/plain;base64,!", 5, undefined]) {
      assert.isUndefined(FileParts.inData(url, null))
    }
    const request = DialectProperties.raised(responses, {
      model: "m",
      input: [{ role: "user", content: [{ type: "input_file", file_url: "https://example.com/a.pdf" }] }]
    })
    assert.strictEqual(FileParts.forVendor(request, "anthropic"), request)
  })
})
