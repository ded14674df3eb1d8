/** The report of a verification as the API shows it. */
import * as Outcome from "../kernel/replay/Outcome.ts"
import * as ReadableDifference from "../kernel/replay/ReadableDifference.ts"
import type { SessionVerification } from "../kernel/sessions/SessionVerification.ts"
import type { Report } from "./Verifier.ts"

const toDivergence = (divergence: NonNullable<Report["divergence"]>): SessionVerification["divergence"] => {
  const { expected, found, from } = ReadableDifference.of(divergence)
  const { altered, path, position, requestId, type } = divergence
  return { request_id: requestId, position, type, path, expected, found, differs_from: from, altered }
}

export const of = (report: Report): SessionVerification => ({
  object: "session.verification",
  session_id: report.session,
  status: Outcome.statusOf(report),
  reason: Outcome.reasonOf(report),
  requests: report.requests,
  skipped: report.skipped.map(({ reason, requestId }) => ({ request_id: requestId, reason })),
  divergence: report.divergence === undefined ? null : toDivergence(report.divergence),
  around_the_client: report.around
})

/** Of a session that could not be run at all. */
export const unfit = (session: string, reason: string): SessionVerification => ({
  object: "session.verification",
  session_id: session,
  status: "not_verifiable",
  reason,
  requests: 0,
  skipped: [],
  divergence: null,
  around_the_client: []
})
