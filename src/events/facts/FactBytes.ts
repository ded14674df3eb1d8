/** The bytes of a fact: a format version, a digest, and text, compressed where it pays. */
import { hash } from "node:crypto"
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import * as FactDictionary from "./FactDictionary.ts"

/** Of the bytes as they are written here. What reads an earlier one stays. */
export const formats = {
  /** Its bodies refer to each other. */
  alone: 1,
  /** One of them may refer to an earlier fact, too. */
  inConversation: 2,
  /** Its texts may refer to passages of state events. */
  sharesPassages: 3
}

const plain = 0
const zstandard = 1
/** With what facts have in common (`FactDictionary`); from format 2 on. */
const zstandardWithDictionary = 2

/** Characters from which on compression pays: `docs/decisions` has the figures. What is said in turns is kept small. */
const leastCompressed = { alone: 16_384, inConversation: 2048, sharesPassages: 512 }

const withDictionary = { params: { [constants.ZSTD_c_compressionLevel]: 3 }, dictionary: FactDictionary.bytes }

const compression = {
  alone: { params: { [constants.ZSTD_c_compressionLevel]: 1 } },
  inConversation: withDictionary,
  sharesPassages: withDictionary
}

const digestBytes = 32
const headerBytes = 2 + digestBytes

export interface Packing {
  readonly kind: keyof typeof formats
  /** What was altered stays so, whatever is done to it: no digest fits it. */
  readonly isAltered: boolean
}

/** The bytes to store. */
export const pack = (text: string, { isAltered, kind }: Packing): Buffer => {
  const format = formats[kind]
  if (text.length >= leastCompressed[kind]) {
    const bytes = Buffer.from(text)
    const digest = isAltered ? Buffer.alloc(digestBytes) : hash("sha256", bytes, "buffer")
    const how = kind === "alone" ? zstandard : zstandardWithDictionary
    return Buffer.concat([Buffer.from([format, how]), digest, zstdCompressSync(bytes, compression[kind])])
  }
  const bytes = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(text))
  bytes[0] = format
  bytes[1] = plain
  bytes.write(text, headerBytes)
  if (isAltered) bytes.fill(0, 2, headerBytes)
  else hash("sha256", bytes.subarray(headerBytes), "buffer").copy(bytes, 2)
  return bytes
}

const kinds = new Map(Object.entries(formats).map(([kind, format]) => [format, kind as keyof typeof formats]))

/** Fails where a newer Strata wrote it. */
export const kindOf = ([format = 0]: Uint8Array): keyof typeof formats => {
  const kind = kinds.get(format)
  if (kind === undefined) throw new Error(`a fact has format ${format}: a newer Strata wrote it, update this one`)
  return kind
}

/** The text of stored bytes, and whether another hand has changed it. */
export const unpack = (stored: Uint8Array): { readonly text: string; readonly isAltered: boolean } => {
  const content = stored.subarray(headerBytes)
  const bytes = stored[1] === plain
    ? content
    : zstdDecompressSync(content, stored[1] === zstandardWithDictionary ? { dictionary: FactDictionary.bytes } : {})
  return {
    text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
    isAltered: !hash("sha256", bytes, "buffer").equals(stored.subarray(2, headerBytes))
  }
}
