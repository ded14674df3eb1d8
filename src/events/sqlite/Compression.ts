/** Long payloads are stored compressed: a tenth of the space, for the time it saves in writing. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import type { EventDraft } from "../types/Envelope.ts"

/** Characters from which on it pays; measured in docs/decisions. */
const shortest = 16_384

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** The payload as it is stored: text, or compressed with Zstandard. */
export const stored = ({ level, payload }: EventDraft): string | Uint8Array =>
  level === "raw" && payload.length >= shortest ? zstdCompressSync(payload, options) : payload

export const decompress = (compressed: Uint8Array): string => zstdDecompressSync(compressed).toString("utf8")
