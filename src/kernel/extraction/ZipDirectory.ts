/** The list at the end of a zip archive, and the packed bytes of its entries: read as strangers' bytes, that may lie. */
import { Schema } from "effect"

export interface ZipEntry {
  readonly path: string
  /** 0: stored as it is; 8: deflated. */
  readonly method: number
  /** As the list says. */
  readonly size: number
  readonly packedSize: number
  readonly checksum: number
  readonly isEncrypted: boolean
  readonly isLink: boolean
  readonly isFolder: boolean
  readonly isZip64: boolean
  readonly offset: number
}

/** Why it is no archive, for people. */
export class ZipBroken extends Schema.TaggedError<ZipBroken>()("ZipBroken", { message: Schema.String }) {}

export const stored = 0
export const deflated = 8

const endMark = 0x06054b50
const endLength = 22
const longestComment = 0xffff
const entryMark = 0x02014b50
const entryLength = 46
const localMark = 0x04034b50
const localLength = 30
const encrypted = 1
const fileTypeMask = 0xf000
const symbolicLink = 0xa000
const made64 = 0xffffffff

const broken = (message: string): never => {
  throw new ZipBroken({ message })
}

/** A number that points behind the end. */
const within = <A>(read: () => A): A => {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof RangeError) return broken("it is no whole zip archive")
    throw cause
  }
}

const endOf = (zip: Buffer): number => {
  const first = Math.max(0, zip.length - endLength - longestComment)
  for (let at = zip.length - endLength; at >= first; at--) if (zip.readUInt32LE(at) === endMark) return at
  return broken("it is no whole zip archive")
}

const entryAt = (zip: Buffer, at: number): ZipEntry => {
  if (zip.readUInt32LE(at) !== entryMark) broken("its list of entries is damaged")
  const [packedSize, size, offset] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 42)]
  const nameLength = zip.readUInt16LE(at + 28)
  const path = zip.toString("utf8", at + entryLength, at + entryLength + nameLength)
  return {
    path,
    method: zip.readUInt16LE(at + 10),
    size,
    packedSize,
    checksum: zip.readUInt32LE(at + 16),
    isEncrypted: (zip.readUInt16LE(at + 8) & encrypted) !== 0,
    isLink: ((zip.readUInt32LE(at + 38) >>> 16) & fileTypeMask) === symbolicLink,
    isFolder: path.endsWith("/"),
    isZip64: packedSize === made64 || size === made64 || offset === made64,
    offset
  }
}

/** In the order of the list. Throws `ZipBroken`. */
export const entries = (zip: Buffer): ReadonlyArray<ZipEntry> =>
  within(() => {
    const end = endOf(zip)
    let at = zip.readUInt32LE(end + 16)
    return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
      const entry = entryAt(zip, at)
      at += entryLength + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
      return entry
    })
  })

/** The bytes of an entry, as they are packed. Throws `ZipBroken`. */
export const packed = (zip: Buffer, { method, offset, packedSize, path }: ZipEntry): Buffer =>
  within(() => {
    const name = JSON.stringify(path)
    if (zip.readUInt32LE(offset) !== localMark) broken(`${name} is not where the archive says`)
    const start = offset + localLength + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28)
    if (start + packedSize > zip.length) broken(`${name} is cut off`)
    if (method !== stored && method !== deflated) broken(`${name} is compressed in a way that is not taken`)
    return zip.subarray(start, start + packedSize)
  })
