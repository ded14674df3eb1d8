/** What a verification comes to: where several apply, the worst. */
import type { Status } from "../sessions/SessionVerification.ts"
import { statuses } from "../sessions/SessionVerification.ts"

export interface Findings {
  /** Requests of the session, those that were not run included. */
  readonly requests: number
  readonly skipped: ReadonlyArray<unknown>
  readonly divergence: unknown
  readonly around: ReadonlyArray<unknown>
}

const isEmpty = ({ requests, skipped }: Findings): boolean => requests === skipped.length

/** One that ran nothing shows nothing, and is never identical. */
export const statusOf = (findings: Findings): Status => {
  if (findings.divergence !== undefined) return "diverged"
  if (findings.around.length > 0) return "around_the_client"
  return isEmpty(findings) ? "not_verifiable" : "identical"
}

/** Why it is not verifiable; null where it is. */
export const reasonOf = (findings: Findings): string | null => {
  if (!isEmpty(findings)) return null
  return findings.requests === 0 ? "the session has no requests" : "none of its requests can be run again"
}

/** Of nothing: not verifiable, for nothing was checked. */
export const worst = (all: ReadonlyArray<Status>): Status =>
  statuses.find((status) => all.includes(status)) ?? "not_verifiable"
