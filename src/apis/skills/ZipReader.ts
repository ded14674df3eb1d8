/** Reads zip archives of strangers: within bounds, every entry checked, nothing believed that it says of itself. */
import { Schema } from "effect"
import { crc32, inflateRawSync } from "node:zlib"
import type * as Directory from "../../kernel/extraction/ZipDirectory.ts"
import * as ZipDirectory from "../../kernel/extraction/ZipDirectory.ts"

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

const refuse = (reason: string): never => {
  throw new ZipRefused({ message: reason })
}

const inflated = (data: Buffer, size: number, path: string): Buffer => {
  try {
    // One byte more than it says: whoever has more is found out.
    return inflateRawSync(data, { maxOutputLength: size + 1 })
  } catch {
    return refuse(`${JSON.stringify(path)} can't be inflated to the ${size} bytes that it says it has`)
  }
}

const contentOf = (zip: Buffer, entry: Directory.ZipEntry): ZipEntry => {
  const { checksum, isEncrypted, isLink, isZip64, method, path, size } = entry
  if (isEncrypted) refuse(`${JSON.stringify(path)} is encrypted`)
  if (isLink) refuse(`${JSON.stringify(path)} is a link`)
  if (isZip64) refuse("it is a zip64 archive")
  const data = ZipDirectory.packed(zip, entry)
  const bytes = method === ZipDirectory.stored ? data : inflated(data, size, path)
  if (bytes.length !== size || crc32(bytes) !== checksum) refuse(`${JSON.stringify(path)} is not what the archive says`)
  return { path, bytes }
}

/** Its files, without folders. Throws `ZipRefused`. */
export const read = (archive: Uint8Array, { maxBytes, maxEntries }: Bounds): ReadonlyArray<ZipEntry> => {
  const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  try {
    const entries = ZipDirectory.entries(zip)
    if (entries.length > maxEntries) {
      return refuse(`it has ${entries.length} entries, at most ${maxEntries} are taken`)
    }
    if (entries.reduce((sum, { size }) => sum + size, 0) > maxBytes) {
      return refuse(`its files have more than ${maxBytes} bytes together`)
    }
    return entries.filter(({ isFolder }) => !isFolder).map((entry) => contentOf(zip, entry))
  } catch (cause) {
    if (cause instanceof ZipDirectory.ZipBroken) return refuse(cause.message)
    throw cause
  }
}
