/** What was made of a file, as a client gets it. */
import { createHash } from "node:crypto"
import { tokenizer } from "../../kernel/text/ChunkingStrategy.ts"
import type { ProcessedFile, TextChunk } from "../../kernel/text/ProcessedFile.ts"
import type { FileChunk, ProcessFileResponse } from "./FileProcessorsModels.ts"

export interface Source {
  /** Null: it is not kept here. */
  readonly fileId: string | null
  readonly name: string
  /** Seconds since 1970. */
  readonly created_at: number
}

const idLength = 32

/** The same of the same chunk of the same file, however often it is made. */
export const idOf = ({ fileId, name }: Pick<Source, "fileId" | "name">, { index, text }: TextChunk): string =>
  `chunk_${createHash("sha256").update(JSON.stringify([fileId ?? name, index, text])).digest("hex").slice(0, idLength)}`

const chunkOf = (source: Source) => (chunk: TextChunk): FileChunk => {
  const chunk_id = idOf(source, chunk)
  return {
    chunk_id,
    content: chunk.text,
    metadata: chunk.metadata,
    chunk_metadata: {
      chunk_id,
      document_id: source.fileId,
      source: source.name,
      created_timestamp: source.created_at,
      chunk_window: `${chunk.start}-${chunk.end}`,
      chunk_tokenizer: tokenizer,
      content_token_count: chunk.tokens
    }
  }
}

export const responseOf = (
  { chunks, contentType, parts, text, warnings }: ProcessedFile,
  source: Source
): ProcessFileResponse => ({
  chunks: chunks.map(chunkOf(source)),
  metadata: { content_type: contentType, characters: text.length, parts: parts.length, warnings }
})
