/** Writes files as a zip archive: the same files give the same bytes. */
import { crc32, deflateRawSync } from "node:zlib"
import type { ZipEntry } from "./ZipReader.ts"

const version = 20
const utf8Names = 0x0800
const deflated = 8
/** 1 January 1980, the first day a zip archive knows. */
const day = 0x0021

const fieldsOf = ({ bytes }: ZipEntry, packed: Uint8Array, name: Uint8Array): Buffer => {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(version, 0)
  fields.writeUInt16LE(utf8Names, 2)
  fields.writeUInt16LE(deflated, 4)
  fields.writeUInt16LE(day, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

const mark = (signature: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(signature)
  return bytes
}

export const write = (entries: ReadonlyArray<ZipEntry>): Uint8Array => {
  const files: Array<Uint8Array> = []
  const directory: Array<Uint8Array> = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.path)
    const packed = deflateRawSync(entry.bytes)
    const fields = fieldsOf(entry, packed, name)
    const file = Buffer.concat([mark(0x04034b50), fields, name, packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(mark(0x02014b50), Buffer.from([version, 0]), fields, place, name)
    files.push(file)
    offset += file.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, list, mark(0x06054b50), end])
}
