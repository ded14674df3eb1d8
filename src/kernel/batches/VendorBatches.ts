/** What a provider implements whose vendor does batches. */
import type { Effect } from "effect"
import type { ProviderError } from "../http/ProviderErrors.ts"
import type { Search, VendorBatch, VendorLine, VendorLineAnswer, Wanted } from "./VendorBatch.ts"

export interface Submission {
  /** Strata's id. */
  readonly batch: string
  readonly endpoint: string
  readonly lines: ReadonlyArray<VendorLine>
  /** What the client said in headers to a vendor of the dialect. */
  readonly headers: Readonly<Record<string, string>>
}

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
