/** Office files as Markdown: a part for each slide, sheet or section. */
import { generate, OfficeErrorType, parseOffice } from "officeparser"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import type { ExtractionLimits } from "./ExtractionLimits.ts"
import type { OfficeType } from "./FileType.ts"
import * as MarkdownSections from "./MarkdownSections.ts"
import type { PartCollector } from "./PartCollector.ts"
import * as ZipArchive from "./ZipArchive.ts"

type Ast = Awaited<ReturnType<typeof parseOffice>>
type Node = Ast["content"][number]

const generatorConfig = {
  includeImages: false,
  renderMetadata: false,
  generateIds: false,
  mdConfig: { fallbackToHtml: false, dialect: { extends: "extended", attributeLists: "none" } }
} as const

const encrypted: ReadonlySet<string> = new Set([
  OfficeErrorType.PASSWORD_REQUIRED,
  OfficeErrorType.PASSWORD_INCORRECT,
  OfficeErrorType.DOCUMENT_DECRYPTION_FAILED
])
const tooLarge: ReadonlySet<string> = new Set([
  OfficeErrorType.ZIP_SIZE_LIMIT_EXCEEDED,
  OfficeErrorType.ZIP_ENTRY_COUNT_LIMIT_EXCEEDED,
  OfficeErrorType.XML_ELEMENT_LIMIT_EXCEEDED,
  OfficeErrorType.MAX_NESTING_DEPTH_EXCEEDED,
  OfficeErrorType.OUTPUT_TOO_LARGE
])

const codeOf = (cause: unknown): string => {
  if (typeof cause !== "object" || cause === null || !("officeIssue" in cause)) return ""
  const { officeIssue } = cause
  return typeof officeIssue === "object" && officeIssue !== null && "code" in officeIssue
    ? String(officeIssue.code)
    : ""
}

const unreadable = (type: OfficeType, cause: unknown): FileUnreadable => {
  if (cause instanceof FileUnreadable) return cause
  const code = codeOf(cause)
  const message = cause instanceof Error ? cause.message.replace(/^\[OfficeParser\]: /, "") : String(cause)
  return encrypted.has(code)
    ? new FileUnreadable({ reason: "encrypted", message: "The file is encrypted. Save it without a password." })
    : new FileUnreadable({
      reason: tooLarge.has(code) ? "too_large" : "broken",
      message: `The ${type} file can't be read: ${message}`
    })
}

const isPage = ({ type }: Node): boolean => type === "slide" || type === "sheet"

/** `{ slide: 3 }` or `{ sheet: "Cities" }`. */
const metadataOf = (node: Node, at: number): Readonly<Record<string, string | number>> => {
  const metadata: object = node.metadata ?? {}
  if (node.type !== "sheet") {
    return {
      slide: "slideNumber" in metadata && typeof metadata.slideNumber === "number" ? metadata.slideNumber : at + 1
    }
  }
  return { sheet: "sheetName" in metadata ? String(metadata.sheetName) : `Sheet ${at + 1}` }
}

export const extract = (
  bytes: Uint8Array,
  type: OfficeType,
  { max_unpacked_bytes: maxUncompressedBytes }: ExtractionLimits,
  collector: PartCollector
): Promise<void> => {
  const markdownOf = (ast: Ast, content: ReadonlyArray<Node>) =>
    generate({ ...ast, content: [...content] }, "md", generatorConfig).then(({ value }) => value)

  const addPages = (ast: Ast, pages: ReadonlyArray<Node>): Promise<void> => {
    collector.expect(pages.length, pages[0]?.type === "sheet" ? "sheets" : "slides")
    return pages.reduce(
      (before, page, at) =>
        before.then(() => markdownOf(ast, [page])).then((text) => {
          // A line between pages.
          collector.add(text.replace(/^---\s+/, ""), metadataOf(page, at))
          collector.done((at + 1) / pages.length)
        }),
      Promise.resolve()
    )
  }

  return Promise.resolve().then(() => {
    if (type !== "rtf") ZipArchive.check(bytes, maxUncompressedBytes)
    return parseOffice(Buffer.from(bytes), {
      fileType: type,
      ocr: false,
      extractAttachments: false,
      decompressionLimits: { maxUncompressedBytes }
    })
  }).then((ast) => {
    const pages = ast.content.filter(isPage)
    if (pages.length > 0) return addPages(ast, pages)
    return markdownOf(ast, ast.content).then((text) => MarkdownSections.add(text, collector))
  }).catch((cause: unknown) => Promise.reject(unreadable(type, cause)))
}
