/** The lines of a batch's files, as OpenAI writes them. */
import { createHash } from "node:crypto"
import { parse } from "../../events/types/JsonAccess.ts"
import type { BatchError } from "./BatchEvents.ts"

export interface LineAnswer {
  readonly line: number
  readonly custom_id: string
  readonly request_id: string
  readonly status_code: number
  readonly body: string
}

/** The same each time it is written. */
const idOf = (batch: string, line: number): string =>
  `batch_req_${createHash("sha256").update(`${batch} ${line}`).digest("hex").slice(0, 32)}`

/** JSON as it was answered, in one line; what is no JSON as a text. */
export const inOneLine = (body: string): string =>
  parse(body) === undefined ? JSON.stringify(body) : body.replaceAll(/[\r\n]+/g, " ")

export const answered = (batch: string, { body, custom_id, line, request_id, status_code }: LineAnswer): string =>
  `{"id":"${idOf(batch, line)}","custom_id":${JSON.stringify(custom_id)},"response":{"status_code":${status_code},` +
  `"request_id":${JSON.stringify(request_id)},"body":${inOneLine(body)}},"error":null}\n`

/** Of a line that has no answer. */
export const unanswered = (
  batch: string,
  custom_id: string | null,
  { code, line, message, param }: Pick<BatchError, "code" | "message"> & Partial<BatchError>
): string =>
  JSON.stringify({
    id: idOf(batch, line ?? 0),
    custom_id,
    response: null,
    error: { code, message, param: param ?? null, line: line ?? null }
  }) + "\n"
