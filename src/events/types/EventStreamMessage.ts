/** A message of an AWS event stream: its lengths and their checksum stand before it, the checksum of all of it behind. */
import { crc32 } from "node:zlib"

/** Length of all of it, length of its headers, checksum of both. */
export const preludeBytes = 12

/** The prelude, and the checksum at its end: no message is shorter. */
export const fewestBytes = 16

const checksumBytes = 4

const viewOf = ({ buffer, byteLength, byteOffset }: Uint8Array) => new DataView(buffer, byteOffset, byteLength)

/** The length that a prelude gives; undefined where its checksum is wrong. At least `preludeBytes` have to be there. */
export const lengthIn = (bytes: Uint8Array): number | undefined => {
  const view = viewOf(bytes)
  return crc32(bytes.subarray(0, 8)) === view.getUint32(8) ? view.getUint32(0) : undefined
}

/** True for one that is whole, whatever stands in it. */
const isMessage = (bytes: Uint8Array): boolean =>
  bytes.length >= fewestBytes && lengthIn(bytes) === bytes.length &&
  crc32(bytes.subarray(0, bytes.length - checksumBytes)) === viewOf(bytes).getUint32(bytes.length - checksumBytes)

/** A message of which the payload was changed, with its lengths and checksums; what was none stays as it is given. */
export const resealed = (changed: Uint8Array, before: Uint8Array): Uint8Array => {
  if (!isMessage(before) || changed.length < fewestBytes) return changed
  const message = Uint8Array.from(changed)
  const view = viewOf(message)
  view.setUint32(0, message.length)
  view.setUint32(8, crc32(message.subarray(0, 8)))
  view.setUint32(message.length - checksumBytes, crc32(message.subarray(0, message.length - checksumBytes)))
  return message
}
