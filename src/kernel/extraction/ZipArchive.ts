/** What an archive holds, and whether it unpacks to more than it may: asked before anybody unpacks it. */
import { inflateRawSync } from "node:zlib"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import type { ZipEntry } from "./ZipDirectory.ts"
import * as ZipDirectory from "./ZipDirectory.ts"

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

const whole = <A>(read: () => A): A => {
  try {
    return read()
  } catch (cause) {
    throw cause instanceof ZipDirectory.ZipBroken ? broken(cause.message) : cause
  }
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const entries = (bytes: Uint8Array): ReadonlyArray<ZipEntry> => whole(() => ZipDirectory.entries(viewOf(bytes)))

const isTooLong = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE"

/** What the bytes of an entry really unpack to: the directory may lie. */
const unpackedSize = (view: Buffer, entry: ZipEntry, limit: number, left: number): number => {
  const packed = whole(() => ZipDirectory.packed(view, entry))
  if (entry.method === ZipDirectory.stored) return packed.length
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, left) }).length
  } catch (cause) {
    throw isTooLong(cause) ? tooLarge(limit) : broken(`${JSON.stringify(entry.path)} can't be unpacked`)
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
  const view = viewOf(bytes)
  let left = limit
  for (const entry of all) {
    left -= unpackedSize(view, entry, limit, left)
    if (left < 0) throw tooLarge(limit)
  }
}
