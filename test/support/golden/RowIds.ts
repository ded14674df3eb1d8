/** Ids of rows, made bit by bit from `docs/decisions/2026-11-26-ids-of-events-the-bit-layout.md`. */
import { createHash } from "node:crypto"

/** An id ends in the counter of its event. */
const counterBits = 16n

/** The id of the nth event of a request, or of its call of this path; empty: of the request itself. */
export const nth = (requestId: string, path: string, n: number): string => {
  let bits = BigInt(`0x${requestId.replaceAll("-", "")}`)
  if (path !== "") {
    const digest = createHash("sha256").update(path).digest("hex")
    // 14 bits of the first two bytes, and the 32 behind them.
    const mixed = ((BigInt(`0x${digest.slice(0, 4)}`) & 0x3fffn) << 32n) | BigInt(`0x${digest.slice(4, 12)}`)
    bits ^= mixed << counterBits
  }
  const text = (BigInt.asUintN(128, bits) | BigInt(n)).toString(16).padStart(32, "0")
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-")
}
