/** A file that comes with what it holds reaches each vendor in the form it reads. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { bedrock } from "../../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import * as FileBlocks from "../../../src/kernel/dialects/FileBlocks.ts"
import * as FileParts from "../../../src/kernel/dialects/FileParts.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { interactions } from "../../../src/kernel/dialects/interactions/InteractionsDialect.ts"
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
      assert.deepStrictEqual(FileBlocks.inData(given, "a.pdf"), {
        name: "a.pdf",
        mediaType: type,
        data: base64("%PDF")
      })
    }
    assert.strictEqual(FileBlocks.inData(base64("a"), "a.docx")?.mediaType, MediaTypes.ofEnding("docx"))
    assert.isUndefined(FileBlocks.inData(base64("%PDF"), "a"))
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
      assert.isUndefined(FileBlocks.inData(url, null))
    }
    const request = DialectProperties.raised(responses, {
      model: "m",
      input: [{ role: "user", content: [{ type: "input_file", file_url: "https://example.com/a.pdf" }] }]
    })
    assert.strictEqual(FileParts.forVendor(request, "gemini", { degrade: () => {} }), request)
  })

  const url = "https://example.com/a.pdf"
  const byUrl = { type: "input_file", file_url: url }

  it("that stands somewhere else is fetched by Anthropic, and by nobody else", () => {
    const image = { type: "input_file", file_url: "https://example.com/a.png?x=1" }
    const [message] = list(Result.getOrThrow(ofResponses(anthropic, [byUrl, image])), "messages")
    assert.deepStrictEqual<unknown>(message?.["content"], [
      { type: "document", source: { type: "url", url } },
      { type: "image", source: { type: "url", url: image.file_url } }
    ])
    for (const vendor of [bedrock, chat, gemini, ollama]) assert.isTrue(Result.isFailure(ofResponses(vendor, [byUrl])))
    const content = [{ type: "document", source: { type: "url", url }, title: "A" }]
    const body = asked(anthropic, responses, { model: "m", max_tokens: 9, messages: [{ role: "user", content }] })
    const [item] = list(Result.getOrThrow(body), "input")
    assert.deepStrictEqual<unknown>(item?.["content"], [{ ...byUrl, filename: "A" }])
  })

  it("is a document of Converse's, under a name that it takes and that no other has", () => {
    const docx = MediaTypes.ofEnding("docx")
    const file = { ...pdf, filename: "Q3: città_(final).pdf" }
    const word = { type: "input_file", filename: "w.docx", file_data: `data:${docx};base64,eA==` }
    const [message] = list(Result.getOrThrow(ofResponses(bedrock, [file, file, word, notes])), "messages")
    const document = (format: string, name: string, bytes: string) => ({
      document: { format, name, source: { bytes } }
    })
    assert.deepStrictEqual<unknown>(message?.["content"], [
      document("pdf", "Q3 citt (final)", base64("%PDF")),
      document("pdf", "Q3 citt (final) (2)", base64("%PDF")),
      document("docx", "w", "eA=="),
      { text: "n.txt:\n\ncittà" }
    ])
    const zip = { type: "input_file", filename: "a.zip", file_data: "data:application/zip;base64,eA==" }
    assert.isTrue(Result.isFailure(ofResponses(bedrock, [zip])))
  })

  const data = base64("%PDF")
  const given: ReadonlyArray<readonly [client: Dialect, body: Json]> = [
    [anthropic, {
      model: "m",
      max_tokens: 9,
      messages: [{
        role: "user",
        content: [{ type: "document", source: { type: "base64", media_type: "application/pdf", data }, title: "a.pdf" }]
      }]
    }],
    [gemini, {
      contents: [{ role: "user", parts: [{ inlineData: { mimeType: "application/pdf", data, displayName: "a.pdf" } }] }]
    }],
    [interactions, {
      model: "m",
      input: [{ type: "user_input", content: [{ type: "document", data, mime_type: "application/pdf" }] }]
    }],
    [bedrock, {
      messages: [{ role: "user", content: [{ document: { format: "pdf", name: "a", source: { bytes: data } } }] }]
    }],
    [chat, {
      model: "m",
      messages: [{ role: "user", content: [{ type: "file", file: { filename: "a.pdf", file_data: pdf.file_data } }] }]
    }]
  ]

  it.each(given)("of a client of $name reaches each vendor that has files", (client, body) => {
    for (const vendor of [anthropic, bedrock, chat, gemini, interactions, responses]) {
      const text = JSON.stringify(Result.getOrThrow(asked(client, vendor, body)))
      assert.include(text, data, vendor.name)
      assert.match(text, /application\/pdf|"format":"pdf"/)
    }
    assert.isTrue(Result.isFailure(asked(client, ollama, body)))
  })

  it("is text where its client sends text, and what is asked of it besides is told to be missing", () => {
    const source = { type: "text", media_type: "text/plain", data: "It rains." }
    const block = { type: "document", source, citations: { enabled: true }, context: "A diary." }
    const contents = { type: "document", source: { type: "content", content: [{ type: "text", text: "It rains." }] } }
    const messages = [{ role: "user", content: [block, contents] }]
    const request = DialectProperties.raised(anthropic, { model: "m", max_tokens: 9, messages })
    const { call, degradations } = Result.getOrThrow(
      Translation.lowerCall(chat, request, { client: anthropic, model: "m", stream: false })
    )
    assert.deepStrictEqual(list(list(call.body, "messages")[0]!, "content").map(({ text }) => text), [
      "It rains.",
      "It rains."
    ])
    assert.deepStrictEqual(degradations.map(({ requested }) => requested), [
      "citations of a document",
      "what is said about a document (context)"
    ])
  })

  it("is refused where only its client's vendor has it", () => {
    const file = { type: "document", source: { type: "file", file_id: "file_1" } }
    const body = { model: "m", max_tokens: 9, messages: [{ role: "user", content: [file] }] }
    assert.isTrue(Result.isFailure(asked(anthropic, chat, body)))
    const fileUri = "https://generativelanguage.googleapis.com/v1beta/files/x"
    const parts = [{ fileData: { mimeType: "application/pdf", fileUri } }]
    assert.isTrue(Result.isFailure(asked(gemini, anthropic, { contents: [{ role: "user", parts }] })))
  })
})
