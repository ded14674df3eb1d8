/** The bytes of a fact: a format version, a digest, and text, compressed where it pays. */
import { hash } from "node:crypto"
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import * as FactDictionary from "./FactDictionary.ts"

/** As they are written here. */
export const formats = {
  /** Its bodies refer to each other. */
  alone: 4,
  /** One of them may refer to an earlier fact, too. */
  inConversation: 5,
  /** Its texts may refer to passages of state events. */
  sharesPassages: 6
}

export type Kind = keyof typeof formats

/** What reads an earlier format stays: the text says by itself how it is written. */
const kinds: ReadonlyArray<Kind | undefined> = [
  undefined,
  "alone",
  "inConversation",
  "sharesPassages",
  "alone",
  "inConversation",
  "sharesPassages"
]

/** Undefined of bytes that are none of a fact, or of a newer format. */
export const kindIfAny = ([format = 0]: Uint8Array): Kind | undefined => kinds[format]

const plain = 0
const zstandard = 1
/** With what facts have in common (`FactDictionary`); not of what stands alone. */
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
  readonly kind: Kind
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

/** Fails where a newer Strata wrote it. */
export const kindOf = (stored: Uint8Array): Kind => {
  const kind = kindIfAny(stored)
  if (kind === undefined) throw new Error(`a fact has format ${stored[0]}: a newer Strata wrote it, update this one`)
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
