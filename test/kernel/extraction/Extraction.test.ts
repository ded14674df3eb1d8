/** Files of every type that is read, and those that can't be. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Extraction from "../../../src/kernel/extraction/Extraction.ts"
import type { ExtractionLimits } from "../../../src/kernel/extraction/ExtractionLimits.ts"
import { defaults } from "../../../src/kernel/extraction/ExtractionLimits.ts"
import type { ChunkingStrategy } from "../../../src/kernel/text/ChunkingStrategy.ts"
import * as ChunkingStrategies from "../../../src/kernel/text/ChunkingStrategy.ts"
import { FileUnreadable } from "../../../src/kernel/text/FileUnreadable.ts"
import * as OfficeFiles from "../../support/OfficeFiles.ts"

interface Sent {
  readonly name?: string
  readonly contentType?: string
  readonly limits?: Partial<ExtractionLimits>
  readonly chunking?: ChunkingStrategy
}

const read = (content: string | Uint8Array, { chunking = ChunkingStrategies.auto, limits, ...sent }: Sent = {}) =>
  Effect.tryPromise({
    try: () =>
      Extraction.run(
        { name: "file", contentType: "application/octet-stream", bytes: Buffer.from(content), ...sent },
        chunking,
        { ...defaults, ...limits }
      ),
    catch: (cause): unknown => cause
  })

const refusal = (content: string | Uint8Array, sent: Sent = {}) =>
  Effect.map(Effect.flip(read(content, sent)), (error) => {
    assert.instanceOf(error, FileUnreadable)
    return error
  })

const markdown = "# Weather\n\nOslo is cold & wet.\n\n| City | Degrees |\n| --- | --- |\n| Oslo | -3 |"

describe("a file", () => {
  it.effect("of PDF has a part for each page, and chunks that name their page", () =>
    Effect.gen(function*() {
      const file = yield* read(OfficeFiles.pdf(["Oslo is cold.", "", "Bergen (the wet one)."]), { name: "x.txt" })
      assert.strictEqual(file.contentType, "application/pdf")
      assert.deepStrictEqual(file.parts, [
        { text: "Oslo is cold.", metadata: { page: 1 } },
        { text: "Bergen (the wet one).", metadata: { page: 3 } }
      ])
      assert.strictEqual(file.text, "Oslo is cold.\n\nBergen (the wet one).")
      const pages = Array.from({ length: 30 }, (_, at) => `Page ${at + 1} is about Oslo. `.repeat(20).trim())
      const { chunks } = yield* read(OfficeFiles.pdf(pages), {
        chunking: { type: "static", static: { max_chunk_size_tokens: 150, chunk_overlap_tokens: 50 } }
      })
      for (const { metadata, text } of chunks) {
        assert.strictEqual(Number(/^\s*(?:is about Oslo\. )?Page (\d+)/.exec(text)?.[1]), metadata["page"])
      }
    }))

  it.effect("of an office program is Markdown, by its bytes and not by its name", () =>
    Effect.gen(function*() {
      const docx = yield* read(OfficeFiles.docx(), { name: "notes.zip" })
      assert.deepStrictEqual(docx.parts, [
        { text: markdown, metadata: { heading: "Weather" } },
        { text: "## Food\n\nEat fish.", metadata: { heading: "Food" } }
      ])
      const xlsx = yield* read(OfficeFiles.xlsx())
      assert.deepStrictEqual(xlsx.parts, [
        { text: "| City | Degrees |\n| --- | --- |\n| Oslo | -3 |", metadata: { sheet: "Cities" } }
      ])
      const pptx = yield* read(OfficeFiles.pptx(["First slide", "Second slide"]))
      assert.deepStrictEqual(pptx.parts, [
        { text: "First slide", metadata: { slide: 1 } },
        { text: "Second slide", metadata: { slide: 2 } }
      ])
      assert.strictEqual((yield* read(OfficeFiles.odt())).text, "# Weather\n\nOslo is cold.")
      const ods = yield* read(OfficeFiles.ods())
      assert.deepStrictEqual(ods.parts.map(({ metadata }) => metadata), [{ sheet: "Cities" }])
      assert.include(ods.text, "| Oslo | -3 |")
      assert.strictEqual((yield* read(OfficeFiles.odp())).text, "First slide")
      assert.strictEqual(
        (yield* read("{\\rtf1\\ansi Oslo is cold.\\par Bergen is wet.}")).text,
        "Oslo is cold.\n\nBergen is wet."
      )
    }))

  it.effect("of HTML has its headings, lists and tables, and no scripts", () =>
    Effect.gen(function*() {
      const page = "<!DOCTYPE html><html><head><title>t</title><script>alert(1)</script></head><body><h1>Weather</h1>" +
        "<p>Oslo &amp; <a href='/x'>Bergen</a></p><ul><li>cold</li></ul><h2>Food</h2><p>fish</p></body></html>"
      const { contentType, parts } = yield* read(page, { name: "page.bin" })
      assert.strictEqual(contentType, "text/html")
      assert.deepStrictEqual(parts, [
        { text: "# Weather\n\nOslo & Bergen\n\n * cold", metadata: { heading: "Weather" } },
        { text: "## Food\n\nfish", metadata: { heading: "Food" } }
      ])
      // Nested without an end.
      assert.isBelow((yield* read(`<html>x${"<div>".repeat(20_000)}`)).text.length, 10)
    }))

  it.effect("of Markdown, JSON and code is as it was written", () =>
    Effect.gen(function*() {
      const text = "intro\n\n# One\ntext\n```sh\n# no heading\n```\n## Two ##\nmore"
      const sections = yield* read(text, { name: "README.md" })
      assert.deepStrictEqual(sections.parts.map(({ metadata }) => metadata), [{}, { heading: "One" }, {
        heading: "Two"
      }])
      const json = yield* read("{\"a\":\n [1]}", { contentType: "application/json; charset=utf-8" })
      assert.deepStrictEqual([json.contentType, json.text], ["application/json", "{\"a\":\n [1]}"])
      const code = yield* read("def f():\r\n    return 1\r\n", { name: "f.py" })
      assert.deepStrictEqual([code.contentType, code.text], ["text/plain", "def f():\n    return 1"])
    }))

  it.effect("of rows names the columns in each of them", () =>
    Effect.gen(function*() {
      const csv = yield* read("City;Note\nOslo;\"cold; wet\"\nBergen;\n", { name: "a.csv" })
      assert.strictEqual(csv.text, "City: Oslo; Note: cold; wet\nCity: Bergen")
      assert.strictEqual((yield* read("1\t2\n3\t4", { name: "a.tsv" })).text, "1, 2\n3, 4")
      const broken = yield* read("a,b\n1,\"2", { name: "a.csv" })
      assert.include(broken.text, "1,\"2")
      assert.strictEqual(broken.warnings.length, 1)
    }))

  it.effect("is read in its charset", () =>
    Effect.gen(function*() {
      const cases: ReadonlyArray<readonly [Uint8Array, Sent, string]> = [
        [Buffer.from("Bodø"), {}, "Bodø"],
        [Buffer.from("\ufeffBodø"), {}, "Bodø"],
        [Buffer.from("\ufeffBodø", "utf16le"), {}, "Bodø"],
        [Buffer.from("Bodo is far away", "utf16le"), {}, "Bodo is far away"],
        [Buffer.from("\ufeffBodø", "utf16le").swap16(), {}, "Bodø"],
        [Buffer.from("Bodø", "latin1"), {}, "Bodø"],
        [Buffer.from([0x93, 0xfa, 0x96, 0x7b]), { contentType: "text/plain; charset=shift_jis" }, "日本"]
      ]
      for (const [bytes, sent, text] of cases) assert.strictEqual((yield* read(bytes, sent)).text, text)
    }))

  it.effect("is refused where nobody reads it, with what it is and what is read", () =>
    Effect.gen(function*() {
      for (
        const [content, what] of [
          [Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), "PNG"],
          [OfficeFiles.zip({ "a.txt": "x" }), "no office file"],
          [Buffer.from([1, 2, 0, 0, 3, 0, 0, 0, 9]), "no text"]
        ] as const
      ) {
        const error = yield* refusal(content)
        assert.strictEqual(error.reason, "unsupported_type")
        assert.include(error.message, what)
        assert.include(error.message, "docx")
      }
    }))

  it.effect("is refused where it is encrypted, broken or empty", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* refusal(OfficeFiles.encryptedPdf())).reason, "encrypted")
      const protectedOffice = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600)])
      assert.strictEqual((yield* refusal(protectedOffice)).reason, "encrypted")
      assert.strictEqual((yield* refusal("%PDF-1.4 and nothing")).reason, "broken")
      assert.strictEqual((yield* refusal(OfficeFiles.docx().subarray(0, 500))).reason, "broken")
      assert.strictEqual((yield* refusal(OfficeFiles.docx({ "word/document.xml": "<w:document" }))).reason, "broken")
      for (const empty of ["", " \n\t ", "\ufeff"]) assert.strictEqual((yield* refusal(empty)).reason, "no_text")
      const scanned = yield* refusal(OfficeFiles.pdf(["", ""]))
      assert.strictEqual(scanned.reason, "no_text")
      assert.include(scanned.message, "OCR")
    }))

  it.effect("is refused where it is more than the limits allow, also where it says less", () =>
    Effect.gen(function*() {
      const bomb = { "word/media/image1.bin": new Uint8Array(20_000_000) }
      const limits = { max_unpacked_bytes: 1_000_000 }
      const honest = yield* refusal(OfficeFiles.docx(bomb), { limits })
      assert.strictEqual(honest.reason, "too_large")
      assert.include(honest.message, "max_unpacked_bytes")
      const lying = yield* refusal(OfficeFiles.docx(bomb, { claimedSize: 10 }), { limits })
      assert.strictEqual(lying.reason, "too_large")
      const outside = OfficeFiles.docx({
        "../../../outside.xml": "evil",
        "/absolute.xml": "evil",
        "word/../../up.xml": "evil"
      })
      assert.notInclude((yield* read(outside)).text, "evil")
      const pages = yield* refusal(OfficeFiles.pdf(["a", "b", "c"]), { limits: { max_pages: 2 } })
      assert.include(pages.message, "3 pages")
      assert.strictEqual((yield* refusal("a".repeat(101), { limits: { max_characters: 100 } })).reason, "too_large")
    }))
})
