/** What every provider of file processors implements: the bytes of a file become text and chunks. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { ChunkingStrategy } from "../../kernel/text/ChunkingStrategy.ts"
import type { FileUnreadable } from "../../kernel/text/FileUnreadable.ts"
import type { ProcessedFile } from "../../kernel/text/ProcessedFile.ts"

export interface FileBytes {
  readonly name: string
  /** As the client says. What the bytes themselves say counts more. */
  readonly contentType: string
  readonly bytes: Uint8Array
}

export interface ProcessOptions {
  readonly chunking: ChunkingStrategy
  /** Called with a number from 0 to 1, in growing order. */
  readonly onProgress?: (done: number) => void
}

export class FileProcessor extends Context.Service<FileProcessor, {
  /** The longest file it takes. */
  readonly maxFileBytes: number
  /** Interrupted, it stops at once. */
  process(file: FileBytes, options: ProcessOptions): Effect.Effect<ProcessedFile, FileUnreadable>
  /** Says whether it works. Absent: it is taken to. */
  readonly health?: Effect.Effect<void, { readonly message: string }>
}>()("strata/apis/file-processors/FileProcessor") {}
