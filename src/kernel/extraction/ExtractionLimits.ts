/** What a file may cost whoever reads it. */
import { Schema } from "effect"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { whole } from "../provider/FieldSchema.ts"

const mebibyte = 1024 * 1024

const limit = (prompt: string, maximum: number, options: { readonly description: string; readonly default: number }) =>
  whole(1, maximum, { ...options, description: `${options.description} Default ${options.default}.` }).pipe(
    FieldPrompt.annotate({ prompt })
  )

export const fields = {
  max_file_bytes: limit("The longest file that is read, bytes", 2 ** 31 - 1, {
    description: "The longest file that is read, bytes.",
    default: 100 * mebibyte
  }),
  max_unpacked_bytes: limit("The most an archive may unpack to, bytes", 2 ** 32, {
    description: "The most that a file may unpack to (office files are archives), bytes.",
    default: 512 * mebibyte
  }),
  max_pages: limit("The most pages, slides or sheets", 1_000_000, {
    description: "The most pages, slides and sheets a file may have.",
    default: 10_000
  }),
  max_characters: limit("The longest text of a file, characters", 256 * mebibyte, {
    description: "The longest text that is made of a file, characters.",
    default: 20_000_000
  }),
  max_seconds: limit("The longest time for a file, seconds", 86_400, {
    description: "The longest time a file may take, seconds.",
    default: 120
  }),
  max_memory_bytes: limit("The most memory of a thread, bytes", 2 ** 36, {
    description: "The most memory a thread that reads a file may take, bytes.",
    default: 1024 * mebibyte
  }),
  threads: limit("Files that are read side by side", 64, {
    description: "Files that are read side by side, each in a thread of its own.",
    default: 2
  }),
  max_waiting: limit("Files that wait for a thread", 1_000_000, {
    description: "Files that wait for a thread at most; what is more is refused.",
    default: 100
  })
}

export const ExtractionLimits = Schema.Struct(fields)
export type ExtractionLimits = typeof ExtractionLimits.Type

export const defaults: ExtractionLimits = Schema.decodeSync(ExtractionLimits)({})
