/** What a file is: as its bytes say, and of texts, as its name and its sender say. */
import * as MediaTypes from "../messages/MediaTypes.ts"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import * as Charset from "./Charset.ts"
import * as ZipArchive from "./ZipArchive.ts"

const officeTypes = {
  docx: MediaTypes.ofEnding("docx"),
  xlsx: MediaTypes.ofEnding("xlsx"),
  pptx: MediaTypes.ofEnding("pptx"),
  odt: MediaTypes.ofEnding("odt"),
  ods: MediaTypes.ofEnding("ods"),
  odp: MediaTypes.ofEnding("odp"),
  epub: MediaTypes.ofEnding("epub"),
  rtf: MediaTypes.ofEnding("rtf")
} as const
export type OfficeType = keyof typeof officeTypes

const textTypes = {
  html: MediaTypes.ofEnding("html"),
  markdown: MediaTypes.ofEnding("md"),
  csv: MediaTypes.ofEnding("csv"),
  tsv: MediaTypes.ofEnding("tsv"),
  json: MediaTypes.ofEnding("json"),
  plain: MediaTypes.ofEnding("txt")
} as const
export type TextType = keyof typeof textTypes

export type FileType = OfficeType | TextType | "pdf"

export const contentTypes: Readonly<Record<FileType, string>> = {
  ...officeTypes,
  ...textTypes,
  pdf: MediaTypes.ofEnding("pdf")
}

export const isOffice = (type: FileType): type is OfficeType => type in officeTypes

const readable =
  "PDF, HTML, Markdown, plain text and source code, CSV, TSV, JSON, docx, xlsx, pptx, odt, ods, odp, rtf, epub"

const unsupported = (what: string) =>
  new FileUnreadable({
    reason: "unsupported_type",
    message: `The file is ${what}, which can't be read here. Send one of these: ${readable}.`
  })

const encrypted = new FileUnreadable({
  reason: "encrypted",
  message:
    "The file is encrypted, or of Microsoft Office before 2007. Save it without a password, in a format of today."
})

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, Math.min(bytes.length, end) - start)).toString(
    "latin1"
  )

/** What is no text, by how it begins. */
const marks: ReadonlyArray<readonly [string, string]> = [
  ["\x89PNG", "an image (PNG)"],
  ["\xff\xd8\xff", "an image (JPEG)"],
  ["GIF8", "an image (GIF)"],
  ["RIFF", "an image, a sound or a video (RIFF)"],
  ["II*\0", "an image (TIFF)"],
  ["MM\0*", "an image (TIFF)"],
  ["\x1f\x8b", "an archive (gzip)"],
  ["Rar!", "an archive (RAR)"],
  ["7z\xbc\xaf", "an archive (7z)"],
  ["\x7fELF", "a program"],
  ["MZ\x90", "a program"]
]

/** An office file is an archive that names itself, or has files where its kind has them. */
const officeTypeOf = (bytes: Uint8Array): OfficeType => {
  const names = new Set(ZipArchive.entries(bytes).map(({ path }) => path))
  // The first entry, stored as it is: `mimetype`.
  const head = ascii(bytes, 0, 200)
  for (const type of ["odt", "ods", "odp", "epub"] as const) {
    if (head.includes(`mimetype${officeTypes[type]}`)) return type
  }
  if (names.has("word/document.xml")) return "docx"
  if (names.has("xl/workbook.xml")) return "xlsx"
  if (names.has("ppt/presentation.xml")) return "pptx"
  if (names.has("META-INF/container.xml")) return "epub"
  throw unsupported("an archive (zip) that is no office file")
}

const bySender: ReadonlyMap<string, TextType> = new Map(
  Object.entries(textTypes).map(([type, sent]) => [sent, type as TextType])
)

/** What a name says: lines of JSON are no JSON. */
const byName: ReadonlyMap<string, TextType> = new Map([
  ...bySender,
  [MediaTypes.ofEnding("xhtml"), "html"],
  [MediaTypes.ofEnding("jsonl"), "plain"]
])

/** What begins as HTML is HTML, whatever it is called. */
const textTypeOf = (bytes: Uint8Array, name: string, contentType: string): TextType => {
  const head = ascii(bytes, 0, 1024).replace(/^\xef\xbb\xbf/, "").trimStart()
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)[\s>]/is.test(head)) return "html"
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""
  const sender = bySender.get(contentType.split(";")[0]!.trim().toLowerCase())
  return byName.get(MediaTypes.ofName(name) ?? "") ?? (extension === "" || sender !== "plain" ? sender : undefined) ??
    "plain"
}

/** Fails with what it is where nobody here reads it. */
export const of = (bytes: Uint8Array, name: string, contentType: string): FileType => {
  const head = ascii(bytes, 0, 1024)
  if (head.includes("%PDF-")) return "pdf"
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return officeTypeOf(bytes)
  if (head.startsWith("\xd0\xcf\x11\xe0")) throw encrypted
  if (head.startsWith("{\\rtf")) return "rtf"
  const mark = marks.find(([start]) => head.startsWith(start))
  if (mark !== undefined) throw unsupported(mark[1])
  if (Charset.isBinary(bytes)) throw unsupported("no text")
  return textTypeOf(bytes, name, contentType)
}
