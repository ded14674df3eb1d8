/** The frame that carries the whole response: to a client its answer is there when it comes, whatever stands behind it. */
import { bufferOf } from "../../bytes/WholeBody.ts"

const finalTypes: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete", "response.failed"])

export const isFinalType = (type: unknown): boolean => finalTypes.has(type)

const event = /^(?:\s|:[^\n]*\n)*(?:id:[^\n]*\n)?event: ?response\.(?:completed|incomplete|failed)\s/
const data = /^(?:\s|:[^\n]*\n)*data: ?\{\s*"type"\s*:\s*"response\.(?:completed|incomplete|failed)"/

/** So many bytes say what it is. */
const longestHead = 512

/** Stands in each of them. */
export const finalMark = "response."

export const isFinalFrame = (frame: Uint8Array): boolean => {
  const head = bufferOf(frame).toString("latin1", 0, Math.min(frame.length, longestHead))
  return head.includes(finalMark) && (event.test(head) || data.test(head))
}
