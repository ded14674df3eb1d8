/** A page's text, its headings and lists as Markdown writes them. */
import { htmlToText } from "html-to-text"
import type { FormatCallback } from "html-to-text"
import * as MarkdownSections from "./MarkdownSections.ts"
import type { PartCollector } from "./PartCollector.ts"

const maxDepth = 200

const heading: FormatCallback = (element, walk, builder, options) => {
  const level = Number((element.name ?? "h1").slice(1))
  builder.openBlock({ leadingLineBreaks: options.leadingLineBreaks ?? 2 })
  builder.addInline(`${"#".repeat(level)} `)
  walk(element.children, builder)
  builder.closeBlock({ trailingLineBreaks: options.trailingLineBreaks ?? 2 })
}

export const extract = (html: string, collector: PartCollector): void => {
  const text = htmlToText(html, {
    wordwrap: false,
    limits: { maxInputLength: html.length + 1, maxDepth, ellipsis: "" },
    formatters: { heading },
    selectors: [
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, format: "heading" })),
      { selector: "a", options: { ignoreHref: true } },
      ...["img", "script", "style", "noscript", "template", "svg", "nav"].map((selector) => ({
        selector,
        format: "skip"
      })),
      { selector: "table", format: "dataTable", options: { uppercaseHeaderCells: false } }
    ]
  })
  MarkdownSections.add(text, collector)
}
