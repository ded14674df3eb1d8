/** How events show what a fact holds of a request or an answer: cut short at debug, complete at raw. */
import * as JsonAccess from "../types/JsonAccess.ts"
import { headSha256 } from "../types/Traffic.ts"
import { truncateJson, truncateList, truncateText } from "../types/Truncate.ts"
import type { Body, ExchangePart } from "./Fact.ts"

/** What a debug payload has besides what it shows. */
const wrapper = { request: "{\"request\":}".length, answer: "{\"response\":}".length }

/** Bytes for what a debug payload shows. */
export const excerptBytes = (kind: ExchangePart["kind"], debugBytes: number): number => debugBytes - wrapper[kind]

/** The frames of a stream; undefined for a body that is none. */
export const framesOf = ({ frames, text }: Body): ReadonlyArray<string> | undefined => {
  let end = 0
  return frames?.lengths.map((length) => text.slice(end, end += length))
}

/** At most `bytes` of it, as JSON text: JSON that is short enough stands as it is. */
export const excerpt = (body: Body, bytes: number): string => {
  const frames = framesOf(body)
  if (frames !== undefined) return frames.length === 0 ? "null" : truncateList(frames, bytes)
  const json = JsonAccess.parse(body.text)
  return json === undefined ? truncateText(body.text, bytes) : truncateJson(body.text, json, bytes)
}

/** The raw payload's fields of a body, besides its digest. */
export const fields = (body: Body): string => {
  const { encoding, frames, text } = body
  const content = frames === null
    ? `"body":${JSON.stringify(text)}`
    : `"frames":${JSON.stringify(framesOf(body)!.map((frame, index) => [frames.times[index], frame]))}`
  return `${content},"encoding":"${encoding}"`
}

/** Of an answer's status and headers. */
export const headDigest = (head: string): string => {
  const { headers, status } = JSON.parse(`{${head}}`)
  return headSha256(status, headers)
}
