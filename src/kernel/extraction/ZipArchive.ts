/** What an archive holds, and whether it unpacks to more than it may: asked before anybody unpacks it. */
import { inflateRawSync } from "node:zlib"
import { FileUnreadable } from "../text/FileUnreadable.ts"

export interface ZipEntry {
  readonly name: string
  /** As the directory says. */
  readonly size: number
  readonly packedSize: number
  readonly method: number
  readonly isEncrypted: boolean
  readonly offset: number
}

const endMark = 0x06054b50
const endLength = 22
const longestComment = 65_535
const entryMark = 0x02014b50
const entryLength = 46
const localMark = 0x04034b50
const localLength = 30
const stored = 0
const deflated = 8

const broken = (why: string) =>
  new FileUnreadable({
    reason: "broken",
    message: `The file is a broken archive: ${why}. Save it again, or send it again as a whole.`
  })

const tooLarge = (limit: number) =>
  new FileUnreadable({
    reason: "too_large",
    message:
      `The file unpacks to more than ${limit} bytes. Send less, or raise max_unpacked_bytes of the file processor.`
  })

/** Of the central directory, which stands at the end. */
export const entries = (bytes: Uint8Array): ReadonlyArray<ZipEntry> => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = view.length - endLength
  const first = Math.max(0, end - longestComment)
  while (end >= first && view.readUInt32LE(end) !== endMark) end--
  if (end < first) throw broken("its directory is missing")
  const count = view.readUInt16LE(end + 10)
  const all: Array<ZipEntry> = []
  let at = view.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    if (at + entryLength > view.length || view.readUInt32LE(at) !== entryMark) throw broken("its directory is cut off")
    const nameLength = view.readUInt16LE(at + 28)
    const entry: ZipEntry = {
      name: view.toString("utf8", at + entryLength, at + entryLength + nameLength),
      size: view.readUInt32LE(at + 24),
      packedSize: view.readUInt32LE(at + 20),
      method: view.readUInt16LE(at + 10),
      isEncrypted: (view.readUInt16LE(at + 8) & 1) === 1,
      offset: view.readUInt32LE(at + 42)
    }
    all.push(entry)
    at += entryLength + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32)
  }
  return all
}

const isTooLong = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE"

/** What the bytes of an entry really unpack to: the directory may lie. */
const unpackedSize = (
  view: Buffer,
  { method, name, offset, packedSize }: ZipEntry,
  limit: number,
  left: number
): number => {
  if (offset + localLength > view.length || view.readUInt32LE(offset) !== localMark) {
    throw broken(`${JSON.stringify(name)} is not where its directory says`)
  }
  const start = offset + localLength + view.readUInt16LE(offset + 26) + view.readUInt16LE(offset + 28)
  if (start + packedSize > view.length) throw broken(`${JSON.stringify(name)} is cut off`)
  if (method === stored) return packedSize
  if (method !== deflated) throw broken(`${JSON.stringify(name)} is packed in a way (${method}) that is not read`)
  try {
    return inflateRawSync(view.subarray(start, start + packedSize), { maxOutputLength: Math.max(1, left) }).length
  } catch (cause) {
    throw isTooLong(cause) ? tooLarge(limit) : broken(`${JSON.stringify(name)} can't be unpacked`)
  }
}

/** Fails where it unpacks to more than `limit` bytes, by what its directory says, and by what is in it. */
export const check = (bytes: Uint8Array, limit: number): void => {
  const all = entries(bytes)
  if (all.some(({ isEncrypted }) => isEncrypted)) {
    throw new FileUnreadable({
      reason: "encrypted",
      message: "The file is encrypted. Save it without a password."
    })
  }
  if (all.reduce((total, { size }) => total + size, 0) > limit) throw tooLarge(limit)
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let left = limit
  for (const entry of all) {
    left -= unpackedSize(view, entry, limit, left)
    if (left < 0) throw tooLarge(limit)
  }
}
