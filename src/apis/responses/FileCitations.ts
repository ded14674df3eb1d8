/** Takes the marks by which a model cites files out of its text, as it comes, and makes annotations of them. */
import type { Schema } from "effect"

const mark = /<\|([\w-]{1,128})\|>/g
/** What may become a mark when more comes. */
const begun = /<(\|[\w-]{0,128}\|?)?$/

export interface Citation {
  readonly type: "file_citation"
  readonly file_id: string
  readonly filename: string
  /** Where in the text it stands, UTF-16 code units. */
  readonly index: number
}

export class FileCitations {
  readonly #nameOf: (file: string) => string | undefined
  readonly citations: Array<Citation> = []
  text = ""
  #rest = ""

  /** `nameOf`: of a file that was in a result; a mark that names another one is text. */
  constructor(nameOf: (file: string) => string | undefined) {
    this.#nameOf = nameOf
  }

  #take(piece: string): string {
    const before = this.text.length
    let last = 0
    for (const match of piece.matchAll(mark)) {
      const file_id = match[1]!
      const filename = this.#nameOf(file_id)
      if (filename === undefined) continue
      this.text += piece.slice(last, match.index)
      last = match.index + match[0].length
      this.citations.push({ type: "file_citation", file_id, filename, index: this.text.length })
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
