/** A batch that a vendor does: how far it is, and what its lines came to. */
import { Effect, Schema } from "effect"
import type { ProviderError } from "../http/ProviderErrors.ts"

export const VendorBatch = Schema.Struct({
  id: Schema.String.annotate({ description: "The vendor's.", examples: ["batch_6778"] }),
  status: Schema.Literals(["in_progress", "cancelling", "completed", "failed", "expired", "cancelled"]).annotate({
    description:
      "completed: the vendor is done, also where lines have errors; expired, cancelled: some lines may have answers; " +
      "failed: it took none of them."
  }),
  counts: Schema.Struct({ completed: Schema.Int, failed: Schema.Int }).annotate({
    description: "Lines that have a good answer by now, and another one, as far as the vendor says it."
  }),
  output_file_id: Schema.NullOr(Schema.String).annotate({ description: "Where the vendor keeps files of answers." }),
  error_file_id: Schema.NullOr(Schema.String),
  errors: Schema.Array(Schema.Struct({
    code: Schema.String,
    message: Schema.String,
    line: Schema.NullOr(Schema.Int).annotate({ description: "Of what was sent, from 1. Null: all of it." }),
    param: Schema.NullOr(Schema.String)
  })).annotate({ description: "Why the vendor took none." })
})
export type VendorBatch = typeof VendorBatch.Type

/** What is asked of a vendor, in its own words. */
export const VendorLine = Schema.Struct({
  custom_id: Schema.String.annotate({ description: "Strata's: 1 to 64 letters, digits, _ and -." }),
  body: Schema.String.annotate({ description: "The request: the text of a JSON object, in one line." })
})
export type VendorLine = typeof VendorLine.Type

/** An answer of a line, good or not. Lines that the vendor did not come to have none. */
export const VendorLineAnswer = Schema.Struct({
  custom_id: Schema.String,
  status: Schema.Int.annotate({ description: "HTTP status that the line alone would have had." }),
  body: Schema.String.annotate({ description: "Text of a JSON object, in the endpoint's dialect." })
})
export type VendorLineAnswer = typeof VendorLineAnswer.Type

/** What was sent, as far as a vendor's list says it. */
export const Wanted = Schema.Struct({
  batch: Schema.String.annotate({ description: "Strata's id." }),
  prefix: Schema.String.annotate({ description: "What each custom_id begins with." }),
  total: Schema.Int,
  since: Schema.Int.annotate({ description: "Seconds since 1970: nobody sent it before." })
})
export type Wanted = typeof Wanted.Type

export const Search = Schema.Struct({
  batch: Schema.NullOr(VendorBatch).annotate({ description: "Null: the vendor has none, or it is not known yet." }),
  unsure: Schema.Boolean.annotate({
    description: "One may be it, which says it at its end: to be asked again, and not to be sent again."
  })
})
export type Search = typeof Search.Type

export const isOver = ({ status }: VendorBatch): boolean => status !== "in_progress" && status !== "cancelling"

export interface Submission {
  /** Strata's id. */
  readonly batch: string
  readonly endpoint: string
  readonly lines: ReadonlyArray<VendorLine>
  /** What the client said in headers to a vendor of the dialect. */
  readonly headers: Readonly<Record<string, string>>
}

/** What a provider implements whose vendor does batches. */
export interface VendorBatches {
  /** What lines may ask: `/v1/chat/completions` … */
  readonly endpoints: ReadonlyArray<string>
  readonly submit: (submission: Submission) => Effect.Effect<VendorBatch, ProviderError>
  /** Looks for what may have been submitted, by a server that was lost then. */
  readonly find: (wanted: Wanted) => Effect.Effect<Search, ProviderError>
  readonly retrieve: (id: string) => Effect.Effect<VendorBatch, ProviderError>
  /** Of one that is over. */
  readonly results: (batch: VendorBatch) => Effect.Effect<ReadonlyArray<VendorLineAnswer>, ProviderError>
  readonly cancel: (id: string) => Effect.Effect<VendorBatch, ProviderError>
}

/** Batches of a page of a vendor's list. */
export const pageSize = 100

/** The vendor's clock and ours differ, seconds. */
export const clockTolerance = 600

/** The same, with something before each question: it fails where that does. */
export const preceded = (
  { cancel, endpoints, find, results, retrieve, submit }: VendorBatches,
  before: Effect.Effect<void, ProviderError>
): VendorBatches => ({
  endpoints,
  submit: (submission) => Effect.andThen(before, submit(submission)),
  find: (wanted) => Effect.andThen(before, find(wanted)),
  retrieve: (id) => Effect.andThen(before, retrieve(id)),
  results: (batch) => Effect.andThen(before, results(batch)),
  cancel: (id) => Effect.andThen(before, cancel(id))
})
