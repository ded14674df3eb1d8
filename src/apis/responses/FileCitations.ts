/** Takes the marks by which a model cites files and pages out of its text, as it comes, and makes annotations of them. */
import type { Schema } from "effect"

const mark = /<\|([\w-]{1,128})\|>/g
/** What may become a mark when more comes. */
const begun = /<(\|[\w-]{0,128}\|?)?$/

export interface FileCitation {
  readonly type: "file_citation"
  readonly file_id: string
  readonly filename: string
  /** Where in the text it stands, UTF-16 code units. */
  readonly index: number
}

export interface PageCitation {
  readonly type: "url_citation"
  readonly url: string
  readonly title: string
  /** Where the sentence that rests on it begins and ends, UTF-16 code units. */
  readonly start_index: number
  readonly end_index: number
}

export type Citation = FileCitation | PageCitation

interface Page {
  readonly url: string
  readonly title: string
}

/** Where the last sentence of a text begins, and ends without the space behind it. */
const lastSentence = (text: string): Pick<PageCitation, "end_index" | "start_index"> => {
  const end_index = text.trimEnd().length
  const [before = ""] = /^[^]*[.!?\n]\s+/.exec(text.slice(0, Math.max(0, end_index - 1))) ?? []
  return { start_index: Math.min(before.length, end_index), end_index }
}

export class FileCitations {
  readonly #nameOf: (file: string) => string | undefined
  readonly #pageOf: (mark: string) => Page | undefined
  readonly citations: Array<Citation> = []
  text = ""
  #rest = ""

  /** `nameOf`, `pageOf`: of what was in a result; a mark that names anything else is text. */
  constructor(
    nameOf: (file: string) => string | undefined,
    pageOf: (mark: string) => Page | undefined = () => undefined
  ) {
    this.#nameOf = nameOf
    this.#pageOf = pageOf
  }

  #take(piece: string): string {
    const before = this.text.length
    let last = 0
    for (const match of piece.matchAll(mark)) {
      const file_id = match[1]!
      const [filename, page] = [this.#nameOf(file_id), this.#pageOf(file_id)]
      if (filename === undefined && page === undefined) continue
      this.text += piece.slice(last, match.index)
      last = match.index + match[0].length
      if (filename !== undefined) {
        this.citations.push({ type: "file_citation", file_id, filename, index: this.text.length })
      } else if (page !== undefined) {
        const { title, url } = page
        this.citations.push({ type: "url_citation", url, title, ...lastSentence(this.text) })
      }
    }
    this.text += piece.slice(last)
    return this.text.slice(before)
  }

  /** What of the text can be said by now. */
  grow(text: string): string {
    const all = this.#rest + text
    const open = begun.exec(all)
    const end = open === null ? all.length : open.index
    this.#rest = all.slice(end)
    return this.#take(all.slice(0, end))
  }

  /** What was held back. */
  end(): string {
    const rest = this.#rest
    this.#rest = ""
    return this.#take(rest)
  }

  /** Of a block that is whole: its text may never have come in pieces. */
  whole(text: string): string {
    this.text = ""
    this.#rest = ""
    this.citations.length = 0
    this.#take(text)
    return this.text
  }
}

/** The events of a text's end, with its citations in them. */
export const annotated = (
  events: ReadonlyArray<Schema.JsonObject>,
  citations: ReadonlyArray<Citation>
): ReadonlyArray<Schema.JsonObject> => {
  if (citations.length === 0) return events
  const annotations = citations as unknown as ReadonlyArray<Schema.Json>
  const annotate = (part: Schema.Json): Schema.Json =>
    typeof part === "object" && part !== null && "type" in part && part["type"] === "output_text"
      ? { ...part, annotations }
      : part
  return events.flatMap((event) => {
    const { content_index = 0, item, item_id, output_index, part, type } = event
    if (type === "response.content_part.done") {
      const added = annotations.map((annotation, annotation_index) => ({
        type: "response.output_text.annotation.added",
        item_id: item_id!,
        output_index: output_index!,
        content_index,
        annotation_index,
        annotation
      }))
      return [...added, { ...event, part: annotate(part!) }]
    }
    if (type !== "response.output_item.done" || typeof item !== "object" || item === null) return [event]
    const { content } = item as Schema.JsonObject
    return [{
      ...event,
      item: { ...item, content: Array.isArray(content) ? content.map(annotate) : [] } as Schema.Json
    }]
  })
}
