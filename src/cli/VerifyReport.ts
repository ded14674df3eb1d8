/** The outcome of a verification, for a person. */
import type { SessionVerification } from "../apis/sessions/SessionsModels.ts"

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`

const ran = ({ requests, skipped }: SessionVerification): string =>
  `${count(requests - skipped.length, "request")} run again`

const place = ({ position, request_id, type }: NonNullable<SessionVerification["divergence"]>): string =>
  `${type}${position === null ? " (not in the recording)" : ` at position ${position}`}, request ${request_id}`

/** One session, with the divergence and what was left out. */
export const text = (verification: SessionVerification): string => {
  const { divergence, session_id, skipped } = verification
  const left = skipped.map(({ reason, request_id }) => `  not run: request ${request_id}: ${reason}`)
  if (divergence === null) return [`Session ${session_id}: identical (${ran(verification)}).`, ...left].join("\n")
  const { altered, differs_from, expected, found, path } = divergence
  return [
    `Session ${session_id}: diverges.`,
    `  event:    ${place(divergence)}`,
    `  path:     ${path === "" ? "(the event itself)" : path}`,
    `  expected: ${expected}`,
    `  found:    ${found}`,
    ...(differs_from === null ? [] : [`  They begin to differ at character ${differs_from}.`]),
    ...(altered ? ["  The recorded event does not fit its own SHA-256: it was altered after it was written."] : []),
    ...left
  ].join("\n")
}

/** One of many sessions: a line. */
export const line = (verification: SessionVerification): string => {
  const { divergence, session_id, skipped, status } = verification
  const left = skipped.length === 0 ? "" : `, ${skipped.length} not run`
  return divergence === null
    ? `${status.padEnd(10)}  ${session_id}  (${ran(verification)}${left})`
    : `${status.padEnd(10)}  ${session_id}  ${place(divergence)}: ${divergence.path}`
}
