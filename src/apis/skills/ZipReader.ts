/** Reads zip archives of strangers: within bounds, every entry checked, nothing believed that it says of itself. */
import { Schema } from "effect"
import { crc32, inflateRawSync } from "node:zlib"

export interface ZipEntry {
  readonly path: string
  readonly bytes: Uint8Array
}

export interface Bounds {
  readonly maxEntries: number
  /** Bytes of all entries together, as they are inflated. */
  readonly maxBytes: number
}

/** Why an archive is refused, for people. */
export class ZipRefused extends Schema.TaggedError<ZipRefused>()("ZipRefused", { message: Schema.String }) {}

const endMark = 0x06054b50
const entryMark = 0x02014b50
const localMark = 0x04034b50
const endLength = 22
const longestComment = 0xffff
const directoryEntry = 46
const localEntry = 30
const encrypted = 1
const fileTypeMask = 0xf000
const symbolicLink = 0xa000
const made64 = 0xffffffff

const refuse = (reason: string): never => {
  throw new ZipRefused({ message: reason })
}

const endOf = (zip: Buffer): number => {
  const first = Math.max(0, zip.length - endLength - longestComment)
  for (let at = zip.length - endLength; at >= first; at--) if (zip.readUInt32LE(at) === endMark) return at
  return refuse("it is no whole zip archive")
}

const inflated = (data: Buffer, size: number, path: string): Buffer => {
  try {
    // One byte more than it says: whoever has more is found out.
    return inflateRawSync(data, { maxOutputLength: size + 1 })
  } catch {
    return refuse(`${JSON.stringify(path)} can't be inflated to the ${size} bytes that it says it has`)
  }
}

const contentOf = (zip: Buffer, at: number): ZipEntry => {
  const [flags, method, checksum] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16)]
  const [packed, size] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)]
  const [nameLength, attributes] = [zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 38)]
  const local = zip.readUInt32LE(at + 42)
  const path = zip.toString("utf8", at + directoryEntry, at + directoryEntry + nameLength)
  if ((flags & encrypted) !== 0) refuse(`${JSON.stringify(path)} is encrypted`)
  if (((attributes >>> 16) & fileTypeMask) === symbolicLink) refuse(`${JSON.stringify(path)} is a link`)
  if (packed === made64 || size === made64 || local === made64) refuse("it is a zip64 archive")
  if (zip.readUInt32LE(local) !== localMark) refuse(`${JSON.stringify(path)} is not where the archive says`)
  const start = local + localEntry + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  if (start + packed > zip.length) refuse(`${JSON.stringify(path)} is cut off`)
  const data = zip.subarray(start, start + packed)
  if (method !== 0 && method !== 8) refuse(`${JSON.stringify(path)} is compressed in a way that is not taken`)
  const bytes = method === 0 ? data : inflated(data, size, path)
  if (bytes.length !== size || crc32(bytes) !== checksum) refuse(`${JSON.stringify(path)} is not what the archive says`)
  return { path, bytes }
}

/** Its files, without folders. Throws `ZipRefused`. */
export const read = (archive: Uint8Array, { maxBytes, maxEntries }: Bounds): ReadonlyArray<ZipEntry> => {
  const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  try {
    if (zip.length < endLength) return refuse("it is no whole zip archive")
    const end = endOf(zip)
    const count = zip.readUInt16LE(end + 10)
    if (count > maxEntries) return refuse(`it has ${count} entries, at most ${maxEntries} are taken`)
    let at = zip.readUInt32LE(end + 16)
    let left = maxBytes
    const entries: Array<ZipEntry> = []
    for (let index = 0; index < count; index++) {
      if (zip.readUInt32LE(at) !== entryMark) return refuse("its list of entries is damaged")
      left -= zip.readUInt32LE(at + 24)
      if (left < 0) return refuse(`its files have more than ${maxBytes} bytes together`)
      const isFolder = zip[at + directoryEntry + zip.readUInt16LE(at + 28) - 1] === 0x2f
      if (!isFolder) entries.push(contentOf(zip, at))
      at += directoryEntry + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    }
    return entries
  } catch (cause) {
    // A number that points behind the end.
    if (cause instanceof RangeError) return refuse("it is no whole zip archive")
    throw cause
  }
}
