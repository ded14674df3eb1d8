/** The bytes of a fact: a format version, a digest, and text, compressed where it pays. */
import { hash } from "node:crypto"
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import * as FactDictionary from "./FactDictionary.ts"

/** As they are written here. */
export const formats = {
  /** Its bodies refer to each other. */
  alone: 4,
  /** One of them may refer to an earlier fact, too. */
  inConversation: 7,
  /** Its texts may refer to passages of state events. */
  sharesPassages: 8
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
  "sharesPassages",
  "inConversation",
  "sharesPassages"
]

/** Undefined of bytes that are none of a fact, or of a newer format. */
export const kindIfAny = ([format = 0]: Uint8Array): Kind | undefined => kinds[format]

const plain = 0
const zstandard = 1
/** With what facts have in common (`FactDictionary`); not of what stands alone. */
const zstandardWithDictionary = 2

/** Characters from which on compression pays: `docs/decisions` has the figures. */
const leastCompressed = 16_384
/** What goes on is kept small: a conversation would take more than twice what was said. */
const leastOfConversation = 256

const withDictionary = { params: { [constants.ZSTD_c_compressionLevel]: 5 }, dictionary: FactDictionary.bytes }

const withoutDictionary = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Formats from which on a digest is half of one, and the dictionary the second. */
const sinceShort = 7

const digestBytesOf = (format: number): number => format < sinceShort ? 32 : 16
const dictionaryOf = (format: number): Buffer => format < sinceShort ? FactDictionary.first : FactDictionary.bytes

export interface Packing {
  readonly kind: Kind
  /** Its conversation goes on: worth the time that the dictionary takes, which is that of all else once more. */
  readonly goesOn: boolean
  /** What was altered stays so, whatever is done to it: no digest fits it. */
  readonly isAltered: boolean
}

/** UTF-8 has at most so many bytes for each unit of UTF-16. */
const mostOfUnit = 3

/** Where texts become bytes before anybody knows how many: joined first, they would be copied twice. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

/** A header without content, and the texts behind each other. It is there until the next is asked for. */
const written = (texts: ReadonlyArray<string>, characters: number, headerBytes: number): Buffer => {
  const isSmall = headerBytes + characters * mostOfUnit <= scratch.length
  const exact = (size: number, text: string) => size + Buffer.byteLength(text)
  const bytes = isSmall ? scratch : Buffer.allocUnsafe(texts.reduce(exact, headerBytes))
  let end = headerBytes
  for (const text of texts) end += bytes.write(text, end)
  return bytes.subarray(0, end)
}

/** The bytes to store of texts behind each other. */
export const pack = (texts: ReadonlyArray<string>, { goesOn, isAltered, kind }: Packing): Buffer => {
  let characters = 0
  for (const { length } of texts) characters += length
  const format = formats[kind]
  const headerBytes = 2 + digestBytesOf(format)
  const bytes = written(texts, characters, headerBytes)
  const content = bytes.subarray(headerBytes)
  bytes[0] = format
  bytes[1] = plain
  if (isAltered) bytes.fill(0, 2, headerBytes)
  else hash("sha256", content, "buffer").copy(bytes, 2, 0, headerBytes - 2)
  if (characters < (goesOn ? leastOfConversation : leastCompressed)) return Buffer.from(bytes)
  bytes[1] = goesOn ? zstandardWithDictionary : zstandard
  const compressed = zstdCompressSync(content, goesOn ? withDictionary : withoutDictionary)
  return Buffer.concat([bytes.subarray(0, headerBytes), compressed])
}

/** Fails where a newer Strata wrote it. */
export const kindOf = (stored: Uint8Array): Kind => {
  const kind = kindIfAny(stored)
  if (kind === undefined) throw new Error(`a fact has format ${stored[0]}: a newer Strata wrote it, update this one`)
  return kind
}

/** The text of stored bytes, and whether another hand has changed it. */
export const unpack = (stored: Uint8Array): { readonly text: string; readonly isAltered: boolean } => {
  const [format = 0, packing] = stored
  const digestBytes = digestBytesOf(format)
  const content = stored.subarray(2 + digestBytes)
  const bytes = packing === plain
    ? content
    : zstdDecompressSync(content, packing === zstandardWithDictionary ? { dictionary: dictionaryOf(format) } : {})
  const digest = hash("sha256", bytes, "buffer").subarray(0, digestBytes)
  return {
    text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
    isAltered: !digest.equals(stored.subarray(2, 2 + digestBytes))
  }
}
