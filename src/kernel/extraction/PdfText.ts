/** The text of a PDF, a part for each page. */
import { getDocumentProxy } from "unpdf"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import type { PartCollector } from "./PartCollector.ts"

type Document = Awaited<ReturnType<typeof getDocumentProxy>>
type Content = Awaited<ReturnType<Awaited<ReturnType<Document["getPage"]>>["getTextContent"]>>

const unreadable = (cause: unknown): FileUnreadable => {
  if (cause instanceof FileUnreadable) return cause
  const name = cause instanceof Error ? cause.name : ""
  return name === "PasswordException"
    ? new FileUnreadable({ reason: "encrypted", message: "The PDF is encrypted. Save it without a password." })
    : new FileUnreadable({
      reason: "broken",
      message: `The PDF is broken: ${cause instanceof Error ? cause.message : String(cause)}`
    })
}

const textOf = ({ items }: Content): string =>
  items.map((item) => "str" in item ? item.str + (item.hasEOL ? "\n" : "") : "").join("")

const addPage = (document: Document, page: number, collector: PartCollector): Promise<void> =>
  document.getPage(page).then((opened) =>
    opened.getTextContent().then((content) => {
      collector.add(textOf(content), { page })
      opened.cleanup()
    })
  )

const addPages = (document: Document, collector: PartCollector): Promise<void> => {
  const { numPages } = document
  collector.expect(numPages, "pages")
  let broken = 0
  const from = (page: number): Promise<void> =>
    page > numPages ? Promise.resolve() : addPage(document, page, collector).catch((cause: unknown) => {
      if (cause instanceof FileUnreadable) throw cause
      broken++
      collector.warn(`Page ${page} can't be read: ${unreadable(cause).message}`)
      if (broken === numPages) throw cause
    }).then(() => {
      collector.done(page / numPages)
      return from(page + 1)
    })
  return from(1).then(() => {
    if (collector.parts.length > 0) return
    throw new FileUnreadable({
      reason: "no_text",
      message:
        `The PDF has no text: its ${numPages} page(s) may be images of text. Run it through text recognition (OCR) ` +
        "and send the result."
    })
  })
}

export const extract = (bytes: Uint8Array, collector: PartCollector): Promise<void> =>
  getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0 }).then(
    (document) => addPages(document, collector).finally(() => document.cleanup())
  ).catch((cause: unknown) => Promise.reject(unreadable(cause)))
