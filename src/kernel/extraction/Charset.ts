/** Bytes of a text as the text: by what they begin with, by what is said of them, and by what they can be. */

const sampleLength = 64 * 1024

const byMark = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8"
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le"
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be"
  return undefined
}

/** UTF-16 without a mark has a zero in most of its pairs, on one side, where it writes Latin letters. */
const byZeros = (bytes: Uint8Array): string | undefined => {
  const sample = bytes.subarray(0, sampleLength)
  const zeros = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at & 1]!++
  const pairs = sample.length / 2
  const [even = 0, odd = 0] = zeros
  if (odd > pairs * 0.4 && even < pairs * 0.05) return "utf-16le"
  if (even > pairs * 0.4 && odd < pairs * 0.05) return "utf-16be"
  return undefined
}

/** A zero is in no text, apart from those of UTF-16. */
export const isBinary = (bytes: Uint8Array): boolean =>
  byMark(bytes) === undefined && byZeros(bytes) === undefined && bytes.subarray(0, sampleLength).includes(0)

/** A page says it in its head, a sender in the content type. */
const bySelf = (bytes: Uint8Array): string | undefined => {
  const head = Buffer.from(bytes.subarray(0, 2048)).toString("latin1")
  return /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ??
    /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]+)/i.exec(head)?.[1]
}

const bySender = (contentType: string): string | undefined => /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]

const decoded = (bytes: Uint8Array, charset: string, fatal: boolean): string | undefined => {
  try {
    return new TextDecoder(charset, { fatal }).decode(bytes)
  } catch {
    // No such charset, or the bytes are not of it.
    return undefined
  }
}

/** What can be nothing else is read as Windows reads it, so that every byte is a letter. */
const lastResort = "windows-1252"

export interface DecodedText {
  readonly text: string
  /** As `TextDecoder` names it. */
  readonly charset: string
}

export const decode = (bytes: Uint8Array, contentType = ""): DecodedText => {
  const claims = [byMark(bytes), bySender(contentType), bySelf(bytes), byZeros(bytes), "utf-8"]
  for (const charset of claims) {
    const text = charset === undefined ? undefined : decoded(bytes, charset, true)
    if (charset !== undefined && text !== undefined) return { text, charset }
  }
  return { text: decoded(bytes, lastResort, false) ?? "", charset: lastResort }
}
