/** What a thread that reads files and the server say to each other. */
import type { ChunkingStrategy } from "../text/ChunkingStrategy.ts"
import type { FileUnreadableReason } from "../text/FileUnreadable.ts"
import type { ProcessedFile } from "../text/ProcessedFile.ts"
import type { ExtractedFile } from "./Extraction.ts"
import type { ExtractionLimits } from "./ExtractionLimits.ts"

export interface ToThread {
  readonly file: ExtractedFile
  readonly chunking: ChunkingStrategy
  readonly limits: ExtractionLimits
}

export type FromThread =
  | { readonly type: "progress"; readonly done: number }
  | { readonly type: "read"; readonly file: ProcessedFile }
  | { readonly type: "failed"; readonly reason: FileUnreadableReason; readonly message: string }
