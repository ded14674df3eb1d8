/** Why a request has no recording: the nearest one there is, and what differs. */
import { differences } from "../../../events/types/JsonDifference.ts"
import type { Difference } from "../../../events/types/JsonDifference.ts"
import * as RequestKey from "../../../kernel/replay/RequestKey.ts"
import type { Recent } from "./ReplayIndex.ts"

/** Recordings whose bodies are read and compared. */
const compared = 5
const namedPlaces = 3
const excerptCharacters = 120
/** Characters of what is equal that are shown before what differs. */
const context = 20

/** Those most like a request by their features, the best first; of equals the newest. */
export const nearest = (recent: ReadonlyArray<Recent>, body: string): ReadonlyArray<Recent> => {
  const wanted = new Set(RequestKey.outline(body).features)
  const likeness = ({ features }: Recent) => 2 * features.filter((each) => wanted.has(each)).length - features.length
  return recent.map((each) => ({ each, likeness: likeness(each) }))
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, compared)
    .map(({ each }) => each)
}

/** Where two texts begin to differ, with a little of what is before it. */
const differenceStart = (one: unknown, other: unknown): number => {
  if (typeof one !== "string" || typeof other !== "string") return 0
  let index = 0
  while (index < one.length && one[index] === other[index]) index++
  return index + context < excerptCharacters ? 0 : index - context
}

const excerptOf = (value: unknown, start: number): string => {
  if (value === undefined) return "nothing"
  const text = JSON.stringify(typeof value === "string" ? value.slice(start) : value)
  const excerpt = text.length > excerptCharacters ? `${text.slice(0, excerptCharacters)}…` : text
  return start === 0 ? excerpt : `…${excerpt}`
}

const describeDifference = ({ expected, found, path }: Difference): string => {
  const start = differenceStart(expected, found)
  return `${path === "" ? "the body" : path}: recorded ${excerptOf(expected, start)}, asked ${excerptOf(found, start)}`
}

export interface Candidate {
  readonly requestId: string
  readonly sessionId: string | null
  readonly body: string
}

/** `candidates` are the recordings that may be nearest; the first of those that differ least is told. */
export const text = (candidates: ReadonlyArray<Candidate>, body: string): string => {
  const wanted = RequestKey.valueOf(body)
  const [best] = candidates
    .map((candidate) => ({ candidate, places: differences(RequestKey.valueOf(candidate.body), wanted) }))
    .sort((one, other) => one.places.length - other.places.length)
  if (best === undefined) return "nothing is recorded yet"
  const { candidate: { requestId, sessionId }, places } = best
  const count = places.length === 1 ? "one place" : `${places.length} places`
  return `the nearest recording (session ${sessionId ?? "none"}, request ${requestId}) differs in ${count}: ${
    places.slice(0, namedPlaces).map(describeDifference).join("; ")
  }`
}
