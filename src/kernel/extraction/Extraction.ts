/** Reads a file: what it is, its text in parts, the chunks of it. Runs in a thread of its own (`ExtractionThreads`). */
// @effect-diagnostics asyncFunction:off -- the thread it runs in loads no Effect runtime, only libraries that give promises
import type { ChunkingStrategy } from "../text/ChunkingStrategy.ts"
import { sizesOf } from "../text/ChunkingStrategy.ts"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import type { ProcessedFile, TextPart } from "../text/ProcessedFile.ts"
import * as TextChunks from "../text/TextChunks.ts"
import * as Charset from "./Charset.ts"
import type { ExtractionLimits } from "./ExtractionLimits.ts"
import * as FileType from "./FileType.ts"
import * as MarkdownSections from "./MarkdownSections.ts"
import { PartCollector } from "./PartCollector.ts"

export interface ExtractedFile {
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

const betweenParts = "\n\n"

/** Of the time, as progress counts it; the rest is cutting. */
const shareOfReading = 0.9

const read = async (
  { bytes, contentType, name }: ExtractedFile,
  type: FileType.FileType,
  limits: ExtractionLimits,
  collector: PartCollector
): Promise<void> => {
  if (type === "pdf") return (await import("./PdfText.ts")).extract(bytes, collector)
  if (FileType.isOffice(type)) return (await import("./OfficeText.ts")).extract(bytes, type, limits, collector)
  const { charset, text } = Charset.decode(bytes, contentType)
  if (charset === "windows-1252" && !/1252|8859-1|latin1/i.test(contentType)) {
    collector.warn(`${name} is not UTF-8, and was read as ${charset}.`)
  }
  switch (type) {
    case "html":
      return (await import("./HtmlText.ts")).extract(text, collector)
    case "csv":
    case "tsv":
      return (await import("./TableText.ts")).extract(text, type, collector)
    case "markdown":
      return MarkdownSections.add(text, collector)
    default:
      return collector.add(text, {})
  }
}

/** What a chunk has of the part it begins in. */
const metadataAt = (parts: ReadonlyArray<TextPart>) => {
  let part = 0
  let end = parts[0]?.text.length ?? 0
  let last = 0
  return (start: number): TextPart["metadata"] => {
    // An overlap may begin before the end of the last.
    if (start < last) {
      part = 0
      end = parts[0]?.text.length ?? 0
    }
    last = start
    while (start >= end && part < parts.length - 1) end += betweenParts.length + parts[++part]!.text.length
    return parts[part]?.metadata ?? {}
  }
}

export const run = async (
  file: ExtractedFile,
  chunking: ChunkingStrategy,
  limits: ExtractionLimits,
  onProgress: (done: number) => void = () => {}
): Promise<ProcessedFile> => {
  const type = FileType.of(file.bytes, file.name, file.contentType)
  const collector = new PartCollector(limits, (done) => onProgress(done * shareOfReading))
  await read(file, type, limits, collector)
  const { parts, warnings } = collector
  if (parts.length === 0) {
    throw new FileUnreadable({ reason: "no_text", message: "The file has no text: it is empty, or blank." })
  }
  onProgress(shareOfReading)
  const text = parts.map((part) => part.text).join(betweenParts)
  const sizes = sizesOf(chunking)
  const metadataOf = metadataAt(parts)
  const chunks = (sizes === undefined ? TextChunks.whole(text) : TextChunks.cut(text, sizes)).map((chunk) => ({
    ...chunk,
    metadata: metadataOf(chunk.start)
  }))
  onProgress(1)
  return { contentType: FileType.contentTypes[type], text, parts, chunks, warnings }
}
