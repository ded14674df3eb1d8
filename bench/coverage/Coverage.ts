/** What of a public document we serve: its operations, and of those the fields of requests and answers. */
// @effect-diagnostics *:off
import { compare, type FieldComparison } from "./FieldComparison.ts"
import type { OpenApiDocument, Operation } from "./OpenApiDocument.ts"
import { fieldReasonOf, reasonOf, type Reference } from "./References.ts"
import * as SchemaFields from "./SchemaFields.ts"

export const sides = ["parameters", "request", "response", "stream"] as const
export type Side = (typeof sides)[number]

export interface OperationCoverage {
  readonly id: string
  readonly fields: Readonly<Record<Side, FieldComparison>>
  /** Fields that it does not count, each with its reason. */
  readonly leftOut: ReadonlyArray<{ readonly field: string; readonly reason: string }>
}

export interface Coverage {
  readonly name: string
  readonly served: ReadonlyArray<OperationCoverage>
  readonly missing: ReadonlyArray<string>
  readonly leftOut: ReadonlyArray<{ readonly id: string; readonly reason: string }>
}

const fieldsOf = (document: OpenApiDocument, operation: Operation, side: Side) =>
  SchemaFields.of(document, operation[side])

export const of = (reference: Reference, theirs: OpenApiDocument, ours: OpenApiDocument): Coverage => {
  const served: Array<OperationCoverage> = []
  const missing: Array<string> = []
  const leftOut: Array<{ readonly id: string; readonly reason: string }> = []
  for (const [id, operation] of theirs.operations) {
    const own = ours.operations.get(id)
    const reason = reasonOf(reference, operation.path)
    if (own === undefined || reason !== undefined) {
      if (reason === undefined) missing.push(id)
      else leftOut.push({ id, reason })
      continue
    }
    const fieldsLeftOut: Array<OperationCoverage["leftOut"][number]> = []
    const counts = (side: Side) => (field: string): boolean => {
      const reason = fieldReasonOf(reference, `${id} ${side} ${field.replace(/ \(.*\)$/, "")}`)
      if (reason !== undefined) fieldsLeftOut.push({ field: `${side} ${field}`, reason })
      return reason === undefined
    }
    const compared = (side: Side): FieldComparison => {
      const all = compare(fieldsOf(theirs, operation, side), fieldsOf(ours, own, side))
      return { ...all, missing: all.missing.filter(counts(side)), differing: all.differing.filter(counts(side)) }
    }
    served.push({
      id,
      fields: {
        parameters: compared("parameters"),
        request: compared("request"),
        response: compared("response"),
        stream: compared("stream")
      },
      leftOut: fieldsLeftOut
    })
  }
  return { name: reference.name, served, missing, leftOut }
}

export interface Sum {
  readonly all: number
  readonly present: number
  readonly passed: number
  readonly missing: number
  readonly differing: number
}

export const sum = (compared: ReadonlyArray<FieldComparison>): Sum => {
  const total = (count: (each: FieldComparison) => number): number =>
    compared.reduce((sum, each) => sum + count(each), 0)
  const parts = {
    present: total(({ present }) => present),
    passed: total(({ passed }) => passed.length),
    missing: total(({ missing }) => missing.length),
    differing: total(({ differing }) => differing.length)
  }
  return { ...parts, all: parts.present + parts.passed + parts.missing + parts.differing }
}
