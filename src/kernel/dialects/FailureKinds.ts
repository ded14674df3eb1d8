/** What kind of failure it is, by a vendor's word for it, its status, and last its message. */
import type { FailureKind } from "../messages/LlmFailure.ts"

const byStatus: ReadonlyMap<number, FailureKind> = new Map([
  [400, "invalid_request"],
  [401, "authentication"],
  [402, "quota_exceeded"],
  [403, "access_denied"],
  [404, "not_found"],
  [408, "timeout"],
  [409, "invalid_request"],
  [413, "context_length"],
  [422, "invalid_request"],
  [429, "rate_limit"],
  [504, "timeout"],
  [529, "overloaded"]
])

/** Vendors that have no word for it say so in the message alone. */
const inMessages: ReadonlyArray<readonly [pattern: RegExp, kind: FailureKind]> = [
  [
    /context (length|window)|maximum context|prompt is too long|too many (input )?tokens|input token count|exceeds the (maximum|max) (number of )?tokens|exceed context limit/i,
    "context_length"
  ],
  [/content.?(filter|management policy|policy)|safety (system|filter)|blocked by/i, "content_filter"],
  [/credit balance|insufficient (quota|funds|balance)|exceeded your current quota|billing/i, "quota_exceeded"]
]

/** Kinds that a message may say more of. */
const general: ReadonlySet<FailureKind> = new Set(["invalid_request", "rate_limit", "unknown", "access_denied"])

export interface VendorFailure {
  readonly status: number
  readonly message: string
  /** The vendor's words, the most precise first. */
  readonly words: ReadonlyArray<string | null>
  readonly kinds: Readonly<Record<string, FailureKind>>
}

/** What a status alone says. */
export const ofStatus = (status: number): FailureKind =>
  byStatus.get(status) ?? (status >= 500 ? "unavailable" : status >= 400 ? "invalid_request" : "unknown")

export const kindOf = ({ kinds, message, status, words }: VendorFailure): FailureKind => {
  const ofWords = words.flatMap((word) => word !== null && Object.hasOwn(kinds, word) ? [kinds[word]!] : [])
  const precise = ofWords.find((kind) => !general.has(kind))
  // A general word says less than a status.
  const kind = precise ?? (status >= 400 ? ofStatus(status) : ofWords[0] ?? "unknown")
  return general.has(kind) ? inMessages.find(([pattern]) => pattern.test(message))?.[1] ?? kind : kind
}
