/** The answer with a file's content, or a range of it: RFC 9110, one range at a time. */
import { Effect } from "effect"
import type { Headers } from "effect/http"
import { HttpServerResponse } from "effect/http"
import { envelope, RangeNotSatisfiable } from "../../kernel/http/HttpErrors.ts"
import type { Files } from "./Files.ts"
import type { KeptFile } from "./FilesKinds.ts"
import type { ByteRange } from "./FileStorage.ts"

/** Undefined: all of it, as for a header that is not understood; null: there is no such range. */
export const rangeOf = (header: string | undefined, bytes: number): ByteRange | null | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "")
  if (match === null) return undefined
  const [, first = "", last = ""] = match
  if (first === "" && last === "") return undefined
  const start = first === "" ? Math.max(0, bytes - Number(last)) : Number(first)
  const end = first === "" || last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1)
  return start > end || start >= bytes || (first === "" && Number(last) === 0) ? null : { start, end }
}

/** A name of any characters, for what saves the answer. */
const disposition = (filename: string): string => {
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\]/g, "_")
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(filename.toWellFormed())}`
}

export const answer = Effect.fnUntraced(function*(files: Files["Service"], kept: KeptFile, headers: Headers.Headers) {
  const { bytes, filename } = kept.file
  const etag = `"${kept.sha256}"`
  const common = {
    etag,
    "accept-ranges": "bytes",
    "content-disposition": disposition(filename),
    // What a client has stored is never shown as a page of this server.
    "x-content-type-options": "nosniff"
  }
  if (headers["if-none-match"] === etag) return HttpServerResponse.empty({ status: 304, headers: common })
  const range = rangeOf(headers["range"], bytes)
  if (range === null) {
    return yield* new RangeNotSatisfiable(envelope(`The range is not within the file, which has ${bytes} bytes.`, {
      param: "range",
      code: "range_not_satisfiable"
    }))
  }
  const content = yield* files.read(kept, range)
  const { end, start } = range ?? { start: 0, end: bytes - 1 }
  return HttpServerResponse.stream(content, {
    status: range === undefined ? 200 : 206,
    contentType: "application/octet-stream",
    contentLength: bytes === 0 ? 0 : end - start + 1,
    headers: range === undefined ? common : { ...common, "content-range": `bytes ${start}-${end}/${bytes}` }
  })
})
