/** What clients note of their documents: OpenAI's limits, said with the key that breaks them. */
import { Schema } from "effect"
import * as BodyLimits from "../http/BodyLimits.ts"

const maxPairs = 16
const maxKey = 64
const maxValue = 512

const atMost = `at most ${maxPairs} are kept: leave some out`

/** Characters as people count them, not halves of them. */
const lengthOf = (text: string): number => [...text].length

const issueOf = (metadata: Readonly<Record<string, string>>): ReadonlyArray<Schema.FilterIssue> => {
  const entries = Object.entries(metadata)
  if (entries.length > maxPairs) {
    return [{ path: [entries[maxPairs]![0]], issue: `${entries.length} pairs: ${atMost}` }]
  }
  return entries.flatMap(([key, value]) => [
    ...lengthOf(key) > maxKey
      ? [{ path: [key], issue: `the key has ${lengthOf(key)} characters, at most ${maxKey} are kept: shorten it` }]
      : [],
    ...lengthOf(value) > maxValue
      ? [{
        path: [key],
        issue: `the value has ${lengthOf(value)} characters, at most ${maxValue} are kept: shorten it`
      }]
      : []
  ])
}

export const Metadata = Schema.Record(Schema.String, Schema.String).check(
  Schema.makeFilter((metadata: Readonly<Record<string, string>>) => issueOf(metadata))
).annotate({
  description: `Notes of the client: at most ${maxPairs} pairs, keys up to ${maxKey} characters, values up to ` +
    `${maxValue}. They are given back as they are.`,
  examples: [{ customer: "c-17" }]
}).pipe(BodyLimits.annotate((sent) => BodyLimits.hasMoreFields(sent, maxPairs) ? atMost : undefined))
export type Metadata = typeof Metadata.Type
