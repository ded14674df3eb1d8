/** A body says what it is, and it is what its route takes, uncompressed: what a form can send is never taken for JSON. */
import type { HttpServerRequest } from "effect/http"
import type { Operation } from "../kernel/http/Operations.ts"
import type { Refused } from "./Refused.ts"

const json = ["application/json"]

const hasBody = (headers: HttpServerRequest.HttpServerRequest["headers"]): boolean => {
  const { "content-length": length, "transfer-encoding": encoding } = headers
  return encoding !== undefined || (length !== undefined && length !== "0")
}

const typeOf = (header: string): string => {
  const end = header.indexOf(";")
  return (end === -1 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** Characters of a header that are told. */
const mostOfHeader = 100

const quoted = (header: string): string => JSON.stringify(header.slice(0, mostOfHeader))

export const refusal = (
  { headers }: HttpServerRequest.HttpServerRequest,
  operation: Operation | undefined
): Refused | undefined => {
  if (operation === undefined || !hasBody(headers)) return undefined
  const coding = headers["content-encoding"]
  if (coding !== undefined && coding.trim().toLowerCase() !== "identity") {
    return {
      kind: "content_type",
      status: 415,
      code: "unsupported_content_encoding",
      reason:
        `The body's content encoding is ${quoted(coding)}, and none is taken. Send the body as it is, without the ` +
        "header `content-encoding`."
    }
  }
  const types = operation.contentTypes.length === 0 ? json : operation.contentTypes
  const header = headers["content-type"]
  if (header !== undefined && (types.includes(header) || types.includes(typeOf(header)))) return undefined
  const sent = header === undefined
    ? "The body has no content type"
    : `The body's content type is ${quoted(header)}`
  return {
    kind: "content_type",
    status: 415,
    code: "unsupported_media_type",
    reason: `${sent}; ${operation.method} ${operation.path} takes ${types.join(" or ")}. Send the header ` +
      `\`content-type: ${types[0]}\`.`
  }
}
