/** The outcome of a verification, for a person. */
import type { Report } from "../server/Verifier.ts"

const longest = 400

const show = (value: unknown): string => {
  if (value === undefined) return "(nothing)"
  const text = JSON.stringify(value)
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`

export const text = ({ divergence, requests, session, skipped }: Report): string => {
  const left = skipped.map(({ reason, requestId }) => `  not run: request ${requestId}: ${reason}`)
  if (divergence === undefined) {
    return [`Session ${session}: identical (${count(requests - skipped.length, "request")} run again).`, ...left].join(
      "\n"
    )
  }
  const { altered, expected, found, path, position, requestId, type } = divergence
  return [
    `Session ${session}: diverges.`,
    `  event:    ${type}${
      position === null ? " (not in the recording)" : ` at position ${position}`
    }, request ${requestId}`,
    `  path:     ${path === "" ? "(the event itself)" : path}`,
    `  expected: ${show(expected)}`,
    `  found:    ${show(found)}`,
    ...(altered ? ["  The recorded event does not fit its own SHA-256: it was altered after it was written."] : []),
    ...left
  ].join("\n")
}
