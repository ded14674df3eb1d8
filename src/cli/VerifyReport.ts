/** The outcome of a verification, for a person. */
import type { SessionVerification } from "../kernel/sessions/SessionVerification.ts"

type Divergence = NonNullable<SessionVerification["divergence"]>

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`

const ran = ({ requests, skipped }: SessionVerification): string =>
  `${count(requests - skipped.length, "request")} run again`

const place = ({ position, request_id, type }: Divergence): string =>
  `${type}${position === null ? " (not in the recording)" : ` at position ${position}`}, request ${request_id}`

const difference = (divergence: Divergence): ReadonlyArray<string> => [
  `  event:    ${place(divergence)}`,
  `  path:     ${divergence.path === "" ? "(the event itself)" : divergence.path}`,
  `  expected: ${divergence.expected}`,
  `  found:    ${divergence.found}`,
  ...(divergence.differs_from === null ? [] : [`  They begin to differ at character ${divergence.differs_from}.`]),
  ...(divergence.altered
    ? ["  The recorded event does not fit its own SHA-256: it was altered after it was written."]
    : [])
]

const headline = (verification: SessionVerification): string => {
  const { reason, status } = verification
  switch (status) {
    case "diverged":
      return "diverges."
    case "around_the_client":
      return `reached something around the client (${ran(verification)}).`
    case "not_verifiable":
      return `not verifiable: ${reason}.`
    case "identical":
      return `identical (${ran(verification)}).`
  }
}

const reached = ({ peer, provider, via }: SessionVerification["around_the_client"][number]): string =>
  `${provider} reached ${peer} via ${via}`

/** One session, with the divergence, what went around the client, and what was left out. */
export const text = (verification: SessionVerification): string => {
  const { around_the_client, divergence, session_id, skipped } = verification
  return [
    `Session ${session_id}: ${headline(verification)}`,
    ...(divergence === null ? [] : difference(divergence)),
    ...around_the_client.map((each) => `  around the client: ${reached(each)}`),
    ...skipped.map(({ reason, request_id }) => `  not run: request ${request_id}: ${reason}`)
  ].join("\n")
}

const names: Readonly<Record<SessionVerification["status"], string>> = {
  diverged: "diverged",
  around_the_client: "around",
  not_verifiable: "unverified",
  identical: "identical"
}

const summary = (verification: SessionVerification): string => {
  const { around_the_client: around, divergence, reason, skipped, status } = verification
  if (divergence !== null) return `${place(divergence)}: ${divergence.path}`
  if (status === "not_verifiable") return reason ?? ""
  const left = skipped.length === 0 ? "" : `, ${skipped.length} not run`
  return `(${ran(verification)}${left})${around.map((each) => `  ${reached(each)}`).join("")}`
}

/** One of many sessions: a line. */
export const line = (verification: SessionVerification): string =>
  `${names[verification.status].padEnd(10)}  ${verification.session_id}  ${summary(verification)}`
