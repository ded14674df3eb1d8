/** Undoes the compression of an answer that nobody asked for, piece by piece and within bounds. */
import * as zlib from "node:zlib"
import type { ByteControl } from "../bytes/ByteSource.ts"

/** As a `ByteSink`, with the failure as it is. */
export interface Receiver {
  readonly chunk: (bytes: Uint8Array) => void
  readonly end: () => void
  readonly fail: (error: Error) => void
}

export type Start = (receiver: Receiver) => ByteControl

type Decoder = zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress | zlib.ZstdDecompress

/** With a header of zlib, or without one as many send it. */
const deflate = (first: Uint8Array): Decoder =>
  ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()

const decoders: Readonly<Record<string, (first: Uint8Array) => Decoder>> = {
  "gzip": () => zlib.createGunzip(),
  "x-gzip": () => zlib.createGunzip(),
  deflate,
  "br": () => zlib.createBrotliDecompress(),
  "zstd": () => zlib.createZstdDecompress()
}

/** An answer may become this large, whatever was sent of it; above that, so many times what was sent. */
const freeBytes = 16 * 1024 * 1024
const mostGrowth = 100

const tooLarge = () => new Error(`the decompressed answer is more than ${mostGrowth} times as large as what was sent`)

/** The codings of a `content-encoding`, the last applied first; undefined where one of them is not known. */
export const codingsOf = (header: string | undefined): ReadonlyArray<string> | undefined => {
  const codings = (header ?? "").toLowerCase().split(",").map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity")
  return codings.every((coding) => Object.hasOwn(decoders, coding)) ? codings.toReversed() : undefined
}

const decodedBy = (coding: string, start: Start): Start => (receiver) => {
  let decoder: Decoder | undefined
  let [sent, given, open, paused] = [0, 0, true, false]

  const close = (last: () => void) => {
    if (!open) return
    open = false
    last()
  }

  const released = (release: () => void) => {
    open = false
    decoder?.destroy()
    release()
  }

  const begin = (first: Uint8Array): Decoder => {
    const begun = decoders[coding]!(first)
    begun.on("data", (bytes: Uint8Array) => {
      given += bytes.length
      if (given > freeBytes && given > sent * mostGrowth) return begun.destroy(tooLarge())
      return open && receiver.chunk(bytes)
    })
    begun.on("drain", () => source.resume())
    begun.on("end", () => close(() => receiver.end()))
    begun.on("error", (error) =>
      close(() => {
        source.cancel()
        receiver.fail(error)
      }))
    if (paused) begun.pause()
    return begun
  }

  const source = start({
    chunk: (bytes) => {
      sent += bytes.length
      decoder ??= begin(bytes)
      // While it is opened, the source is not there yet.
      if (!decoder.write(bytes)) queueMicrotask(() => decoder?.writableNeedDrain === true && source.pause())
    },
    end: () => decoder === undefined ? close(() => receiver.end()) : decoder.end(),
    fail: (error) => {
      const fail = () => close(() => receiver.fail(error))
      // What came before is given before.
      if (decoder === undefined) fail()
      else decoder.flush(fail)
    }
  })

  return {
    pause: () => {
      paused = true
      decoder?.pause()
    },
    resume: () => {
      paused = false
      decoder?.resume()
    },
    cancel: () => released(source.cancel),
    leave: () => released(source.leave ?? source.cancel)
  }
}

export const decoded = (codings: ReadonlyArray<string>, start: Start): Start =>
  codings.reduce((inner, coding) => decodedBy(coding, inner), start)
