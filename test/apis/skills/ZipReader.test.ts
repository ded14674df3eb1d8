import { assert, describe, it } from "@effect/vitest"
import type { ZipEntry } from "../../../src/apis/skills/ZipReader.ts"
import * as ZipReader from "../../../src/apis/skills/ZipReader.ts"
import * as ZipWriter from "../../../src/apis/skills/ZipWriter.ts"

const entry = (path: string, content: string): ZipEntry => ({ path, bytes: Buffer.from(content) })
const entries = [entry("a.txt", "a"), entry("ö/b.txt", "b".repeat(5000)), entry("empty", "")]
const bounds = { maxEntries: 3, maxBytes: 10_000 }

/** Where the first entry stands in the list at the end. */
const listed = (zip: Buffer): number => zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))

/** The archive with a few bytes changed, from a place in the first entry of the list on. */
const altered = (offset: number, ...bytes: ReadonlyArray<number>): Buffer => {
  const zip = Buffer.from(ZipWriter.write(entries))
  zip.set(bytes, listed(zip) + offset)
  return zip
}

const refusal = (zip: Uint8Array, limits: ZipReader.Bounds = bounds): string => {
  try {
    ZipReader.read(zip, limits)
    return "taken"
  } catch (cause) {
    assert.instanceOf(cause, ZipReader.ZipRefused)
    return cause.message
  }
}

describe("ZipReader", () => {
  it("given an archive, then its files come back as they were, in order", () =>
    assert.deepStrictEqual(
      ZipReader.read(ZipWriter.write(entries), bounds).map(({ bytes, path }) => [path, String(Buffer.from(bytes))]),
      entries.map(({ bytes, path }) => [path, String(bytes)])
    ))

  it("given too many files, or too many bytes, then it is refused before anything is inflated", () => {
    assert.include(refusal(ZipWriter.write(entries), { ...bounds, maxEntries: 2 }), "3 entries")
    assert.include(refusal(ZipWriter.write(entries), { ...bounds, maxBytes: 5000 }), "more than 5000 bytes")
  })

  it("given a file that inflates to more than it says, then it is refused, and never inflated whole", () => {
    const bomb = Buffer.from(ZipWriter.write([entry("zeros", "0".repeat(50_000_000))]))
    bomb.writeUInt32LE(100, listed(bomb) + 24)
    assert.include(refusal(bomb), "can't be inflated to the 100 bytes")
  })

  it("given what an archive may not have, then it is refused with the reason", () => {
    assert.include(refusal(altered(8, 1)), "encrypted")
    assert.include(refusal(altered(41, 0xa1)), "link")
    assert.include(refusal(altered(10, 9)), "compressed in a way")
    assert.include(refusal(altered(16, 1, 2, 3, 4)), "not what the archive says")
    assert.include(refusal(altered(24, 0xff, 0xff, 0xff, 0xff), { ...bounds, maxBytes: 2 ** 33 }), "zip64")
    assert.include(refusal(altered(42, 0xff, 0xff, 0xff)), "no whole zip archive")
    assert.include(refusal(altered(0, 0)), "damaged")
  })

  it("given any torn archive, or any bytes, then it is refused and nothing else fails", () => {
    const zip = Buffer.from(ZipWriter.write(entries))
    for (let length = 0; length < zip.length; length++) assert.notStrictEqual(refusal(zip.subarray(0, length)), "taken")
    for (let index = 0; index < zip.length; index++) {
      const flipped = Buffer.from(zip)
      flipped[index]! ^= 0xff
      refusal(flipped)
    }
  })
})
