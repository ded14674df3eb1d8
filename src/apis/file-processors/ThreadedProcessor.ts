/** The processor in this process: it reads files in threads of its own. */
import { Effect } from "effect"
import type { ExtractionLimits } from "../../kernel/extraction/ExtractionLimits.ts"
import * as ExtractionThreads from "../../kernel/extraction/ExtractionThreads.ts"
import { FileProcessor } from "./FileProcessor.ts"

/** Its threads end with the scope. */
export const make = (limits: ExtractionLimits) =>
  Effect.map(ExtractionThreads.make(limits), (threads) =>
    FileProcessor.of({
      maxFileBytes: limits.max_file_bytes,
      process: (file, { chunking, onProgress }) => threads.read(file, chunking, onProgress)
    }))
