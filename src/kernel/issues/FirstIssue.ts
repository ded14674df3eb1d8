/** Of all that a Schema refuses of a value, what is to be told: the place that lies deepest, in few words. */
import { type Schema, SchemaIssue } from "effect"

export interface FirstIssue {
  /** `payload.usage.input_tokens`; empty: the value itself. */
  readonly path: string
  readonly message: string
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Longer words help nobody. */
const longest = 200

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof segment === "object" ? segment.key : segment)

export const of = ({ issue }: Schema.SchemaError): FirstIssue => {
  const { issues } = format(issue)
  // Of a union's members the one that fits best is the one that was meant.
  const [deepest] = issues.toSorted((one, other) => (other.path?.length ?? 0) - (one.path?.length ?? 0))
  const message = deepest?.message ?? "not understood"
  return {
    path: (deepest?.path ?? []).map(keyOf).join("."),
    message: message.length > longest ? `${message.slice(0, longest)}…` : message
  }
}
