/** A vector as numbers, and as base64 of little-endian 32-bit floats. */
import { endianness } from "node:os"
import { bufferOf } from "../bytes/WholeBody.ts"

const bytesOfFloat = 4

const isLittleEndian = endianness() === "LE"

/** Of a machine that keeps numbers the other way round. */
const swapped = (bytes: Buffer): Buffer => isLittleEndian ? bytes : bytes.swap32()

export const toBase64 = (vector: ReadonlyArray<number> | Float32Array): string => {
  const floats = Float32Array.from(vector)
  return swapped(Buffer.from(floats.buffer)).toString("base64")
}

const pattern = /^[A-Za-z0-9+/]+={0,2}$/

/** Undefined for text that is no vector. */
export const fromBase64 = (text: string): Float32Array | undefined => {
  if (!pattern.test(text)) return undefined
  const bytes = Buffer.from(text, "base64")
  if (bytes.length === 0 || bytes.length % bytesOfFloat !== 0) return undefined
  // A copy of its own: a pooled buffer need not begin at a multiple of four.
  return new Float32Array(Uint8Array.from(swapped(bufferOf(bytes))).buffer)
}

/** Whether each is a number that a 32-bit float can hold. */
export const isFinite = (vector: ReadonlyArray<unknown> | Float32Array): boolean =>
  vector.every((each: unknown) => Number.isFinite(each) && Number.isFinite(Math.fround(each as number)))
