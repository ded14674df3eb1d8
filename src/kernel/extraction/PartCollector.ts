/** Collects the parts of a file's text, within its limits. */
import { FileUnreadable } from "../text/FileUnreadable.ts"
import type { TextMetadata, TextPart } from "../text/ProcessedFile.ts"
import type { ExtractionLimits } from "./ExtractionLimits.ts"

type Limits = Pick<ExtractionLimits, "max_characters" | "max_pages">

export class PartCollector {
  readonly parts: Array<TextPart> = []
  readonly warnings: Array<string> = []
  readonly #limits: Limits
  readonly #onProgress: (done: number) => void
  #characters = 0

  constructor(limits: Limits, onProgress: (done: number) => void) {
    this.#limits = limits
    this.#onProgress = onProgress
  }

  /** Before the pages are read. */
  expect(pages: number, what: string): void {
    const { max_pages: limit } = this.#limits
    if (pages > limit) {
      throw new FileUnreadable({
        reason: "too_large",
        message:
          `The file has ${pages} ${what}, and ${limit} are read at most. Send it in parts, or raise max_pages of ` +
          "the file processor."
      })
    }
  }

  add(text: string, metadata: TextMetadata): void {
    const part = text.toWellFormed().replaceAll("\0", "").replace(/\r\n?/g, "\n").trim()
    if (part === "") return
    this.#characters += part.length
    const { max_characters: limit } = this.#limits
    if (this.#characters > limit) {
      throw new FileUnreadable({
        reason: "too_large",
        message:
          `The file has more than ${limit} characters of text. Send it in parts, or raise max_characters of the ` +
          "file processor."
      })
    }
    this.parts.push({ text: part, metadata })
  }

  /** From 0 to 1. */
  done(share: number): void {
    this.#onProgress(share)
  }

  warn(text: string): void {
    this.warnings.push(text)
  }
}
