/** Long payloads are stored compressed: a tenth of the space, for the time it saves in writing. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import type { Cut, StoredPayload } from "../facts/Passage.ts"
import * as PayloadBytes from "../facts/PayloadBytes.ts"
import type { EventDraft } from "../types/Envelope.ts"

/** Characters from which on it pays; measured in docs/decisions. */
const shortest = 16_384

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Characters from which on a state event's payload is compressed where others may refer to it. */
const shortestShared = 256

/** The payload as it is stored: text, or compressed with Zstandard. `cuts`: what of it stands elsewhere; undefined: none ever does. */
export const stored = ({ level, payload }: EventDraft, cuts?: ReadonlyArray<Cut>): string | Uint8Array => {
  if (cuts !== undefined && payload.length >= shortestShared) return PayloadBytes.encode(payload, cuts)
  return level === "raw" && payload.length >= shortest ? zstdCompressSync(payload, options) : payload
}

export const decompress = (compressed: Uint8Array, payloadOf: StoredPayload): string =>
  PayloadBytes.isOne(compressed)
    ? PayloadBytes.decode(compressed, payloadOf)
    : zstdDecompressSync(compressed).toString("utf8")
