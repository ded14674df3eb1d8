/** How bodies are written: whole, folded by their frames, or as what differs from another. */
import type { BodyDifference } from "./BodyDifference.ts"
import * as Difference from "./BodyDifference.ts"
import type { Body } from "./Fact.ts"
import type { BodyEntry, DifferenceEntry, FramesEntry, RunsEntry, TextEntry } from "./FactEntries.ts"
import { encodings } from "./FactEntries.ts"
import * as FrameRuns from "./FrameRuns.ts"
import type { Cut, CutEntries } from "./Passage.ts"
import * as Passage from "./Passage.ts"
import type { FindCuts } from "./RecentPassages.ts"
import { noCuts } from "./RecentPassages.ts"

/** A text as it is stored, and what is cut out of it. */
export const cutOut = (text: string, cuts: ReadonlyArray<Cut>): [stored: string, ...cuts: [] | [CutEntries]] =>
  cuts.length === 0 ? [text] : [Passage.withoutCuts(text, cuts), Passage.toEntries(cuts)]

/** The entry of a difference, and the text it adds. */
const differenceEntry = (difference: BodyDifference): [DifferenceEntry, added: string] => {
  switch (difference.kind) {
    case "same":
      return [[], ""]
    case "replaced":
      return [[difference.find, difference.replacement], ""]
    case "spliced": {
      const { after, before, middle } = difference
      return [[before, middle.length, after], middle]
    }
  }
}

type Frames = Body["frames"]

const isSame = (one: ReadonlyArray<number>, other: ReadonlyArray<number>): boolean =>
  one === other || one.length === other.length && one.every((each, index) => each === other[index])

const framesEntry = ({ lengths, times }: NonNullable<Frames>, before: Frames | undefined): FramesEntry =>
  before != null && isSame(lengths, before.lengths) && isSame(times, before.times) ? 1 : [lengths, times]

/** The entry of a text that is stored whole, and what is stored. */
const wholeEntry = (text: string, frames: Frames): [number | RunsEntry, stored: string] => {
  const runs = frames === null ? undefined : FrameRuns.of(text, frames.lengths)
  if (runs === undefined) return [text.length, text]
  const folded = FrameRuns.fold(text, frames!.lengths, runs)
  return [{ runs, length: folded.length }, folded]
}

/** The entry of a body, and the text it adds. */
export const bodyEntry = (
  body: Body,
  bodies: ReadonlyArray<Body>,
  { find, inConversation }: { readonly find: FindCuts; readonly inConversation: boolean }
): [BodyEntry, added: string] => {
  const { encoding, frames, reference } = body
  const last = bodies.length - 1
  const ofFrames = frames === null ? 0 : framesEntry(frames, bodies[last]?.frames)
  const entryOf = (entry: BodyEntry[2], added: string): [BodyEntry, added: string] => {
    const of = encodings.indexOf(encoding)
    if (find === noCuts) return [[of, ofFrames, entry], added]
    const [stored, ...cuts] = cutOut(added, find(added))
    return [[of, ofFrames, entry, ...cuts], stored]
  }
  if (reference?.base != null) {
    const { base, digest } = reference
    const [difference, added] = differenceEntry(reference.difference)
    return entryOf({ base: [base.position, base.body], digest: digest ?? "", difference }, added)
  }
  const difference = reference?.difference ??
    (last === -1 || inConversation ? undefined : Difference.between(bodies[last]!.text, body.text))
  if (difference === undefined) return entryOf(...wholeEntry(body.text, frames))
  const [entry, added] = differenceEntry(difference)
  return entryOf([last, ...entry] as TextEntry, added)
}
